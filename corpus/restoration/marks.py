"""Marks of a flat Markdown text that may begin or end a block, in reading order."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum

from corpus.restoration.spans import bold_runs, mask

_TOKEN = re.compile(
    r"(?<!\S)(?:(?P<bullet>[-*+])|(?P<step>\d{1,2})\.|(?P<hash>#{1,6})|---)(?=\s+\S)"
)
_SENTENCE = re.compile(r"(?<=[a-z0-9)\]}\ue000²³])\s+(?=(?:This|These|The|It)\s)")


class MarkKind(StrEnum):
    """What may stand at a mark."""

    BLOCK = "block"  # a fence, a table or a display formula: always a block of its own
    BOLD = "bold"
    BULLET = "bullet"
    STEP = "step"
    HASH = "hash"
    RULE = "rule"
    SENTENCE = "sentence"  # a sentence begins although the text before it has no end


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: `start:end` in the text; `number` of a numbered item."""

    start: int
    end: int
    kind: MarkKind
    number: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of a text, and the text with everything masked that hides structure."""

    masked: str
    bold_masked: str
    found: tuple[Mark, ...]
    steps: tuple[tuple[int, int], ...]  # (start, number)

    def has_step(self, numbers: list[int], after: int, within: int) -> bool:
        """Tell whether a numbered item with one of these numbers follows soon."""
        index = bisect_left(self.steps, (after, 0))
        window = self.steps[index : index + 12]
        return any(n in numbers and start - after < within for start, n in window)


def find_marks(masked: str, blocks: list[tuple[int, int]]) -> Marks:
    """Find the marks of a text whose code, formulas and tables are masked."""
    bold = bold_runs(masked)
    bold_masked = mask(masked, bold)
    found = [Mark(start, end, MarkKind.BLOCK) for start, end in blocks]
    found += [Mark(start, end, MarkKind.BOLD) for start, end in bold]
    found += [_mark(token) for token in _TOKEN.finditer(bold_masked)]
    found += [Mark(m.end(), m.end(), MarkKind.SENTENCE) for m in _SENTENCE.finditer(bold_masked)]
    found.sort(key=lambda mark: mark.start)
    steps = tuple((mark.start, mark.number) for mark in found if mark.kind is MarkKind.STEP)
    return Marks(masked, bold_masked, tuple(found), steps)


def _mark(token: re.Match[str]) -> Mark:
    if token["bullet"]:
        return Mark(token.start(), token.end(), MarkKind.BULLET)
    if token["step"]:
        return Mark(token.start(), token.end(), MarkKind.STEP, int(token["step"]))
    kind = MarkKind.HASH if token["hash"] else MarkKind.RULE
    return Mark(token.start(), token.end(), kind)
