from dataclasses import replace

from corpus.passage import UnitKind
from rag.citations import CitationList
from rag.question.question import Kind
from rag.quoting.extractive import ExtractiveAnswerer
from rag.quoting.selection import (
    Selection,
    by_section,
    following_unit,
    is_unfinished,
    opening,
    wanted_first,
    word_count,
)
from tests.lamp_units import QUOTES, evidence

BULB, CORD, PART = "**Bulb**: glows.", "**Cord**: brings 230 V.", "a nameless part"


def test_words_of_all_quotes_are_counted() -> None:
    assert word_count(evidence((BULB, 1.0), (CORD, 0.9))) == 6


def test_a_selection_ends_with_its_words_and_with_its_number_of_units() -> None:
    units = evidence((CORD, 0.9), (PART, 0.8), (BULB, 0.7))
    assert [e.quote for e in Selection([], 6, 5).fill(units)] == [CORD, BULB]
    assert [e.quote for e in Selection([], 60, 1).fill(units)] == [CORD]


def test_what_is_shown_already_counts_and_is_not_said_again() -> None:
    units = evidence((CORD, 0.9), (BULB, 0.7))
    assert Selection(units[:1], 5, 5).fill(units) == []
    assert Selection(units[:1], 6, 5).fill(units) == units[1:]


def test_units_are_grouped_by_section_and_steps_put_in_order() -> None:
    units = evidence(("Wipe it.", 0.9), (BULB, 0.8), ("Unplug it.", 0.7))
    sections = [[e.quote for e in section] for section in by_section(units)]
    assert sections == [["Unplug it.", "Wipe it."], [BULB]]


def test_the_unit_after_the_last_of_a_section_follows_nothing() -> None:
    bulb, cord = evidence((BULB, 1.0), (CORD, 0.9))
    follower = following_unit(bulb)
    assert follower is not None
    assert follower.quote(bulb.entry.body) == PART
    assert following_unit(cord) is None


def test_a_sentence_without_an_end_goes_on() -> None:
    ended = evidence(("A lamp gives light.", 0.5))[0]
    clipped = replace(ended, unit=replace(ended.unit, end=ended.unit.end - 1))
    assert clipped.quote == "A lamp gives light"
    assert [is_unfinished(ended), is_unfinished(clipped)] == [False, True]
    item = evidence((PART, 0.5))[0]
    assert not is_unfinished(item)


def test_what_an_unfinished_best_sentence_goes_on_with_comes_next_whatever_its_score() -> None:
    best, bulb, socket = evidence(
        ("A lamp gives light.", 0.9), (BULB, 0.8), ("It needs a socket.", 0.1)
    )
    clipped = replace(best, unit=replace(best.unit, end=best.unit.end - 1))
    units = list(clipped.passage.units)
    passage = replace(clipped.passage, units=(clipped.unit, *units[1:]))
    clipped = replace(clipped, passage=passage)
    answer = ExtractiveAnswerer().state(
        Kind.FACT, [clipped, bulb, socket], CitationList(), describes=False
    )
    assert answer.startswith("A lamp gives light [1] It needs a socket. [2]")


def test_an_opening_is_one_sentence_or_two_short_ones() -> None:
    units = evidence(*((quote, 0.5) for quote, *_ in QUOTES))
    assert [e.quote for e in opening(units)] == ["A lamp gives light.", "It needs a socket."]
    listed = [e for e in units if e.unit.kind is UnitKind.LIST_ITEM]
    assert opening([units[0], *listed]) == units[:1]


def test_a_formula_leads_wherever_it_is_and_a_number_only_when_it_is_near() -> None:
    units = evidence((BULB, 0.9), (CORD, 0.7), ("$$P = U I$$", 0.1))
    assert wanted_first(Kind.FORMULA, units)[0].quote == "$$P = U I$$"
    assert wanted_first(Kind.QUANTITY, units)[0].quote == CORD
    far = evidence((BULB, 0.9), (CORD, 0.6))
    assert wanted_first(Kind.QUANTITY, far) == far
