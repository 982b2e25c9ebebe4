from dataclasses import replace

import pytest

from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind

ENTRY = Entry("lamp", "lamp, light", "lamp", ("light",), "home", "It glows.", Source("x.md", 3))
UNIT = Unit(UnitKind.SENTENCE, 0, 9, "Section", (0, 2))


def test_an_entry_survives_json() -> None:
    assert Entry.from_json(ENTRY.to_json()) == ENTRY


@pytest.mark.parametrize("entry_id", ["", "Lamp", "a b", "-a", "a-", "../etc", "é"])
def test_an_entry_id_is_a_slug(entry_id: str) -> None:
    with pytest.raises(ValueError, match="not a slug"):
        replace(ENTRY, entry_id=entry_id)


def test_an_entry_needs_a_term() -> None:
    with pytest.raises(ValueError, match="empty term"):
        replace(ENTRY, term="  ")


def test_where_an_entry_was_read_is_no_part_of_its_fingerprint() -> None:
    moved = replace(ENTRY, source=Source("y.md", 9))
    assert moved.fingerprint() == ENTRY.fingerprint()
    assert replace(ENTRY, body="It glows!").fingerprint() != ENTRY.fingerprint()


def test_a_passage_survives_json_and_cuts_its_text_out_of_the_body() -> None:
    passage = Passage.cut(ENTRY, 2, 0, 9, "Section", (UNIT,))
    assert (passage.passage_id, passage.text) == ("lamp#2", "It glows.")
    assert Passage.from_json(passage.to_json(), ENTRY.body) == passage


@pytest.mark.parametrize(("start", "end"), [(0, 10), (-1, 4), (4, 4), (0, 5)])
def test_a_passage_outside_the_body_or_through_a_unit_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="lamp"):
        Passage.cut(ENTRY, 0, start, end, "", (UNIT,))
