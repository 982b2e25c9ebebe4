"""The nouns Passage and Unit: a slice of one entry, and what may be quoted from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from corpus.entry import Entry


class UnitKind(StrEnum):
    """What a quotable unit is in the Markdown of its entry."""

    SENTENCE = "sentence"
    LIST_ITEM = "list_item"
    STEP = "step"  # an item of a numbered list
    TABLE_ROW = "table_row"
    CODE_BLOCK = "code_block"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Unit:
    """One quotable span of an entry; `start` and `end` count characters of `Entry.body`.

    Attributes:
        kind: sentence, list item, step, table row, code block or formula.
        start, end: the span; it neither begins nor ends with white space or a list marker.
        section: title of the section the unit stands in, "" before the first one.
        context: span that the unit needs to be understood, or None: the header row of a table row,
            the lead-in sentence of a list.
    """

    kind: UnitKind
    start: int
    end: int
    section: str = ""
    context: tuple[int, int] | None = None

    def quote(self, body: str) -> str:
        """Return the unit's own characters."""
        return body[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Passage:
    """A section-aware slice of one entry: `entry.body[start:end] == text`, always."""

    passage_id: str
    entry_id: str
    start: int
    end: int
    section: str
    text: str
    units: tuple[Unit, ...]

    @classmethod
    def cut(
        cls, entry: Entry, number: int, start: int, end: int, section: str, units: tuple[Unit, ...]
    ) -> Passage:
        """Cut the passage `number` (from 0) out of an entry; units must lie within the span."""
        if not 0 <= start < end <= len(entry.body):
            raise ValueError(f"passage {start}:{end} is outside {entry.entry_id!r}")
        if any(unit.start < start or unit.end > end for unit in units):
            raise ValueError(f"a unit of {entry.entry_id!r} leaves its passage {start}:{end}")
        return cls(
            passage_id=f"{entry.entry_id}#{number}",
            entry_id=entry.entry_id,
            start=start,
            end=end,
            section=section,
            text=entry.body[start:end],
            units=units,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the passage as plain JSON data, without its text (the entry has it)."""
        return {
            "passage_id": self.passage_id,
            "entry_id": self.entry_id,
            "start": self.start,
            "end": self.end,
            "section": self.section,
            "units": [[u.kind.value, u.start, u.end, u.section, u.context] for u in self.units],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any], body: str) -> Passage:
        """Rebuild a passage from `to_json` and the body of its entry."""
        units = tuple(
            Unit(UnitKind(kind), start, end, section, tuple(context) if context else None)
            for kind, start, end, section, context in data["units"]
        )
        return cls(
            data["passage_id"],
            data["entry_id"],
            data["start"],
            data["end"],
            data["section"],
            body[data["start"] : data["end"]],
            units,
        )
