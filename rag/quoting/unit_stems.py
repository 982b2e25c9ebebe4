"""What scoring needs to know of the units of an entry, whatever the question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.context import unit_words
from corpus.entry import Entry
from corpus.passage import Unit, UnitKind
from corpus.plain import plain_text
from indexes.index import Index
from rag.question.asked import has_number
from rag.terms.terms import word_stems

# Titles that head the same kind of content, whatever word the question takes for it.
_TITLE_SYNONYMS = (
    "advantage benefit strength merit why matter",
    "disadvantage drawback limitation weakness challenge problem failure pitfall trap downside "
    "shortcoming caveat",
    "application use usage applied",
    "component part element piece",
    "type kind variant category sort flavor",
)
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b|\bet al\b")
_LABEL = re.compile(r"(?:\*\*(?P<bold>[^*\n]{1,80})\*\*|(?P<plain>[A-Z][^:.\n]{1,40}):\s)")


@dataclass(frozen=True, slots=True)
class UnitStems:
    """What scoring needs to know of a unit, whatever the question.

    `words` are the stems of the unit and of its entry's term, `titles` those of the titles above
    it, `label` those of its own label; `leads_in` tells that it only announces what follows
    ("Three parts matter:").
    """

    words: frozenset[str]
    titles: frozenset[str]
    label: frozenset[str]
    has_number: bool
    has_year: bool
    leads_in: bool


class UnitReader:
    """Reads the units of one entry after another."""

    def __init__(self, index: Index, synonyms: Sequence[frozenset[str]]) -> None:
        self._index = index
        self._synonyms = synonyms

    def read(self, entry_id: str) -> tuple[frozenset[str], tuple[UnitStems, ...]]:
        """Return the stems of an entry's term and of each of its units, in reading order."""
        entry = self._index.entry(entry_id)
        units = [unit for passage in self._index.passages(entry_id) for unit in passage.units]
        term = self._stems(entry.term)
        return term, tuple(self._of_unit(entry, unit, term) for unit in units)

    def _of_unit(self, entry: Entry, unit: Unit, term: frozenset[str]) -> UnitStems:
        words = unit_words(entry.body, unit)
        return UnitStems(
            words=self._stems(words) | term,
            titles=self._title_stems(_titles(entry, unit)),
            label=self._title_stems(label_of(entry, unit)),
            has_number=has_number([words]),
            has_year=bool(_YEAR.search(f"{unit.section} {words}")),
            leads_in=unit.quote(entry.body).rstrip("*_ ").endswith(":"),
        )

    def _title_stems(self, title: str) -> frozenset[str]:
        return with_synonyms(self._stems(title), self._synonyms)

    def _stems(self, text: str) -> frozenset[str]:
        return frozenset(word_stems(self._index, text))


def title_synonyms(index: Index) -> list[frozenset[str]]:
    """Return groups of stems that head the same kind of content."""
    return [frozenset(word_stems(index, group)) for group in _TITLE_SYNONYMS]


def with_synonyms(stems: frozenset[str], groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the stems with every group that one of them belongs to."""
    return stems.union(*(group for group in groups if group & stems))


def label_of(entry: Entry, unit: Unit) -> str:
    """Return the label that a unit begins with ("**Yield**: ..."), "" without one."""
    label = _LABEL.match(unit.quote(entry.body))
    return (label["bold"] or label["plain"]) if label else ""


def _titles(entry: Entry, unit: Unit) -> str:
    """Return what stands over a unit: its sections and the lead-in of its list."""
    if unit.context and unit.kind is not UnitKind.TABLE_ROW:
        return f"{unit.section} {plain_text(entry.body[slice(*unit.context)])}"
    return unit.section
