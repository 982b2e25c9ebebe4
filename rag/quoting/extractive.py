"""Answer without a language model: quote the units that answer, in the form that fits.

Nothing is ever written here: every unit shown is a quote followed by its marker. What joins them
is fixed: terms of the glossary as labels, list marks, and the frame of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.passage import UnitKind
from rag.citations import CitationList
from rag.question.question import Kind
from rag.quoting.comparison import Column
from rag.quoting.evidence import PROSE, Evidence
from rag.quoting.lists import List, leading, list_score, lists, numbered, rank_of_title, subtitle
from rag.quoting.markdown_page import MarkdownPage
from rag.quoting.selection import (
    Selection,
    by_section,
    following_unit,
    has_formula,
    in_reading_order,
    is_unfinished,
    opening,
    stands_alone,
    wanted_first,
    word_count,
)
from rag.terms.terms import speaks_of

MODEL = "extractive"


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How long an answer may become, and when a further unit is worth its place."""

    words: int = 90
    added_facts: int = 5
    clear_words: int = 45  # when the best unit clearly answers
    defining_words: int = 110
    defining_facts: int = 3
    list_items: int = 10
    list_words: int = 150
    room: int = 30  # beside a best unit that is long itself
    worth: float = 0.5  # share of the best score
    near_worth: float = 0.35  # the same in the section of the best unit
    clear_worth: float = 0.75  # the same when the best unit clearly answers
    elsewhere: float = 0.9  # the same for a unit of another hit
    section: float = 0.1  # what standing in the section of the best unit adds to a score
    following: float = 0.15  # what following it directly adds
    considered: int = 40
    clear: float = 0.9  # how much of the focus a unit and its titles cover when it clearly answers
    ahead: float = 0.15  # how far its score is above the next one then
    ahead_number: float = 0.05  # the same for a number that is asked for
    column_words: int = 45
    column_worth: float = 0.8
    compared_words: int = 120
    compared_units: int = 1  # below the table
    steps: float = 0.6  # share of the best score that the steps of a procedure have when it fits
    list_title: float = 0.45  # share of the focus that a list's title covers
    list_title_unasked: float = 0.9
    list_worth: float = 0.6  # share of the best score that a list's best item has


class ExtractiveAnswerer:
    """Composes answers from scored units, which descend by score and are not empty."""

    def __init__(self, limits: AnswerLimits | None = None) -> None:
        self._limits = limits or AnswerLimits()

    def define(self, evidence: Sequence[Evidence], citations: CitationList) -> str:
        """Quote the opening of the one entry that the evidence is from, then what adds most."""
        limits = self._limits
        own = [e for e in evidence if e.unit.kind in PROSE]
        first = opening(own)
        selection = Selection(first, limits.defining_words, limits.defining_facts)
        page = MarkdownPage(citations)
        page.paragraph(first)
        page.bullets(in_reading_order(selection.fill(e for e in own if stands_alone(e))))
        return page.text()

    def tell_apart(self, openings: Sequence[Evidence], citations: CitationList) -> str:
        """Quote the openings of different concepts that bear one name, each under its own term."""
        page = MarkdownPage(citations)
        for opened in openings:
            page.label(opened.entry.term)
            page.paragraph([opened])
        return page.text()

    def enumerate(
        self, kind: Kind, evidence: Sequence[Evidence], citations: CitationList
    ) -> str | None:
        """Quote the whole list that the question names or that the best unit stands in, or None.

        A question that does not ask for a list gets one only when the title says all it asks for
        and no single item says it better.
        """
        fitting = self._fitting_lists(kind, evidence)
        if not fitting:
            return None
        group = max(fitting, key=lambda items: list_score(items, kind))
        page = MarkdownPage(citations)
        parts = [part for part in fitting if rank_of_title(part) == rank_of_title(group)]
        if len(parts) > 1 and group[0].unit.kind is UnitKind.LIST_ITEM:
            page.titled_list(
                [(subtitle(part), part[0]) for part in parts][: self._limits.list_items]
            )
            return page.text()
        shown = leading(group, self._limits.list_words, self._limits.list_items)
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
        """Quote the best unit, then what else may answer, section by section.

        A question that `describes` a concept without naming it is told the name of the entry as a
        label, unless the best unit speaks of it.
        """
        evidence = wanted_first(kind, evidence)
        best = evidence[0]
        page = MarkdownPage(citations)
        if describes and not speaks_of(best.quote, best.entry.term):
            page.label(best.entry.term)
        page.sections(by_section([best, *self._beside_best(kind, evidence)]))
        return page.text()

    def tabulate(
        self, rows: Sequence[Evidence], evidence: Sequence[Evidence], citations: CitationList
    ) -> str:
        """Quote the rows of one table that compare, and what says most of the whole question."""
        page = MarkdownPage(citations)
        page.mixed(rows)
        page.mixed(self._most_telling(evidence, rows))
        return page.text()

    def compare(
        self, columns: Sequence[Column], evidence: Sequence[Evidence], citations: CitationList
    ) -> str:
        """Return a table with one column for each thing compared: what bears most on it.

        Below it stands what says most of the whole question, where there is room.
        """
        cells = [(column.title, self._best_of(column)) for column in columns]
        page = MarkdownPage(citations)
        page.side_by_side(cells)
        page.mixed(self._most_telling(evidence, [unit for _, units in cells for unit in units]))
        return page.text()

    def _most_telling(
        self, evidence: Sequence[Evidence], shown: Sequence[Evidence]
    ) -> list[Evidence]:
        limits = self._limits
        enough = limits.column_worth * max((e.score for e in evidence), default=0.0)
        selection = Selection(shown, limits.compared_words, limits.compared_units)
        return selection.fill(e for e in evidence if e.covered and e.score >= enough)

    def _best_of(self, column: Column) -> list[Evidence]:
        first = [e for e in column.units if e.opens][:1] if column.is_entry else column.units[:1]
        enough = self._limits.column_worth * max(e.score for e in column.units)
        selection = Selection(first, self._limits.column_words, 2)
        return [*first, *selection.fill(e for e in column.units if e.score >= enough)]

    def _beside_best(self, kind: Kind, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return what fits beside the first unit, its section first; little when it is clear."""
        limits, best = self._limits, evidence[0]
        is_clear = self._is_clear(kind, evidence)
        following = following_unit(best)
        ranked: list[tuple[float, Evidence]] = []
        for e in evidence[1:]:
            is_next = e.unit == following and e.entry == best.entry
            if is_next and is_unfinished(best):
                ranked.append((best.score, e))
            elif self._is_worth_showing(kind, e, best, is_clear=is_clear):
                is_near = _share_section(e, best)
                bonus = limits.section * is_near + limits.following * is_next
                ranked.append((e.score + bonus, e))
        ranked.sort(key=lambda scored: -scored[0])
        words = limits.clear_words if is_clear else limits.words
        words = max(words, word_count([best]) + limits.room)
        return Selection([best], words, limits.added_facts).fill(
            e for _, e in ranked[: limits.considered]
        )

    def _is_worth_showing(
        self, kind: Kind, evidence: Evidence, best: Evidence, *, is_clear: bool
    ) -> bool:
        """Tell whether a unit may stand beside the best one."""
        limits, is_near = self._limits, _share_section(evidence, best)
        if _share_table(evidence, best) and evidence.covered < best.covered:  # another key
            return False
        if kind is Kind.FORMULA and not is_near and not has_formula(evidence):
            return False
        if evidence.hit_rank != best.hit_rank:
            worth = limits.elsewhere
        elif is_clear:
            worth = limits.clear_worth
        else:
            worth = limits.near_worth if is_near else limits.worth
        return evidence.score >= worth * best.score

    def _is_clear(self, kind: Kind, evidence: Sequence[Evidence]) -> bool:
        """Tell whether the first unit, far ahead of the others, is the answer."""
        limits, best = self._limits, evidence[0]
        rivals = (e.score for e in evidence[1:] if not _shares_table(e, best))
        ahead = best.score - max(rivals, default=0.0)
        if kind is Kind.QUANTITY and best.has_number and ahead >= limits.ahead_number:
            return True
        return best.aim >= limits.clear and ahead >= limits.ahead

    def _fitting_lists(self, kind: Kind, evidence: Sequence[Evidence]) -> list[List]:
        limits, best = self._limits, evidence[0]
        found = lists(evidence)
        if kind not in (Kind.LIST, Kind.STEPS):
            if max(best.labelled, best.covered) == 1:
                return []
            return [items for items in found if items[0].titled >= limits.list_title_unasked]
        if kind is Kind.STEPS:
            procedures = [
                items
                for items in found
                if numbered(items)
                and items[0].hit_rank == best.hit_rank
                and list_score(items, Kind.LIST) >= limits.steps * best.score
            ]
            if procedures:
                return procedures
        says_all = best.covered == best.labelled == 1  # as no other item does
        needed = limits.list_title_unasked if says_all else limits.list_title
        enough = limits.list_worth * best.score
        return [
            items
            for items in found
            if (best in items and not says_all)
            or (items[0].titled >= needed and max(e.score for e in items) >= enough)
        ]


def _shares_table(one: Evidence, other: Evidence) -> bool:
    """Tell whether two units are rows of one table: they answer together."""
    rows = one.unit.kind is UnitKind.TABLE_ROW is other.unit.kind
    return rows and one.entry == other.entry and one.unit.context == other.unit.context


def _share_section(one: Evidence, other: Evidence) -> bool:
    return one.entry.entry_id == other.entry.entry_id and one.unit.section == other.unit.section


def _share_table(one: Evidence, other: Evidence) -> bool:
    rows = one.unit.kind is UnitKind.TABLE_ROW and other.unit.kind is UnitKind.TABLE_ROW
    return rows and _share_section(one, other)
