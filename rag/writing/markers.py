"""Citation markers in a model's text: "[2]", "[1, 3]", "[^4]", "\\[2\\]", "【2†source】"."""

from __future__ import annotations

import re
from collections.abc import Container

_LABEL = r"(?:(?:sources?|src|docs?|documents?|refs?|references?|citations?)\.?[ ]{0,2}:?[ ]{0,2})"
MARKER = (
    rf"\\?[\[【［][ *_^`#]{{0,4}}{_LABEL}?[ *_^`#]{{0,4}}"
    r"\d{1,4}(?:[ ]{0,3}(?:[,;–-]|and)[ ]{0,3}#?\d{1,4}){0,30}[ *_`]{0,4}"
    r"(?:†[^\]】］\n]{0,80})?\\?[\]】］]"
)
_MARKER = re.compile(
    rf"(?i)(?P<code>`[^`\n]*`)|(?P<space>\s*)(?P<marker>{MARKER})(?:\([^()\s]{{0,2000}}\))?"
)
_TWO_STOPS = re.compile(r"(?<!\.)([.!?])\s?\.(?=\s*$)")  # "It is. [1]."
_RANGE = re.compile(r"(\d+)\s*[–-]\s*(\d+)")
_NUMBER = re.compile(r"\d+")
_LONGEST_RANGE = 20


def read_markers(text: str, literal: Container[str] = ()) -> tuple[str, tuple[int, ...]]:
    """Return a text without its markers, and the numbers in them: in order, each once.

    Inline code keeps what looks like a marker, and what is `literal` (an interval such as "[0, 1]")
    stays as well.
    """
    numbers: list[int] = []

    def collect(match: re.Match[str]) -> str:
        if match["code"] or match["marker"] in literal:
            return match[0]
        numbers.extend(_numbers(match["marker"].partition("†")[0]))
        return ""

    bare = _MARKER.sub(collect, text)
    if numbers:
        bare = _TWO_STOPS.sub(r"\1", bare)
    return bare.strip(), tuple(dict.fromkeys(numbers))


def _numbers(marker: str) -> list[int]:
    spans = [(int(low), int(high)) for low, high in _RANGE.findall(marker)]
    inner = [
        n for low, high in spans if low <= high < low + _LONGEST_RANGE for n in range(low, high)
    ]
    return sorted({*inner, *map(int, _NUMBER.findall(marker))})
