"""Choose what is shown beside the best unit: distinct units, within a number of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from corpus.passage import Unit, UnitKind
from corpus.plain import plain_text
from rag.question.question import Kind
from rag.quoting.evidence import Evidence

_NEARLY = 0.75  # share of the best score from which a unit with a number leads
_SAME = 0.7  # share of a unit's words that another one has when it says the same
_SHORT_OPENING = 60  # words
_EQUATION = re.compile(r"\$[^$]+\$| = ")
_REFERS_BACK = re.compile(
    r"(?:(?:this|that|these|those|it|its|they|their|such|both|here|there|the figures|however|"
    r"also|additionally|together)|(?:\w+ )?(?:then|thus|therefore|hence))\b",
    re.IGNORECASE,
)


class Selection:
    """Units chosen one by one while they fit and say something new."""

    def __init__(self, shown: Sequence[Evidence], words: int, count: int) -> None:
        self._said = [_said(e) for e in shown]
        self._words = words - word_count(shown)
        self._count = count
        self.added: list[Evidence] = []

    @property
    def is_full(self) -> bool:
        """Tell whether nothing more can be added."""
        return len(self.added) >= self._count or self._words <= 0

    def add(self, evidence: Evidence) -> None:
        """Add a unit if there is room for it and most of its words are new."""
        length = word_count([evidence])
        if self.is_full or length > self._words:
            return
        said = _said(evidence)
        if any(len(said & other) > _SAME * len(said) for other in self._said):
            return
        self.added.append(evidence)
        self._said.append(said)
        self._words -= length

    def fill(self, units: Iterable[Evidence]) -> list[Evidence]:
        """Add units until there is no room, and return all that were added."""
        for evidence in units:
            if self.is_full:
                break
            self.add(evidence)
        return self.added


def word_count(units: Iterable[Evidence]) -> int:
    """Return the number of words of all quotes."""
    return sum(len(e.quote.split()) for e in units)


def in_reading_order(units: Iterable[Evidence]) -> list[Evidence]:
    """Return units as their sources have them, the best hit first."""
    return sorted(units, key=lambda e: (e.hit_rank, e.entry.entry_id, e.unit.start))


def by_section(units: Iterable[Evidence]) -> list[list[Evidence]]:
    """Return units section by section, both in the order given.

    Steps stand in the order of their source.
    """
    sections: dict[tuple[str, str], list[Evidence]] = {}
    for e in units:
        sections.setdefault((e.entry.entry_id, e.unit.section), []).append(e)
    return [_steps_in_order(section) for section in sections.values()]


def opening(units: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentence that opens an entry, with the next one when both are short."""
    in_order = in_reading_order(units)[:2]
    if len(in_order) == 2 and (
        in_order[1].unit.kind is not UnitKind.SENTENCE
        or in_order[1].unit.section != in_order[0].unit.section
        or word_count(in_order) > _SHORT_OPENING
    ):
        return in_order[:1]
    return in_order


def following_unit(evidence: Evidence) -> Unit | None:
    """Return the unit that follows in the same passage and section, or None at its end."""
    units = evidence.passage.units
    place = units.index(evidence.unit) + 1
    if place < len(units) and units[place].section == evidence.unit.section:
        return units[place]
    return None


def is_unfinished(evidence: Evidence) -> bool:
    """Tell whether a sentence goes on in the formula or list after it."""
    ends = evidence.quote.rstrip("*_ ")[-1:]
    return evidence.unit.kind is UnitKind.SENTENCE and (ends.isalnum() or ends in ",:$")


def stands_alone(evidence: Evidence) -> bool:
    """Tell whether a unit is understood without what stood around it."""
    if evidence.unit.kind is UnitKind.SENTENCE:
        return not _REFERS_BACK.match(evidence.quote)
    return evidence.unit.kind is UnitKind.LIST_ITEM and evidence.has_label


def wanted_first(kind: Kind, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence with the best number or formula first when the question asks for one."""
    if kind is Kind.QUANTITY:
        good = [e for e in evidence if e.has_number and e.score >= _NEARLY * evidence[0].score]
    elif kind is Kind.FORMULA:
        good = [e for e in evidence if has_formula(e)]
    else:
        good = []
    return [*good[:1], *(e for e in evidence if e not in good[:1])]


def has_formula(evidence: Evidence) -> bool:
    """Tell whether a unit is a formula or holds one."""
    return evidence.unit.kind is UnitKind.FORMULA or bool(_EQUATION.search(evidence.quote))


def _steps_in_order(section: Sequence[Evidence]) -> list[Evidence]:
    ordered: list[Evidence] = []
    for kind, members in groupby(section, key=lambda e: e.unit.kind):
        units = list(members)
        ordered.extend(in_reading_order(units) if kind is UnitKind.STEP else units)
    return ordered


def _said(evidence: Evidence) -> set[str]:
    return set(plain_text(evidence.quote).casefold().split())
