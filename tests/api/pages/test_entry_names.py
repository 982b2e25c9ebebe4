"""Entries in a list are told apart by their category or by a keyword of their own."""

from __future__ import annotations

from api.pages.entry_names import EntryName, entry_names
from corpus.entry import Entry, Source


def entry(entry_id: str, heading: str, category: str | None = None) -> Entry:
    term = heading.partition(",")[0]
    return Entry(entry_id, heading, term, (), category, "Text.", Source("a.md", 1))


def test_a_term_that_only_one_has_is_followed_by_its_category() -> None:
    lamp, fan = entry("lamp", "lamp, bulb, lighting", "lighting"), entry("fan", "fan, air")
    assert entry_names([lamp, fan]) == (
        EntryName("lamp", "lamp", "lighting"),
        EntryName("fan", "fan", ""),
    )


def test_entries_of_one_term_are_told_apart_by_a_keyword_of_their_own() -> None:
    desk = entry("a", "Lamp, light,  desk   light,lighting", "lighting")
    street = entry("b", "lamp,light,street light,lighting", "lighting")
    assert [name.apart for name in entry_names([desk, street])] == ["desk light", "street light"]


def test_they_are_told_apart_from_the_entry_they_stand_beside_too() -> None:
    shown, beside = entry("a", "lamp,desk"), entry("b", "lamp,street")
    assert entry_names([shown]) == (EntryName("a", "lamp", ""),)
    assert entry_names([shown], beside=[beside]) == (EntryName("a", "lamp", "desk"),)


def test_without_a_keyword_of_its_own_an_entry_has_its_category() -> None:
    less, more = entry("a", "lamp,light", "light"), entry("b", "lamp,light,bulb", "light")
    assert [name.apart for name in entry_names([less, more])] == ["light", "bulb"]
