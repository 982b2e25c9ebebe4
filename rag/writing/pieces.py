"""Cut a model's Markdown into pieces while it is being written.

A piece is what can be checked on its own: a sentence, a table row, a block of code, a formula; or
what only arranges them: a heading, the head of a table. Where a piece ends is decided from the
text before it and the first character after it, so the cuts do not depend on how the text was
chunked on its way here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rag.characters import visible_chunk
from rag.writing.sentence_search import SentenceSearch

LONGEST_PIECE_CHARS = 4000

_TRIGGER = re.compile(
    r"\n|(?<=\s)\S|(?<=[\]】］])[.!?]|(?<=[\]】］] )[.!?]|(?<=\$)\$|(?<=\\)\]|``|~~"
)
_LINE_ENDS = re.compile(r"[\r\x85\u2028\u2029]")
_BLANK = re.compile(r"\s*")
_FENCE = re.compile(r"(?P<fence>`{3,}(?![^\n]*`)|~{3,})[^\n]*\n")
_NO_FENCE = re.compile(r"`{3,}[^`\n]*`")
_HEADING = re.compile(r"#{1,6}\s")
_RULE = re.compile(r"(?:-\s?){3,}$|(?:\*\s?){3,}$|(?:_\s?){3,}$")
_MARK = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+)?")
_DELIMITER_ROW = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?")
_UNDECIDED = re.compile(r"[`~$\\#|>*+•-]{1,3}|\d{1,3}[.)]?|#{1,6}")
_FORMULA_ENDS = {"$$": "$$", "\\[": "\\]"}


class PieceKind(StrEnum):
    """What a piece is in the Markdown of the answer."""

    SENTENCE = "sentence"
    HEADING = "heading"
    TABLE_HEAD = "table_head"  # the row of titles and the line under it
    TABLE_ROW = "table_row"
    CODE = "code"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of an answer, as the model wrote it.

    Attributes:
        kind: what it is.
        text: without white space around it; citation markers still in it.
        gap: what separates it from the piece before: "", " ", "\\n" or "\\n\\n".
        mark: list or quotation mark before it ("- ", "2. ", "> "), or "".
        is_whole: False when it is too long and was cut somewhere.
    """

    kind: PieceKind
    text: str
    gap: str
    mark: str = ""
    is_whole: bool = True


class PieceCutter:
    """Cuts one answer; text goes in as it comes, finished pieces come out."""

    def __init__(self) -> None:
        self._text = ""
        self._gap = ""
        self._mark = ""
        self._starts_line = True
        self._has_cut = False
        self._is_whole = True
        self._search = SentenceSearch()
        self._block_from = 0  # before it no block ends
        self._open_fence = ""
        self._count = 0
        self._ends_in_return = False

    def feed(self, text: str) -> list[Piece]:
        """Take more text; return the pieces that it finishes."""
        pieces: list[Piece] = []
        text = self._one_kind_of_lines(text)
        before = len(self._text)
        waiting = self._text + text
        taken = 0  # characters of `waiting` that have become pieces
        for end in self._ends(waiting, before):
            self._text = waiting[taken:end]
            pieces.extend(self._finished(is_end=False))
            taken = end - len(self._text)
        self._text = waiting[taken:]
        self._count += len(text)
        return pieces

    def _one_kind_of_lines(self, text: str) -> str:
        """Return text with "\\n" for every line end and without what nobody sees."""
        goes_on = self._ends_in_return and text.startswith("\n")
        if text:
            self._ends_in_return = text.endswith("\r")
        text = text[goes_on:].replace("\r\n", "\n")
        return visible_chunk(_LINE_ENDS.sub("\n", text))

    def _ends(self, waiting: str, before: int) -> list[int]:
        """Return where it is looked whether a piece ends; the same however the text came."""
        found = {
            match.end()
            for match in _TRIGGER.finditer(waiting, max(0, before - 2))
            if match.end() > before
        }
        first = before + LONGEST_PIECE_CHARS - self._count % LONGEST_PIECE_CHARS
        return sorted(found.union(range(first, len(waiting) + 1, LONGEST_PIECE_CHARS)))

    def finish(self) -> list[Piece]:
        """Return what is left when no more text comes."""
        return list(self._finished(is_end=True))

    def _finished(self, *, is_end: bool) -> Iterator[Piece]:
        while True:
            self._skip_blank()
            if not self._text:
                return
            length_before = len(self._text)
            piece = self._take(is_end=is_end)
            if piece is not None:
                self._has_cut = True
                self._gap = self._mark = ""
                if piece.text:
                    yield piece
            elif len(self._text) == length_before:
                return

    def _skip_blank(self) -> None:
        blank = _BLANK.match(self._text)
        space = blank.group() if blank else ""
        if not space:
            return
        self._text = self._text[len(space) :]
        self._search = SentenceSearch()
        newlines = space.count("\n") + self._gap.count("\n")
        if newlines:
            self._starts_line = True
        if self._has_cut:
            self._gap = "\n\n" if newlines > 1 else "\n" if newlines else " "

    def _take(self, *, is_end: bool) -> Piece | None:
        """Return the next piece, None while it is unfinished or only a mark was read."""
        if self._open_fence:
            return self._code(self._open_fence, 0, is_end=is_end)
        if self._starts_line:
            if not is_end and _UNDECIDED.fullmatch(self._text):
                return None
            block = self._block(is_end=is_end)
            if block is not None:
                return block if block.text or not self._starts_line else None
            if self._is_block():
                return None
            self._read_mark()
        return self._sentence(is_end=is_end)

    def _is_block(self) -> bool:
        return bool(
            _FENCE.match(self._text)
            or self._text[:2] in _FORMULA_ENDS
            or _HEADING.match(self._text)
            or self._text.startswith(("|", "```", "~~~"))
        ) and not _NO_FENCE.match(self._text)

    def _block(self, *, is_end: bool) -> Piece | None:
        """Return a finished block other than a sentence."""
        text = self._text
        if text.startswith(("```", "~~~")) and not _NO_FENCE.match(text):
            return self._fenced(is_end=is_end)
        if text[:2] in _FORMULA_ENDS:
            end = text.find(_FORMULA_ENDS[text[:2]], max(2, self._block_from))
            self._block_from = len(text) - 1
            return self._cut(PieceKind.FORMULA, end + 2 if end > 0 else -1, is_end=is_end)
        line_end = text.find("\n")
        if _HEADING.match(text):
            return self._cut(PieceKind.HEADING, line_end, is_end=is_end)
        if text.startswith("|"):
            return self._row(line_end, is_end=is_end)
        line = text[:line_end] if line_end >= 0 else text
        if (line_end >= 0 or is_end) and _RULE.match(line.strip()):
            self._text = text[len(line) :]
            return Piece(PieceKind.SENTENCE, "", "")
        return None

    def _fenced(self, *, is_end: bool) -> Piece | None:
        opened = _FENCE.match(self._text)
        if opened is None:
            return self._cut(PieceKind.CODE, -1, is_end=is_end)
        return self._code(opened["fence"], opened.end(), is_end=is_end)

    def _code(self, fence: str, start: int, *, is_end: bool) -> Piece | None:
        """Return code up to its closing fence; of code that is too long also the rest of it."""
        closing = re.compile(rf"(?m)^[ \t]*{re.escape(fence)}[`~]*[ \t]*$")
        closed = closing.search(self._text, max(start, self._block_from))
        self._block_from = self._text.rfind("\n") + 1
        piece = self._cut(PieceKind.CODE, closed.end() if closed else -1, is_end=is_end)
        if piece is not None:
            self._open_fence = "" if closed else fence
        return piece

    def _row(self, line_end: int, *, is_end: bool) -> Piece | None:
        """Return a table row once it is clear whether titles stand in it."""
        if line_end < 0:
            return self._cut(PieceKind.TABLE_ROW, -1, is_end=is_end)
        below = self._text[line_end + 1 :].lstrip(" \t")
        if not below and not is_end:
            return None
        if not below.startswith("|"):
            return self._cut(PieceKind.TABLE_ROW, line_end, is_end=is_end)
        next_end = self._text.find("\n", line_end + 1)
        if next_end < 0 and not is_end:
            return None
        next_end = next_end if next_end >= 0 else len(self._text)
        if _DELIMITER_ROW.fullmatch(self._text[line_end + 1 : next_end]):
            return self._cut(PieceKind.TABLE_HEAD, next_end, is_end=is_end)
        return self._cut(PieceKind.TABLE_ROW, line_end, is_end=is_end)

    def _read_mark(self) -> None:
        mark = _MARK.match(self._text)
        self._mark = mark.group() if mark else ""
        self._text = self._text[len(self._mark) :]
        self._search = SentenceSearch()
        self._starts_line = False

    def _sentence(self, *, is_end: bool) -> Piece | None:
        is_long = len(self._text) > LONGEST_PIECE_CHARS
        end = self._search.find(self._text, is_end=is_end, is_long=is_long)
        return self._cut(PieceKind.SENTENCE, end, is_end=is_end)

    def _cut(self, kind: PieceKind, end: int, *, is_end: bool) -> Piece | None:
        """Return the piece that ends at `end`; unfinished (-1) only at the end, or when huge."""
        is_ended = end >= 0 or is_end
        if end < 0:
            if not is_end and len(self._text) <= LONGEST_PIECE_CHARS:
                return None
            end = len(self._text)
        is_whole = self._is_whole and (is_ended and end <= LONGEST_PIECE_CHARS)
        piece = Piece(kind, self._text[:end].strip(), self._gap, self._mark, is_whole)
        self._is_whole = is_ended
        self._search = SentenceSearch()
        self._block_from = 0
        self._text = self._text[end:]
        self._starts_line = False
        return piece
