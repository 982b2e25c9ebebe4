from hypothesis import given
from hypothesis import strategies as st

from corpus.chunking import ChunkSize, cut_passages
from corpus.context import passage_context
from corpus.entry import Entry, Source


def entry(body: str) -> Entry:
    return Entry("lamp", "lamp", "lamp", (), None, body, Source("lamp.md", 1))


def words(text: str) -> int:
    return len(text.split())


def texts(body: str, budget: int) -> list[str]:
    return [p.text for p in cut_passages(entry(body), ChunkSize(budget), words)]


def test_whole_sections_share_a_passage_while_they_fit() -> None:
    body = "One two.\n\n## A\n\nThree four.\n\n## B\n\nFive six seven."
    assert texts(body, 4) == ["One two.\n\n## A\n\nThree four.", "Five six seven."]


def test_a_section_over_the_budget_is_cut_into_even_parts_between_sentences() -> None:
    body = "A b c d. E f g h. I j k l. M n o p."
    assert texts(body, 12) == ["A b c d. E f g h.", "I j k l. M n o p."]


def test_a_unit_longer_than_the_model_reads_is_split_with_offsets_kept() -> None:
    body = "word, " * 25 + "end."
    passages = cut_passages(entry(body), ChunkSize(8, longest_unit_tokens=10), words)
    assert [len(p.text.split()) for p in passages] == [10, 10, 6]
    assert all(body[p.start : p.end] == p.text for p in passages)


def test_a_unit_over_the_budget_stays_whole_in_a_passage_of_its_own() -> None:
    body = "Short one. A sentence of seven words in all. Short two."
    assert texts(body, 4) == ["Short one.", "A sentence of seven words in all.", "Short two."]


def test_a_table_starts_with_its_header() -> None:
    body = "Intro here now.\n\n| a | b |\n|---|---|\n| c | d |"
    assert texts(body, 5) == ["Intro here now.", "| a | b |\n|---|---|\n| c | d |"]


def test_an_entry_without_units_has_no_passages() -> None:
    assert texts("## Only a title", 10) == []


def test_the_embedded_text_names_term_and_section() -> None:
    body = "## Care\n\nWipe **it**."
    only = entry(body)
    (passage,) = cut_passages(only, ChunkSize(10), words)
    assert passage_context(only, passage) == "lamp – Care: Wipe it."


@given(st.text(alphabet="ab. \n-#|*`1", max_size=300), st.integers(1, 40))
def test_passages_follow_each_other_and_hold_every_unit(body: str, budget: int) -> None:
    end = 0
    for number, passage in enumerate(cut_passages(entry(body), ChunkSize(budget), words)):
        assert passage.passage_id == f"lamp#{number}"
        assert end <= passage.start
        assert body[passage.start : passage.end] == passage.text
        assert passage.units
        end = passage.end
