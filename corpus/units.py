"""Find the quotable units of an entry: sentences, list items, steps, table rows, code, formulas.

The body is parsed as CommonMark with tables; every unit is a span of its characters. Headings are
not quotable: a heading, or a line that is nothing but bold text, names the section of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.passage import Unit, UnitKind
from corpus.sentences import sentence_spans

LONG_ITEM_CHARS = 400
SECTION_SEPARATOR = " › "  # between the titles of a section and of what lies below it
_MAX_HEADING_CHARS = 120
_BOLD_LINE = re.compile(
    r"(?:[—–-]\s*)?(\*\*|__)(?P<title>(?:(?!\1).)+)\1(?P<colon>:?)(?:\s*[—–-])?"
)
_DISPLAY_FORMULA = re.compile(r"\$\$.+\$\$|\\\[.+\\\]", re.DOTALL)


def find_units(body: str) -> tuple[Unit, ...]:
    """Return the quotable units of a body in reading order; they do not overlap."""
    return tuple(_Walk(body).units())


class _Walk:
    """One pass over the block tokens of a body, remembering section, list and table around."""

    def __init__(self, body: str) -> None:
        self._body = body
        lines = body.split("\n")
        self._line_starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self._title = ""
        self._subtitle = ""
        self._ordered: list[bool] = []
        self._lead_in: list[tuple[int, int] | None] = []
        self._last: tuple[int, int] | None = None
        self._header: tuple[int, int] | None = None
        self._in_head = False

    def units(self) -> Iterator[Unit]:
        # Deeply nested lists and quotes are parsed up to markdown-it's own bound.
        tokens = MarkdownIt("commonmark").enable("table").parse(self._body)
        for position, token in enumerate(tokens):
            yield from self._visit(token, tokens, position)

    def _visit(self, token: Token, tokens: list[Token], position: int) -> Iterator[Unit]:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._ordered.append(token.type == "ordered_list_open")
                self._lead_in.append(self._colon_before())
            case "bullet_list_close" | "ordered_list_close":
                self._ordered.pop()
                self._lead_in.pop()
            case "heading_open":
                self._title, self._subtitle = _clean(tokens[position + 1].content), ""
                self._last = None
            case "paragraph_open":
                yield from self._paragraph(token, tokens[position + 1].content)
            case "thead_open" | "thead_close":
                self._in_head = token.type == "thead_open"
            case "tr_open":
                yield from self._row(token)
            case "fence" | "code_block" | "html_block":
                yield from self._block(token)
            case _:
                pass

    @property
    def _section(self) -> str:
        return SECTION_SEPARATOR.join(part for part in (self._title, self._subtitle) if part)

    def _colon_before(self) -> tuple[int, int] | None:
        if self._last and self._body[self._last[0] : self._last[1]].rstrip("*_ ").endswith(":"):
            return self._last
        return None

    def _span(self, token: Token, content: str) -> tuple[int, int]:
        """Return the characters of a block whose text is `content`, without marker and indent."""
        first, last = token.map or [0, 0]
        begin, limit = self._line_starts[first], min(self._line_starts[last], len(self._body))
        opening = content.split("\n", 1)[0].strip()
        found = self._body.find(opening, begin, limit)
        start = begin if found < 0 else found
        stop = start + len(self._body[start:limit].rstrip())
        return start, stop

    def _paragraph(self, token: Token, content: str) -> Iterator[Unit]:
        start, end = self._span(token, content)
        text = self._body[start:end]
        if start >= end or self._names_section(text):
            return
        if _DISPLAY_FORMULA.fullmatch(text):
            yield self._unit(UnitKind.FORMULA, start, end)
        elif self._ordered:
            yield from self._item(start, end)
        else:
            for begin, stop in sentence_spans(self._body, start, end):
                self._last = (begin, stop)
                yield self._unit(UnitKind.SENTENCE, begin, stop)

    def _names_section(self, text: str) -> bool:
        """Take a bold-only line outside of lists as a heading; "**X**:" stands below "**X**"."""
        bold = _BOLD_LINE.fullmatch(text) if len(text) <= _MAX_HEADING_CHARS else None
        if self._ordered or bold is None or bold["title"].rstrip().endswith((".", "!")):
            return False
        title = _clean(bold["title"])
        if bold["colon"] and self._title:
            self._subtitle = title
        else:
            self._title, self._subtitle = title, ""
        self._last = None
        return True

    def _item(self, start: int, end: int) -> Iterator[Unit]:
        kind = UnitKind.STEP if self._ordered[-1] else UnitKind.LIST_ITEM
        context = self._lead_in[-1]
        spans = [(start, end)]
        if end - start > LONG_ITEM_CHARS:
            spans = list(sentence_spans(self._body, start, end))
        self._last = spans[-1]
        for begin, stop in spans:
            yield self._unit(kind, begin, stop, context)
            kind = UnitKind.SENTENCE

    def _row(self, token: Token) -> Iterator[Unit]:
        first = (token.map or [0, 0])[0]
        begin = self._line_starts[first]
        line = self._body[begin : self._line_starts[first + 1] - 1]
        start = begin + len(line) - len(line.lstrip())
        span = (start, start + len(line.strip()))
        if self._in_head:
            self._header = span
        elif span[0] < span[1]:
            yield self._unit(UnitKind.TABLE_ROW, *span, self._header)

    def _block(self, token: Token) -> Iterator[Unit]:
        first, last = token.map or [0, 0]
        begin, limit = self._line_starts[first], min(self._line_starts[last], len(self._body))
        text = self._body[begin:limit]
        start = begin + len(text) - len(text.lstrip())
        end = begin + len(text.rstrip())
        if start < end:
            kind = UnitKind.SENTENCE if token.type == "html_block" else UnitKind.CODE_BLOCK
            yield self._unit(kind, start, end)

    def _unit(
        self, kind: UnitKind, start: int, end: int, context: tuple[int, int] | None = None
    ) -> Unit:
        return Unit(kind, start, end, self._section, context)


def _clean(title: str) -> str:
    return re.sub(r"[*_`#]+", "", title).strip().strip(":—–").strip()
