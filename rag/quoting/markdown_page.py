"""Write quotes down as Markdown: paragraphs, lists and tables, each quote with its marker."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, zip_longest

from corpus.passage import UnitKind
from corpus.plain import table_cells
from corpus.units import SECTION_SEPARATOR
from rag.citations import CitationList
from rag.inert import inert
from rag.quoting.evidence import Evidence

_MARKER_OR_CODE = re.compile(r"`[^`]*`|\[(?P<number>\d+)\]")


class MarkdownPage:
    """Markdown under construction: blocks separated by blank lines."""

    def __init__(self, citations: CitationList) -> None:
        self._citations = citations
        self._blocks: list[str] = []

    def text(self) -> str:
        """Return everything written so far."""
        return "\n\n".join(self._blocks)

    def label(self, term: str) -> None:
        """Name the entry that the next block is about."""
        self._blocks.append(f"**{_shown(' '.join(term.split()))}**")

    def paragraph(self, units: Iterable[Evidence]) -> None:
        """Show units one after the other as running text."""
        quoted = [self._quoted(e) for e in units]
        if quoted:
            self._blocks.append(" ".join(quoted))

    def bullets(self, units: Iterable[Evidence]) -> None:
        """Show units as a bulleted list."""
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
                self._blocks.extend(
                    f"{inert(e.quote, is_block=True)}\n\n{self._marker(e)}" for e in members
                )
            elif len(units) > 1 and form is UnitKind.LIST_ITEM:
                self.bullets(members)
            else:
                self.paragraph(members)

    def sections(self, sections: Iterable[Sequence[Evidence]]) -> None:
        """Show units section by section, titled where they may not be clear without it."""
        for is_short, group in groupby(sections, key=_is_short):
            members = list(group)
            if is_short and len(members) > 1:
                self.titled_list((_subtitle(section[0]), section[0]) for section in members)
                continue
            for section in members:
                title = self._title(_subtitle(section[0]), section[0]) if _titled(section) else ""
                self._blocks.extend([title] if title else [])
                self.mixed(section)

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

    def titled_list(self, units: Iterable[tuple[str, Evidence]]) -> None:
        """Show units as a list, each after the title it stands under in its source."""
        lines = [f"- {self._titled(title, e)}{self._quoted(e)}" for title, e in units]
        self._blocks.append("\n".join(lines))

    def _titled(self, title: str, evidence: Evidence) -> str:
        shown = self._title(title, evidence)
        return f"{shown} – " if shown else ""

    def _title(self, title: str, evidence: Evidence) -> str:
        """Return a title with its marker, as the source writes it; nothing when it is not there."""
        body = evidence.entry.body
        start = _line_start(body, title, evidence.unit.start) if title else -1
        if start < 0:
            return ""
        end = start + len(title)
        if body[:start].endswith("**") and body.startswith("**", end):
            start, end = start - 2, end + 2
        return self._span(evidence, start, end)

    def side_by_side(self, columns: Sequence[tuple[str, Sequence[Evidence]]]) -> None:
        """Show a table of titled columns; each row is cited from left to right."""
        titles = [_in_cell(title) for title, _ in columns]
        rows = [
            [self._cell(e) if e else "" for e in row]
            for row in zip_longest(*(units for _, units in columns))
        ]
        lines = [titles, ["---"] * len(titles), *rows]
        self._blocks.append("\n".join("| " + " | ".join(line) + " |" for line in lines))

    def _table(self, rows: Sequence[Evidence]) -> None:
        """Show table rows under their own column names; header and rows carry their markers."""
        first = rows[0]
        lines: list[str] = []
        if first.unit.context:
            header = _shown(first.entry.body[slice(*first.unit.context)])
            lines = [
                _marked(header, self._cite(first, *first.unit.context)),
                "|" + " --- |" * len(table_cells(header)),
            ]
        lines += [_marked(_shown(e.quote), self._marker(e)) for e in rows]
        self._blocks.append("\n".join(lines))

    def _cell(self, evidence: Evidence) -> str:
        return f"{_in_cell(evidence.quote)} {self._marker(evidence)}"

    def _quoted(self, evidence: Evidence) -> str:
        return f"{_shown(evidence.quote)} {self._marker(evidence)}"

    def _span(self, evidence: Evidence, start: int, end: int) -> str:
        return f"{_shown(evidence.entry.body[start:end])} {self._cite(evidence, start, end)}"

    def _marker(self, evidence: Evidence) -> str:
        return self._cite(evidence, evidence.unit.start, evidence.unit.end)

    def _cite(self, evidence: Evidence, start: int, end: int) -> str:
        return self._citations.cite(evidence.entry, evidence.passage, start, end)


def _titled(section: Sequence[Evidence]) -> bool:
    """Tell whether a title says something that the units of its section may leave out."""
    return bool(section[0].titled) or any(e.unit.kind is not UnitKind.SENTENCE for e in section)


def _is_short(section: Sequence[Evidence]) -> bool:
    """Tell whether a section is one item, with its title a line of a list."""
    return len(section) == 1 and _form(section[0]) is UnitKind.LIST_ITEM


def _subtitle(evidence: Evidence) -> str:
    return evidence.unit.section.rpartition(SECTION_SEPARATOR)[2]


def _line_start(body: str, title: str, before: int) -> int:
    """Return where the last line begins that holds nothing but a title, or -1."""
    start = body.rfind(title, 0, before)
    while start >= 0:
        line = body[body.rfind("\n", 0, start) + 1 : start]
        rest = body[start + len(title) :].partition("\n")[0]
        if not any(map(str.isalnum, line + rest)):
            break
        start = body.rfind(title, 0, start)
    return start


def _shown(quote: str) -> str:
    """Return a quote with inert markup, in which nothing looks like one of our markers."""
    return _MARKER_OR_CODE.sub(
        lambda m: rf"\[{m['number']}\]" if m["number"] else m[0], inert(quote)
    )


def _marked(row: str, marker: str) -> str:
    """Put a marker into the last cell of a table row."""
    return f"{row[:-1].rstrip()} {marker} |" if row.endswith("|") else f"{row} {marker}"


def _in_cell(text: str) -> str:
    return _shown(" ".join(text.split())).replace("|", "\\|")


def _form(evidence: Evidence) -> UnitKind:
    kind = evidence.unit.kind
    return UnitKind.LIST_ITEM if kind is UnitKind.STEP else kind
