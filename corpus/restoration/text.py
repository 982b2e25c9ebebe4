"""The noun FlatText: questions about what stands around a position of a flat Markdown text."""

from __future__ import annotations

import re
from bisect import bisect_left

from corpus.restoration.marks import Mark, MarkKind, Marks
from corpus.restoration.spans import MASK

_SPACE = re.compile(r"\s*")
_STRUCTURE = re.compile(r"(?:[-*+]|\d{1,2}\.|#{1,6})\s|\*\*|$")
_CLOSERS = ")]\"'”’*`" + MASK
_LABEL_REACH = 200


class FlatText:
    """A flat text with its marks; every answer looks at a bounded neighbourhood."""

    def __init__(self, text: str, marks: Marks) -> None:
        self.text = text
        self.marks = marks
        self.masked = marks.masked
        self._starts = [mark.start for mark in marks.found]
        self._blocks = {mark.start for mark in marks.found if mark.kind is MarkKind.BLOCK}

    def skip_space(self, position: int) -> int:
        """Return where the next text begins."""
        found = _SPACE.match(self.text, position)
        return found.end() if found else position

    def before(self, position: int) -> str:
        """Return the last character before the white space before a position, or ""."""
        end = self._skip_space_back(position)
        return self.masked[end - 1] if end else ""

    def sentence_ended(self, position: int, also: str = "") -> bool:
        """Tell whether the text before a position ends like a sentence, or with one of `also`."""
        end = self._skip_space_back(position)
        for _ in range(4):
            if end <= 0:
                return True
            if self.masked[end - 1] in ".!?…" + also:
                return True
            if self.masked[end - 1] not in _CLOSERS:
                return False
            end -= 1
        return False

    def is_labelled(self, position: int) -> bool:
        """Tell whether `**Label**:` begins at a position."""
        if not self.masked.startswith("**", position):
            return False
        closing = self.masked.find("**", position + 2, position + _LABEL_REACH)
        return closing > 0 and ":" in self.masked[closing - 1 : closing + 3]

    def structure_at(self, position: int) -> bool:
        """Tell whether a list, a bold run, a table, a fence or the end stands at a position."""
        if position in self._blocks:
            return True
        return bool(_STRUCTURE.match(self.masked[position : position + 8]))

    def count_parentheses(self, start: int, end: int, depth: int) -> int:
        """Return how many parentheses are open at `end`, if `depth` were at `start`."""
        for character in re.findall(r"[()]", self.marks.bold_masked[start:end]):
            depth = depth + 1 if character == "(" else max(0, depth - 1)
        return depth

    def next_block_mark(self, mark: Mark) -> int:
        """Return where the next mark begins that may be a block, or the end of the text."""
        index = bisect_left(self._starts, mark.end)
        for following in self.marks.found[index : index + 4]:
            if following.kind is not MarkKind.SENTENCE:
                return following.start
        return len(self.text)

    def _skip_space_back(self, position: int) -> int:
        while position > 0 and self.text[position - 1].isspace():
            position -= 1
        return position
