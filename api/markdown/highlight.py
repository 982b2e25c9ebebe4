"""Mark characters of a text within the HTML that is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from api.markdown.formula_syntax import BLOCK, DISPLAY, INLINE
from api.markdown.source_positions import Lines, Piece, pieces

OPEN, CLOSE = "mark_open", "mark_close"
MARKED = "marked"
"""In the meta of a code token: the slice of its content that is marked."""

_WHOLE = frozenset({INLINE, DISPLAY, BLOCK})  # a formula is marked whole or not at all
_BREAKS = frozenset({"softbreak", "hardbreak"})


def highlight(tokens: Sequence[Token], text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of `text` with marks around its characters `start` to `end`.

    Raises:
        ValueError: these are no characters of the text.
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"characters {start} to {end} of a text of {len(text)}")
    return list(_Highlighter(text, start, end).marked(tokens))


class _Highlighter:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._lines = Lines(text)
        self._start, self._end = start, end
        self._row = (0, 0)
        self._cell_end = 0

    def marked(self, tokens: Iterable[Token]) -> Iterator[Token]:
        lines = (0, 0)
        for token in tokens:
            if token.map:
                lines = token.map[0], token.map[1]
            if token.type == "tr_open":
                self._row, self._cell_end = lines, 0
            if token.type == "inline":
                yield self._inline(token, lines)
            elif token.type in ("fence", "code_block"):
                yield self._code(token, lines)
            elif token.type == BLOCK and self._touches(*self._lines.span(*lines)):
                yield from (_open(), token, _close())
            else:
                yield token

    def _inline(self, token: Token, lines: tuple[int, int]) -> Token:
        first, last = (token.map[0], token.map[1]) if token.map else lines
        if not self._touches(*self._lines.span(first, last)):
            return token
        is_next_cell = (first, last) == self._row or (first == self._row[0] and last == first)
        places = self._lines.places(
            token.content, first, max(last, first + 1), self._cell_end if is_next_cell else 0
        )
        if places:
            self._cell_end = places[-1] + 1
        found = pieces(token.content, places, token.children or ())
        return token.copy(children=list(_joined(self._pieces(found))))

    def _pieces(self, found: Iterable[Piece]) -> Iterator[Token]:
        for piece in found:
            token = piece.token
            begin, stop = self._slice(piece.places)
            if begin == stop:
                yield token
            elif token.type in _WHOLE or token.type in _BREAKS:
                yield from (_open(), token, _close())
            elif token.type == "code_inline":
                yield token.copy(meta={**token.meta, MARKED: (begin, stop)})
            else:
                yield from _split(token, begin, stop)

    def _code(self, token: Token, lines: tuple[int, int]) -> Token:
        if not self._touches(*self._lines.span(*lines)):
            return token
        first = lines[0] + (token.type == "fence")
        begin, stop = self._slice(self._lines.places(token.content, first, lines[1]))
        return token.copy(meta={**token.meta, MARKED: (begin, stop)}) if begin < stop else token

    def _slice(self, places: Sequence[int]) -> tuple[int, int]:
        inside = [index for index, place in enumerate(places) if self._start <= place < self._end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def _touches(self, begin: int, stop: int) -> bool:
        return begin < self._end and self._start < stop


def _open() -> Token:
    return Token(OPEN, "mark", 1)


def _close() -> Token:
    return Token(CLOSE, "mark", -1)


def _split(token: Token, begin: int, stop: int) -> Iterator[Token]:
    content = token.content
    if begin:
        yield token.copy(content=content[:begin])
    yield from (_open(), token.copy(content=content[begin:stop]), _close())
    if stop < len(content):
        yield token.copy(content=content[stop:])


def _joined(tokens: Iterable[Token]) -> Iterator[Token]:
    """Leave out where a mark ends and another begins at once."""
    waiting: Token | None = None
    for token in tokens:
        if waiting is not None and token.type == OPEN:
            waiting = None
            continue
        if waiting is not None:
            yield waiting
        waiting = token if token.type == CLOSE else None
        if waiting is None:
            yield token
    if waiting is not None:
        yield waiting
