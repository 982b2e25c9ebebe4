"""The noun SentenceSearch: where the first sentence of a text ends that is still being written.

It remembers how far it looked, so that the whole search takes a few steps for each character,
whatever the text is.
"""

from __future__ import annotations

import re
from itertools import islice

from corpus.sentences import sentence_spans
from rag.writing.markers import MARKER, RAISED

UNFINISHED = -1
MOST_LINES = 40  # that one sentence runs over
_SHORT_CHARS = 240  # up to which a sentence is looked at whenever it may end
_GROWTH = 8  # a longer one once it has grown by one part in so many
_OVERLAP_CHARS = 100

_TRAILING_MARKERS = re.compile(rf"(?i)(?:\s*(?:{MARKER}|{RAISED}))+[.!?]?")
_ENDS_IN_MARKERS = re.compile(rf"(?i)[.!?…][*)\"'”’]{{0,4}}(?:{MARKER}|{RAISED})+(?=\s)")
_CLOSED_BY_MARKER = re.compile(rf"(?i){MARKER}\s?[.!?]$")
_OPEN_MARKER = re.compile(r"(?:\\|\\?[\[【［])[^\[\]【】［］\n]{0,60}")
_MAY_END = re.compile(
    r"…|[\]】］]\s?[.!?]|[.!?]\S{0,40}\s+[^a-z\s]|[.!?][*)\"'”’]{0,4}\\?[\[【［⁰¹²³⁴-⁹]\S{0,60}\s"
)
_OPENS, _CLOSES = re.compile(r"[\[【［][ \t]*$"), frozenset("]】］")
_BELOW = re.compile(r"[ \t]*([^ \t]?)")


class SentenceSearch:
    """The search in one text, which only grows."""

    def __init__(self) -> None:
        self._line_from = 0
        self._lines = 0
        self._looked = 0
        self._due = 0

    def find(self, text: str, *, is_end: bool, is_long: bool) -> int:
        """Return where the first sentence of `text` ends, UNFINISHED while that is open.

        `is_end` tells that no more text comes, `is_long` that no more is waited for.
        """
        line_end = self._line_end(text, is_end=is_end)
        if not (line_end >= 0 or is_end or is_long or self._may_end(text)):
            return UNFINISHED
        line = text[:line_end] if line_end >= 0 else text
        end = _first_end(line, is_whole=line_end >= 0, is_end=is_end)
        if end == UNFINISHED and len(text) > _SHORT_CHARS:
            self._due = len(text) + len(text) // _GROWTH
        return end

    def _line_end(self, text: str, *, is_end: bool) -> int:
        """Return where the line ends; a line that goes on in small letters below is one line.

        So is one that ends or goes on inside a marker.
        """
        found = text.find("\n", self._line_from)
        while found >= 0:
            below = _BELOW.match(text, found + 1)
            first = below[1] if below else ""
            if not first and not is_end:
                self._line_from = found
                return UNFINISHED
            self._lines += 1
            goes_on = first.islower() or _OPENS.search(text, max(0, found - 3), found)
            if not (goes_on or first in _CLOSES) or self._lines >= MOST_LINES:
                return found
            found = text.find("\n", found + 1)
        self._line_from = len(text)
        return UNFINISHED

    def _may_end(self, text: str) -> bool:
        """Tell whether a sentence may end in what was not looked at yet."""
        if len(text) < self._due:
            return False
        start, self._looked = max(0, self._looked - _OVERLAP_CHARS), len(text)
        return _MAY_END.search(text, start) is not None


def _first_end(line: str, *, is_whole: bool, is_end: bool) -> int:
    """Return where the first sentence of a line ends, with the markers behind it."""
    spans = list(islice(sentence_spans(line), 2))
    if not spans:
        return len(line) if is_whole else UNFINISHED
    closed = _ENDS_IN_MARKERS.search(line, 0, spans[0][1])
    end = closed.end() if closed else spans[0][1]
    followed = _TRAILING_MARKERS.match(line, end)
    end = followed.end() if followed else end
    if is_whole:
        return end
    rest = line[end:].lstrip()
    if _OPEN_MARKER.fullmatch(rest) and not is_end:
        return UNFINISHED
    if rest:
        return end
    return len(line) if len(spans) == 1 and _CLOSED_BY_MARKER.search(line) else UNFINISHED
