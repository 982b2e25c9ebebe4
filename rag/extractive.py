"""Answer without a language model: quote the units that answer, in the form that fits.

Nothing is ever written here: every unit shown is a quote followed by its marker. What joins them
is fixed: terms of the glossary as labels, list marks, and the frame of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from corpus.passage import UnitKind
from corpus.plain import plain_text
from corpus.units import SECTION_SEPARATOR
from rag.citations import CitationList
from rag.comparison import Column
from rag.evidence import PROSE, Evidence
from rag.markdown_page import MarkdownPage
from rag.question import Kind
from rag.terms import speaks_of

MODEL = "extractive"


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How long an answer may become, and when a further unit is worth its place."""

    words: int = 110
    facts: int = 3
    list_items: int = 10
    list_words: int = 170
    worth: float = 0.80  # share of the best score
    aim: float = 0.75  # share of the best coverage of the focus
    clear: float = 0.6  # share of the focus that a unit covers when it clearly answers
    list_title: float = 0.45  # share of the focus that a list's title covers
    list_title_unasked: float = 0.9


class ExtractiveAnswerer:
    """Composes answers from scored units, which descend by score and are not empty."""

    def __init__(self, limits: AnswerLimits | None = None) -> None:
        self._limits = limits or AnswerLimits()

    def define(self, evidence: Sequence[Evidence], citations: CitationList) -> str:
        """Quote the opening of the one entry that the evidence is from, then what adds most."""
        own = [e for e in evidence if e.unit.kind in PROSE]
        opening = _opening(own)
        added = [e for e in own if _stands_alone(e) and not _repeats(e, opening)]
        room = self._limits.words - _words(opening)
        page = MarkdownPage(citations)
        page.paragraph(opening)
        page.bullets(_in_reading_order(_within(added, room, self._limits.facts)))
        return page.text()

    def tell_apart(self, openings: Sequence[Evidence], citations: CitationList) -> str:
        """Quote the openings of different concepts that bear one name, each under its own term."""
        page = MarkdownPage(citations)
        for opening in openings:
            page.label(opening.entry.term)
            page.paragraph([opening])
        return page.text()

    def enumerate(
        self, kind: Kind, evidence: Sequence[Evidence], citations: CitationList
    ) -> str | None:
        """Quote the whole list whose title the question names; None when there is no such list.

        A question that does not ask for a list gets one only when the title says all it asks for
        and no single item says it better.
        """
        asked = kind in (Kind.LIST, Kind.STEPS)
        needed = self._limits.list_title if asked else self._limits.list_title_unasked
        groups = [group for group in _lists(evidence) if len(group) > 1]
        fitting = [group for group in groups if group[0].titled >= needed]
        if kind is Kind.STEPS and not fitting and evidence[0].aim == 0:
            fitting = [group for group in groups if group[0].unit.kind is UnitKind.STEP]
        if not fitting or (not asked and max(evidence[0].labelled, evidence[0].covered) == 1):
            return None
        group = max(fitting, key=lambda group: _group_score(group, kind))
        page = MarkdownPage(citations)
        parts = [part for part in fitting if _rank_of_title(part) == _rank_of_title(group)]
        if len(parts) > 1 and group[0].unit.kind is UnitKind.LIST_ITEM:
            page.titled_list(
                [(_subtitle(part), part[0]) for part in parts][: self._limits.list_items]
            )
            return page.text()
        shown = _leading(group, self._limits.list_words, self._limits.list_items)
        page.whole_list(shown, left_out=len(group) - len(shown))
        return page.text()

    def state(
        self,
        kind: Kind,
        evidence: Sequence[Evidence],
        citations: CitationList,
        *,
        describes: bool,
    ) -> str:
        """Quote the best unit and those nearly as good.

        A question that `describes` a concept without naming it is told the name: as a label when
        the best unit has most of the question's words, else by the opening of its entry.
        """
        evidence = _in_kind_first(kind, evidence)
        best = evidence[0]
        page = MarkdownPage(citations)
        chosen = [best, *self._nearly_as_good(kind, evidence)]
        if describes and best.covered >= self._limits.clear:
            if not speaks_of(best.quote, best.entry.term):
                page.label(best.entry.term)
        elif describes:
            own = [e for e in evidence if e.entry.entry_id == best.entry.entry_id]
            opening = _opening(own)[:1]
            rest = [e for e in chosen if e not in opening]
            chosen = [*opening, *_within(rest, self._limits.words, self._limits.facts - 1)]
        page.mixed(chosen)
        return page.text()

    def compare(self, columns: Sequence[Column], citations: CitationList) -> str:
        """Return a table with one column for each thing compared: what bears most on it."""
        page = MarkdownPage(citations)
        page.side_by_side([(column.title, self._best_of(column)) for column in columns])
        return page.text()

    def _best_of(self, column: Column) -> list[Evidence]:
        first = [e for e in column.units if e.opens][:1] if column.is_entry else column.units[:1]
        enough = self._limits.worth * max(e.score for e in column.units)
        rest = [e for e in column.units if e.score >= enough and not _repeats(e, first)]
        return [*first, *_within(rest, self._limits.words // 2 - _words(first), 2)]

    def _nearly_as_good(self, kind: Kind, evidence: Sequence[Evidence]) -> list[Evidence]:
        best = evidence[0]
        distinct = [best]
        for candidate in evidence[1:]:
            good = candidate.score >= self._limits.worth * best.score
            to_the_point = candidate.aim >= self._limits.aim * best.aim
            in_kind = _WANTED.get(kind, _anything)(candidate)
            if good and to_the_point and in_kind and not _repeats(candidate, distinct):
                distinct.append(candidate)
        room = self._limits.words - _words([best])
        return _within(distinct[1:], room, self._limits.facts - 1)


_NEARLY = 0.75
_EQUATION = re.compile(r"\$[^$]+\$| = ")
_REFERS_BACK = re.compile(
    r"(?:(?:this|that|these|those|it|its|they|their|such|both|here|there|the figures|however|"
    r"also|additionally|together)|(?:\w+ )?(?:then|thus|therefore|hence))\b",
    re.IGNORECASE,
)
_LISTED = (UnitKind.LIST_ITEM, UnitKind.STEP, UnitKind.TABLE_ROW)


def _opening(units: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentence that opens an entry, with the next one when both are short."""
    in_order = _in_reading_order(units)[:2]
    if len(in_order) == 2 and (
        in_order[1].unit.kind is not UnitKind.SENTENCE
        or in_order[1].unit.section != in_order[0].unit.section
        or _words(in_order) > 60
    ):
        return in_order[:1]
    return in_order


def _stands_alone(evidence: Evidence) -> bool:
    """Tell whether a unit is understood without what stood around it."""
    if evidence.unit.kind is UnitKind.SENTENCE:
        return not _REFERS_BACK.match(evidence.quote)
    return evidence.unit.kind is UnitKind.LIST_ITEM and evidence.has_label


def _in_kind_first(kind: Kind, evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the evidence with the best number or formula first when the question asks for one."""
    good = [e for e in evidence if kind in _WANTED and _WANTED[kind](e)]
    if kind is Kind.QUANTITY:
        good = [e for e in good if e.score >= _NEARLY * evidence[0].score]
    return [*good[:1], *(e for e in evidence if e not in good[:1])]


def _has_number(evidence: Evidence) -> bool:
    return evidence.has_number


def _has_formula(evidence: Evidence) -> bool:
    return evidence.unit.kind is UnitKind.FORMULA or bool(_EQUATION.search(evidence.quote))


def _anything(_: Evidence) -> bool:
    return True


_WANTED = {Kind.QUANTITY: _has_number, Kind.FORMULA: _has_formula}


def _in_reading_order(units: Iterable[Evidence]) -> list[Evidence]:
    return sorted(units, key=lambda e: (e.hit_rank, e.entry.entry_id, e.unit.start))


def _lists(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Return the lists of the entries read, each in reading order."""
    listed = [e for e in _in_reading_order(evidence) if e.unit.kind in _LISTED]
    groups = groupby(
        listed, key=lambda e: (e.entry.entry_id, e.unit.section, e.unit.kind, e.unit.context)
    )
    return [list(members) for _, members in groups]


def _rank_of_title(group: Sequence[Evidence]) -> tuple[str, str, float]:
    """Return the entry and main section of a list, and how well its titles fit the question."""
    first = group[0]
    return first.entry.entry_id, first.unit.section.partition(SECTION_SEPARATOR)[0], first.titled


def _subtitle(group: Sequence[Evidence]) -> str:
    return group[0].unit.section.partition(SECTION_SEPARATOR)[2]


def _group_score(group: Sequence[Evidence], kind: Kind) -> float:
    best = sorted((e.score for e in group), reverse=True)[:3]
    in_form = kind is Kind.STEPS and group[0].unit.kind is UnitKind.STEP
    return sum(best) / len(best) + group[0].titled + 0.2 * in_form


def _within(units: Iterable[Evidence], words: int, count: int) -> list[Evidence]:
    """Return the leading units that fit into a number of words, at most `count`."""
    chosen: list[Evidence] = []
    for evidence in units:
        length = _words([evidence])
        if len(chosen) < count and length <= words:
            chosen.append(evidence)
            words -= length
    return chosen


def _leading(units: Sequence[Evidence], words: int, count: int) -> list[Evidence]:
    """Return the first units of a list until the words run out; at least one."""
    lengths = accumulate(_words([e]) for e in units)
    fitting = sum(1 for length in lengths if length <= words)
    return list(units[: max(1, min(fitting, count))])


def _words(units: Iterable[Evidence]) -> int:
    return sum(len(e.quote.split()) for e in units)


def _repeats(evidence: Evidence, others: Iterable[Evidence]) -> bool:
    """Tell whether most words of a unit stand in one of the others already."""
    own = set(plain_text(evidence.quote).casefold().split())
    return any(
        len(own & set(plain_text(other.quote).casefold().split())) > 0.7 * len(own)
        for other in others
    )
