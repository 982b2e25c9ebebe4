"""Names of entries in a list: the term, and what tells apart those that share one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.entry import Entry


@dataclass(frozen=True, slots=True)
class EntryName:
    """How an entry is called in a list; `apart` is its category or a keyword of its own, or ""."""

    entry_id: str
    term: str
    apart: str


def entry_names(entries: Iterable[Entry], beside: Iterable[Entry] = ()) -> tuple[EntryName, ...]:
    """Return a name for each of `entries`, told apart from each other and from those `beside`.

    A term that only one of them has is followed by the category. Where several have the term, it
    is followed by the first keyword of the heading that no other of them has.
    """
    named = tuple(entries)
    shown = [*named, *beside]
    terms = Counter(entry.term.casefold() for entry in shown)
    keywords = Counter(keyword.casefold() for entry in shown for keyword in set(_keywords(entry)))
    return tuple(
        EntryName(
            entry.entry_id,
            entry.term,
            _apart(entry, keywords) if terms[entry.term.casefold()] > 1 else entry.category or "",
        )
        for entry in named
    )


def _apart(entry: Entry, keywords: Counter[str]) -> str:
    own = (keyword for keyword in _keywords(entry) if keywords[keyword.casefold()] == 1)
    return next(own, entry.category or "")


def _keywords(entry: Entry) -> list[str]:
    words = (" ".join(keyword.split()) for keyword in entry.heading.split(","))
    return [word for word in words if word and word.casefold() != entry.term.casefold()]
