"""Lists of a flat Markdown text: where items begin, and how deep they are nested."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

NUMBER_REACH = 6_000
_MOST_LEVELS = 5
_FEWEST_STEPS = 4
_FEWEST_SENTENCES = 3
_SENTENCE_END = re.compile(r"[.!?][)\"”]*\s+(?=[A-Z\"“])|[.!?]\s*$")
_LABELLED = re.compile(r"[A-Z][\w/ -]{0,30}:\s")


@dataclass(slots=True)
class Item:
    """One list item: `start` of its marker, `content` of its text, and its nesting level."""

    start: int
    content: int
    number: int | None
    bold: bool
    level: int
    indent: int


@dataclass(slots=True)
class Level:
    """One open level of a list: numbered when `number` is the last number seen."""

    number: int | None
    bold: bool
    indent: int

    @property
    def width(self) -> int:
        """Return how far the text of an item is indented behind its marker."""
        return 2 if self.number is None else len(str(self.number)) + 2


@dataclass(slots=True)
class OpenList:
    """A list that is being read; `close` returns the gap before every item."""

    items: list[Item] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)

    def bullet(self, start: int, bold: bool, after_colon: bool, number_follows: bool) -> None:
        """Add a bullet item, deeper after a colon, shallower where its style belongs."""
        if not self.levels or (after_colon and self.items[-1].content < start):
            self._push(None, bold)
        else:
            self._return_to_bullets(bold, number_follows)
        self._add(start, start + 2, None, bold)

    def step(self, start: int, number: int, content: int, bold: bool) -> None:
        """Add a numbered item: the next of an open level, or the first of a deeper one."""
        while self.levels and self.expects(number) and self.levels[-1].number != number - 1:
            self.levels.pop()
        if self.levels and self.levels[-1].number == number - 1:
            self.levels[-1].number = number
        else:
            self._push(number, bold)
        self._add(start, content, number, bold)

    def expects(self, number: int) -> bool:
        """Tell whether an open level continues with this number."""
        return any(level.number == number - 1 for level in self.levels)

    def next_numbers(self) -> list[int]:
        """Return the numbers that would continue the open levels."""
        return [level.number + 1 for level in self.levels if level.number is not None]

    def ends_with_bullet(self, number_follows: bool) -> bool:
        """Tell whether a bullet after the last item begins a list of its own."""
        numbered = [level.number is not None for level in self.levels]
        return bool(numbered) and all(numbered) and not number_follows

    def gaps(self, text: str) -> dict[int, str]:
        """Return marker offset -> the line break and indentation before it."""
        _nest_labelled(self.items, text)
        first = {self.items[0].start: "\n\n"} if self.items else {}
        return {item.start: "\n" + " " * item.indent for item in self.items} | first

    def rest_after_steps(self, text: str, end: int) -> int | None:
        """Return where prose begins that was glued to the last of several one-sentence steps."""
        steps = self.items
        if len(steps) < _FEWEST_STEPS or any(item.level or item.number is None for item in steps):
            return None
        spans = zip(steps, [*(item.start for item in steps[1:]), end], strict=True)
        sentences = [_SENTENCE_END.findall(text[item.content : stop]) for item, stop in spans]
        if (
            any(len(found) > 1 for found in sentences[:-1])
            or len(sentences[-1]) < _FEWEST_SENTENCES
        ):
            return None
        first = _SENTENCE_END.search(text, steps[-1].content, end)
        return first.end() if first else None

    def _push(self, number: int | None, bold: bool) -> None:
        if len(self.levels) >= _MOST_LEVELS:
            self.levels.pop()
        indent = self.levels[-1].indent + self.levels[-1].width if self.levels else 0
        self.levels.append(Level(number, bold, indent))

    def _return_to_bullets(self, bold: bool, number_follows: bool) -> None:
        if self.levels[-1].number is not None:
            if number_follows or all(level.number is not None for level in self.levels):
                self._push(None, bold)
                return
            while self.levels[-1].number is not None:
                self.levels.pop()
        bullets = [i for i, level in enumerate(self.levels) if level.number is None]
        if bold and not self.levels[-1].bold:
            fitting = [i for i in bullets if self.levels[i].bold]
            del self.levels[fitting[-1] + 1 if fitting else len(self.levels) :]

    def _add(self, start: int, content: int, number: int | None, bold: bool) -> None:
        indent = self.levels[-1].indent
        self.items.append(Item(start, content, number, bold, len(self.levels) - 1, indent))


def _nest_labelled(items: list[Item], text: str) -> None:
    """Nest `Label: ...` items under bold ones when every bold item has some."""
    if any(item.level or item.number is not None for item in items):
        return
    bold = [index for index, item in enumerate(items) if item.bold]
    if len(bold) < 2 or bold[0] != 0 or len(items) - 1 in bold:
        return
    if any(second - first == 1 for first, second in pairwise(bold)):
        return
    plain = [item for item in items if not item.bold]
    if all(_LABELLED.match(text, item.content) for item in plain):
        for item in plain:
            item.level, item.indent = 1, 2
