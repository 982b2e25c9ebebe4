from __future__ import annotations

from eval.bench_names import look_up, measure
from indexes.index import Name
from rag.chat import Chat


def test_a_name_that_finds_another_entry_is_told(chat: Chat) -> None:
    lamp = chat.search("Table Lamp").hits[0].entry.entry_id
    fan = chat.search("Desk Fan").hits[0].entry.entry_id
    names = [Name("Table Lamp", lamp, True), Name("Desk Fan", lamp, False)]
    right, wrong = look_up(chat, names, str.lower)
    assert (right.written, right.found, right.first) == ("table lamp", True, lamp)
    assert (wrong.written, wrong.found, wrong.first) == ("desk fan", False, fan)
    assert not wrong.homonym


def test_two_entries_of_one_name_are_told_apart_from_failures(chat: Chat) -> None:
    lamp = chat.search("Table Lamp").hits[0].entry.entry_id
    fan = chat.search("Desk Fan").hits[0].entry.entry_id
    names = [Name("Desk Fan", fan, True), Name("desk fan", lamp, False)]
    assert [lookup.homonym for lookup in look_up(chat, names, str)] == [False, True]


def test_the_shares_count_terms_and_aliases_apart(chat: Chat) -> None:
    figures, failures = measure(chat, seed=0)
    values = {figure.name: (figure.value, figure.unit) for figure in figures}
    assert values["terms at rank 1"] == (100.0, "% of 2")
    assert values["aliases at rank 1"] == (100.0, "% of 1")
    assert failures == []
