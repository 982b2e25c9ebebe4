from corpus.entry import Entry, Source
from corpus.merging import merge_entries


def entry(entry_id: str, body: str, file: str = "x") -> Entry:
    return Entry(entry_id, entry_id, entry_id, (), None, body, Source(file, 1))


def ids(*sources: list[Entry]) -> list[str]:
    return [e.entry_id for e in merge_entries(*sources)]


def test_entries_are_sorted_and_equal_ones_kept_once() -> None:
    assert ids([entry("b", "1"), entry("a", "2")], [entry("b", "1", "y")]) == ["a", "b"]


def test_one_id_with_two_texts_is_told_apart_whatever_the_order() -> None:
    one, other = entry("cell", "stores charge"), entry("cell", "is alive")
    merged = ids([one], [other])
    assert merged == ids([other], [one])
    assert len(set(merged)) == 2
    assert all(entry_id.startswith("cell-") for entry_id in merged)


def test_merging_again_keeps_the_ids() -> None:
    one, other = entry("cell", "stores charge"), entry("cell", "is alive")
    merged = merge_entries([one], [other])
    assert merge_entries(merged) == merged
    assert merge_entries(merged, [one]) == merged
    assert ids([e for e in merged if e.body == "is alive"]) == ["cell"]


def test_ids_with_hyphens_of_their_own_stay() -> None:
    assert ids([entry("neural-ode--graph", "text"), entry("a-123abc", "t")]) == [
        "a-123abc",
        "neural-ode--graph",
    ]
