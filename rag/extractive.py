"""Answer without a language model: quote the units that answer, in the form that fits.

Nothing is ever written here: every unit shown is a quote followed by its marker. What joins them
is fixed: terms of the glossary as labels, list marks, and the frame of a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby, zip_longest

from corpus.passage import UnitKind
from corpus.plain import plain_text, table_cells
from rag.citations import CitationList
from rag.comparison import Column
from rag.evidence import PROSE, Evidence
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
        added = [e for e in own if e not in opening and not _repeats(e, opening)]
        room = self._limits.words - _words(opening)
        page = _Page(citations)
        page.paragraph(opening)
        page.bullets(_in_reading_order(_within(added, room, self._limits.facts)))
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
        page = _Page(citations)
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
        best = evidence[0]
        page = _Page(citations)
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
        page = _Page(citations)
        page.side_by_side([(column.title, self._best_of(column)) for column in columns])
        return page.text()

    def _best_of(self, column: Column) -> list[Evidence]:
        first = [e for e in column.units if e.opens][:1] if column.is_entry else column.units[:1]
        rest = [e for e in column.units if e not in first and not _repeats(e, first)]
        return [*first, *_within(rest, self._limits.words // 2 - _words(first), 2)]

    def _nearly_as_good(self, kind: Kind, evidence: Sequence[Evidence]) -> list[Evidence]:
        best = evidence[0]
        distinct = [best]
        for candidate in evidence[1:]:
            good = candidate.score >= self._limits.worth * best.score
            to_the_point = candidate.aim >= self._limits.aim * best.aim
            in_kind = candidate.has_number or kind is not Kind.QUANTITY
            if good and to_the_point and in_kind and not _repeats(candidate, distinct):
                distinct.append(candidate)
        room = self._limits.words - _words([best])
        return _within(distinct[1:], room, self._limits.facts - 1)


_LISTED = (UnitKind.LIST_ITEM, UnitKind.STEP, UnitKind.TABLE_ROW)


class _Page:
    """Markdown under construction: blocks separated by blank lines."""

    def __init__(self, citations: CitationList) -> None:
        self._citations = citations
        self._blocks: list[str] = []

    def text(self) -> str:
        return "\n\n".join(self._blocks)

    def label(self, term: str) -> None:
        self._blocks.append(f"**{term}**")

    def paragraph(self, units: Iterable[Evidence]) -> None:
        quoted = [self._quoted(e) for e in units]
        if quoted:
            self._blocks.append(" ".join(quoted))

    def bullets(self, units: Iterable[Evidence]) -> None:
        lines = [f"- {self._quoted(e)}" for e in units]
        if lines:
            self._blocks.append("\n".join(lines))

    def mixed(self, units: Sequence[Evidence]) -> None:
        """Show units each in its own form, neighbours of one form together."""
        for form, members in groupby(units, key=_form):
            if form is UnitKind.TABLE_ROW:
                for _, rows in groupby(members, key=lambda e: (e.entry.entry_id, e.unit.context)):
                    self._table(list(rows))
            elif form in (UnitKind.CODE_BLOCK, UnitKind.FORMULA):
                self._blocks.extend(f"{e.quote}\n\n{self._marker(e)}" for e in members)
            elif len(units) > 1 and form is UnitKind.LIST_ITEM:
                self.bullets(members)
            else:
                self.paragraph(members)

    def whole_list(self, units: Sequence[Evidence], left_out: int) -> None:
        """Show a list as the list it is, under its lead-in."""
        first = units[0]
        if first.unit.kind is UnitKind.TABLE_ROW:
            self._table(list(units))
        else:
            if first.unit.context:
                self._blocks.append(self._span(first, *first.unit.context))
            numbered = first.unit.kind is UnitKind.STEP
            marks = (f"{n}." if numbered else "-" for n in range(1, len(units) + 1))
            lines = [f"{mark} {self._quoted(e)}" for mark, e in zip(marks, units, strict=False)]
            self._blocks.append("\n".join(lines))
        if left_out:
            self._blocks.append(f"*({left_out} more in the source)*")

    def side_by_side(self, columns: Sequence[tuple[str, Sequence[Evidence]]]) -> None:
        titles = [_in_cell(title) for title, _ in columns]
        rows = [
            [self._cell(e) if e else "" for e in row]
            for row in zip_longest(*(units for _, units in columns))
        ]
        lines = [titles, ["---"] * len(titles), *rows]
        self._blocks.append("\n".join("| " + " | ".join(line) + " |" for line in lines))

    def _table(self, rows: Sequence[Evidence]) -> None:
        """Show table rows under their own column names; header and rows are cited."""
        first = rows[0]
        body, context = first.entry.body, first.unit.context
        lines = [e.quote for e in rows]
        markers = [self._marker(e) for e in rows]
        if context:
            header = body[slice(*context)]
            lines = [header, "|" + " --- |" * len(table_cells(header)), *lines]
            markers.append(self._cite(first, *context))
        self._blocks.append("\n".join(lines))
        self._blocks.append(" ".join(dict.fromkeys(markers)))

    def _cell(self, evidence: Evidence) -> str:
        return f"{_in_cell(evidence.quote)} {self._marker(evidence)}"

    def _quoted(self, evidence: Evidence) -> str:
        return f"{evidence.quote} {self._marker(evidence)}"

    def _span(self, evidence: Evidence, start: int, end: int) -> str:
        return f"{evidence.entry.body[start:end]} {self._cite(evidence, start, end)}"

    def _marker(self, evidence: Evidence) -> str:
        return self._cite(evidence, evidence.unit.start, evidence.unit.end)

    def _cite(self, evidence: Evidence, start: int, end: int) -> str:
        return self._citations.cite(evidence.entry, evidence.passage, start, end)


def _in_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _form(evidence: Evidence) -> UnitKind:
    kind = evidence.unit.kind
    return UnitKind.LIST_ITEM if kind is UnitKind.STEP else kind


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


def _in_reading_order(units: Iterable[Evidence]) -> list[Evidence]:
    return sorted(units, key=lambda e: (e.hit_rank, e.entry.entry_id, e.unit.start))


def _lists(evidence: Sequence[Evidence]) -> list[list[Evidence]]:
    """Return the lists of the entries read, each in reading order."""
    listed = [e for e in _in_reading_order(evidence) if e.unit.kind in _LISTED]
    groups = groupby(
        listed, key=lambda e: (e.entry.entry_id, e.unit.section, e.unit.kind, e.unit.context)
    )
    return [list(members) for _, members in groups]


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
