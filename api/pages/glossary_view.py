"""What the glossary page shows: cards of entries, letters, categories and pages."""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from api.pages.entry_list import OTHER_LETTERS, EntryFilter, EntryList, Row
from api.pages.entry_names import EntryName, entry_names
from api.pages.opening_lines import opening_html
from api.plain_text import counted, shortened
from corpus.entry import Entry
from indexes.index import Index
from rag.terms.suggestions import Suggestion, SuggestionTable

PAGE_SIZE = 50
_NEAREST = 5
_LONGEST_NAME_CHARS = 80


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of the bar: what it is called, how many entries it has, and where it leads."""

    name: str
    count: int
    query: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A family of entries, most often of one: the entry shown and the others of its family."""

    entry: Entry
    opening: Markup
    twins: tuple[EntryName, ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """What one condition less would find: how many entries, and where they are."""

    label: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class GlossaryView:
    """Everything the template of the glossary page needs.

    Attributes:
        wanted: the letter, the category and the text that were asked for.
        page: counted from 1, of `pages`; `found` entries are on all of them together.
        suggestions: entries with nearly such a name, when none was found.
        wider: what would be found with one condition less, when nothing is with all.
    """

    wanted: EntryFilter
    letters: tuple[Letter, ...]
    categories: tuple[str, ...]
    cards: tuple[Card, ...]
    page: int
    pages: int
    found: int
    suggestions: tuple[Suggestion, ...] = ()
    wider: tuple[Wider, ...] = ()

    @property
    def nothing(self) -> str:
        """Say what there is none of, condition by condition."""
        called = f"is called “{shortened(self.wanted.text, _LONGEST_NAME_CHARS)}”"
        letter = f"under {(self.wanted.letter or '').upper()}"
        category = f"in {self.wanted.category}"
        given = [
            told
            for told, is_given in (
                (called, self.wanted.text),
                (letter, self.wanted.letter),
                (category, self.wanted.category),
            )
            if is_given
        ]
        if not given:
            return "The glossary is empty"
        return " ".join(("No entry" if self.wanted.text else "There is no entry", *given))

    @property
    def showing(self) -> str:
        """Say which page of how many this is."""
        entries = counted(self.found, "entry", "entries")
        return f"Showing page {self.page} of {self.pages} ({entries})"

    @property
    def near_pages(self) -> tuple[int | None, ...]:
        """Return the numbers of pages to link to; None stands for some left out."""
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        shown = sorted(number for number in near if 1 <= number <= self.pages)
        gaps = {number for before, number in pairwise(shown) if number - before > 1}
        return tuple(chain.from_iterable((None, n) if n in gaps else (n,) for n in shown))

    def page_query(self, page: int) -> str:
        """Return "?" and what leads to a page of the same entries; "" for the first of all."""
        query = query_of(self.wanted, page)
        return f"?{query}" if query else ""


def query_of(wanted: EntryFilter, page: int = 1) -> str:
    """Return the query string of a page of the glossary; empty for the first page of all."""
    given: dict[str, Any] = {
        "letter": wanted.letter,
        "category": wanted.category,
        "q": wanted.text,
        "page": page if page > 1 else None,
    }
    return urlencode({name: value for name, value in given.items() if value})


def glossary_view(
    index: Index, entries: EntryList, names: SuggestionTable, wanted: EntryFilter, page: int
) -> GlossaryView:
    """Return a page of the wanted entries; a page beyond the last is the last one."""
    under_any_letter = entries.rows(replace(wanted, letter=None))
    letter = wanted.letter.upper() if wanted.letter else None
    rows = [row for row in under_any_letter if letter in (None, row.letter)]
    families = _families(index, rows)
    pages = max(1, -(-len(families) // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = families[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return GlossaryView(
        wanted=wanted,
        letters=_letters(under_any_letter, wanted),
        categories=tuple(entries.categories),
        cards=tuple(_card(index, entry_id) for entry_id in shown),
        page=page,
        pages=pages,
        found=len(rows),
        suggestions=() if rows or not wanted.text else _near(names, wanted.text),
        wider=() if rows else tuple(_wider(entries, wanted)),
    )


def _wider(entries: EntryList, wanted: EntryFilter) -> Iterator[Wider]:
    for label, condition in (
        ("Under any letter", {"letter": None}),
        ("In any category", {"category": None}),
        ("With any name", {"text": ""}),
    ):
        without = replace(wanted, **condition)
        found = len(entries.rows(without))
        if found and without not in (wanted, EntryFilter()):
            yield Wider(label, found, query_of(without))


def _near(names: SuggestionTable, text: str) -> tuple[Suggestion, ...]:
    return tuple(names.suggest(text, _NEAREST))


def _letters(rows: Iterable[Row], wanted: EntryFilter) -> tuple[Letter, ...]:
    counts = Counter(row.letter for row in rows)
    others = sorted(set(counts) - {*string.ascii_uppercase, OTHER_LETTERS})
    current = wanted.letter.upper() if wanted.letter else None
    named = [
        Letter(name, counts[name], query_of(replace(wanted, letter=name)), name == current)
        for name in (*string.ascii_uppercase, *others, OTHER_LETTERS)
    ]
    everything = query_of(replace(wanted, letter=None))
    return Letter("All", counts.total(), everything, current is None), *named


def _families(index: Index, rows: Iterable[Row]) -> list[str]:
    """Return the first entry of every family, in the order of the rows."""
    seen: set[str] = set()
    first = []
    for row in rows:
        entry_id = row.shown["entry_id"]
        if entry_id not in seen:
            first.append(entry_id)
            seen.update(index.family(entry_id))
    return first


def _card(index: Index, entry_id: str) -> Card:
    entry = index.entry(entry_id)
    twins = (index.entry(other) for other in index.family(entry_id) if other != entry_id)
    return Card(entry, opening_html(entry.body), entry_names(twins, beside=(entry,)))
