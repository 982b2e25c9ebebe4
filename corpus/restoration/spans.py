"""Spans of a flat Markdown text that hide its structure: code, formulas and bold runs."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from corpus.restoration.latex import is_command_rest, starts_damaged

MASK = "\ue000"
_OPENING = re.compile(r"`+|\\[\\$`()\[\]]|\$\$?")
_CODE_LIMIT = 2_000
_FORMULA_LIMIT = 4_000
_BOLD_LIMIT = 3_000
_AMOUNT = re.compile(r"\d[\d.,]*\s?[KMBkmb+%-]")
_PLAIN_WORD = re.compile(r"(?<![\\A-Za-z_^{])[A-Za-z]{3,}")
_TEXT_COMMAND = re.compile(r"\\[A-Za-z]+\{[^{}]*\}")


class SpanKind(StrEnum):
    """What a protected span is."""

    FENCE = "fence"
    CODE = "code"
    FORMULA = "formula"
    DISPLAY = "display"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start:end` of the text; `inner_start:inner_end` leaves the delimiters out."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    kind: SpanKind


def protected_spans(text: str) -> list[Span]:
    """Find fences, inline code and formulas, in order and without overlap, in linear time."""
    return _Scanner(text).scan()


def mask(text: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with every character of the spans replaced by one that means nothing."""
    pieces, position = [], 0
    for start, end in spans:
        pieces += [text[position:start], MASK * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])


def bold_runs(masked: str) -> list[tuple[int, int]]:
    """Find `**bold**` runs as (start, end) with their asterisks."""
    runs: list[tuple[int, int]] = []
    opening = masked.find("**")
    while opening >= 0:
        closing = masked.find("**", opening + 2)
        if closing < 0:
            break
        if _is_bold(masked, opening, closing):
            runs.append((opening, closing + 2))
            opening = masked.find("**", closing + 2)
        else:
            opening = closing
    return runs


def _is_bold(masked: str, opening: int, closing: int) -> bool:
    if not 2 < closing - opening <= _BOLD_LIMIT:
        return False
    return not (masked[opening + 2].isspace() or masked[closing - 1].isspace())


class _Scanner:
    """Walks over opening delimiters; every closing one is looked up in a sorted list."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ticks: dict[int, list[int]] = {}
        self.closings: dict[str, list[int]] = {"$": [], "$$": [], "\\)": [], "\\]": []}
        for found in _OPENING.finditer(text):
            token = found[0]
            if token[0] == "`":
                self.ticks.setdefault(len(token), []).append(found.start())
            elif token in self.closings:
                self.closings[token].append(found.start())

    def scan(self) -> list[Span]:
        spans: list[Span] = []
        position = 0
        while found := _OPENING.search(self.text, position):
            span = self._span_at(found.start(), found[0])
            if span is not None:
                spans.append(span)
            position = span.end if span else found.end()
        return spans

    def _span_at(self, start: int, mark: str) -> Span | None:
        if mark[0] == "`":
            return self._fence(start, mark) if len(mark) >= 3 else self._code(start, mark)
        if mark == "$":
            return self._dollar_formula(start)
        closing = {"$$": "$$", "\\(": "\\)", "\\[": "\\]"}.get(mark)
        return self._bracketed_formula(start, mark, closing) if closing else None

    def _fence(self, start: int, token: str) -> Span | None:
        if start and not self.text[start - 1].isspace():
            return None
        inner = start + len(token)
        closing = _next(self.ticks[len(token)], inner)
        if closing is None:
            return Span(start, len(self.text), inner, len(self.text), SpanKind.FENCE)
        return Span(start, closing + len(token), inner, closing, SpanKind.FENCE)

    def _code(self, start: int, token: str) -> Span | None:
        inner = start + len(token)
        closing = _next(self.ticks[len(token)], inner)
        if closing is None or closing - inner > _CODE_LIMIT:
            return None
        return Span(start, closing + len(token), inner, closing, SpanKind.CODE)

    def _dollar_formula(self, start: int) -> Span | None:
        closing = _next(self.closings["$"], start + 1)
        if closing is None or closing - start > _FORMULA_LIMIT:
            return None
        touches = start > 0 and self.text[start - 1].isalnum()
        if touches or self.text[closing + 1 : closing + 2].isdigit():
            return None
        if not _reads_as_formula(self.text[start + 1 : closing]):
            return None
        return Span(start, closing + 1, start + 1, closing, SpanKind.FORMULA)

    def _bracketed_formula(self, start: int, mark: str, closing_mark: str) -> Span | None:
        closing = _next(self.closings[closing_mark], start + 2)
        if closing is None or closing - start > _FORMULA_LIMIT:
            return None
        inner = self.text[start + 2 : closing]
        if not inner.strip() or "**" in inner or "`" in inner:
            return None
        kind = SpanKind.FORMULA if mark == "\\(" else SpanKind.DISPLAY
        return Span(start, closing + 2, start + 2, closing, kind)


def _next(positions: list[int], at_least: int) -> int | None:
    index = bisect_left(positions, at_least)
    return positions[index] if index < len(positions) else None


def _reads_as_formula(inner: str) -> bool:
    if not inner.strip() or inner[-1].isspace() or "**" in inner or "`" in inner:
        return False
    if inner[0].isspace() and not starts_damaged(inner):
        return False
    words = _PLAIN_WORD.findall(_TEXT_COMMAND.sub("", inner))
    plain = [word for word in words if not is_command_rest(word)]
    return not plain if _AMOUNT.match(inner) else len(plain) < 3
