"""Text that is safe to print: nothing in it can steer a terminal or reorder a line."""

from __future__ import annotations

import re

# C0 without tab and newline, DEL, C1, the bidirectional overrides, and lone surrogates
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # OSC, such as a title or a hyperlink
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI, such as a colour
    r"|\r(?=\n)"
)


def printable(text: str) -> str:
    """Return `text` without terminal escape sequences and control characters."""
    return _UNPRINTABLE.sub("", _ESCAPE_SEQUENCE.sub("", text))


def single_line(text: str) -> str:
    """Return `text` printable, on one line, runs of white space made one space."""
    return " ".join(printable(text).split())


def shortened(text: str, length: int) -> str:
    """Return `text` on one line, cut with an ellipsis when longer than `length` characters."""
    line = single_line(text)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def counted(number: int, one: str, several: str | None = None) -> str:
    """Return a number with its noun; the plural is `one` with an s unless it is given."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def without_surrogates(text: str) -> str:
    """Return `text` with lone surrogates (undecodable bytes of an argument) replaced by U+FFFD."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)
