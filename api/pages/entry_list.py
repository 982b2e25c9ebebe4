"""The noun EntryList: every entry of a snapshot in the order of the alphabet, without bodies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from api.entry_view import without_folders
from corpus.entry import Entry
from indexes.index import Index
from rag.chat import Chat
from rag.terms.suggestions import folded

OTHER_LETTERS = "#"


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries are wanted; None and "" want all."""

    letter: str | None = None
    category: str | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the list: the letter it stands under and, in `shown`, its JSON without body."""

    letter: str
    category: str | None
    names: str
    shown: dict[str, Any]


class EntryList:
    """Lists entries page by page. Safe to use from several threads."""

    def __init__(self, index: Index) -> None:
        self._snapshot_id = index.snapshot_id
        entries = sorted(map(index.entry, index.entry_ids()), key=_place)
        self._rows = [_row(entry) for entry in entries]
        self._places = {row.shown["entry_id"]: place for place, row in enumerate(self._rows)}
        letters = Counter(row.letter for row in self._rows)
        categories = Counter(row.category for row in self._rows if row.category is not None)
        self._letters = [{"letter": name, "count": letters[name]} for name in sorted(letters)]
        self._categories = [
            {"category": name, "count": count} for name, count in sorted(categories.items())
        ]

    @classmethod
    def of(cls, chat: Chat) -> EntryList:
        """Return the list of the entries behind a Chat."""
        return cls(chat.index)

    def page(self, wanted: EntryFilter, offset: int, limit: int) -> dict[str, Any]:
        """Return one page as JSON data; letters and categories count the whole glossary."""
        rows = self.rows(wanted)
        return {
            "snapshot_id": self._snapshot_id,
            "total": len(rows),
            "offset": offset,
            "limit": limit,
            "letters": self._letters,
            "categories": self._categories,
            "entries": [row.shown for row in rows[offset : offset + limit]],
        }

    def rows(self, wanted: EntryFilter) -> list[Row]:
        """Return the wanted entries in the order of the alphabet."""
        return [row for row in self._rows if _is_wanted(row, wanted)]

    def around(self, entry_id: str) -> tuple[Row | None, Row | None]:
        """Return the entries before and after one in the alphabet; None where there is none."""
        place = self._places[entry_id]
        before = self._rows[place - 1] if place else None
        return before, self._rows[place + 1] if place + 1 < len(self._rows) else None

    @property
    def categories(self) -> list[str]:
        """The categories of the glossary, sorted."""
        return [str(found["category"]) for found in self._categories]


def _place(entry: Entry) -> tuple[str, str]:
    return folded(entry.term), entry.entry_id


def _row(entry: Entry) -> Row:
    shown = without_folders(entry).to_json()
    del shown["body"]
    names = " ".join(map(folded, (entry.term, *entry.aliases)))
    return Row(_letter(entry.term), entry.category, f" {names}", shown)


def _letter(term: str) -> str:
    """Return the letter under which a term stands: a capital, or "#" for anything else."""
    first = folded(term)[:1].upper()
    return first if len(first) == 1 and first.isalpha() else OTHER_LETTERS


def _is_wanted(row: Row, wanted: EntryFilter) -> bool:
    return (
        (wanted.letter is None or row.letter == wanted.letter.upper())
        and (wanted.category is None or row.category == wanted.category)
        and all(f" {word}" in row.names for word in folded(wanted.text).split())
    )
