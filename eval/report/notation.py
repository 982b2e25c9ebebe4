"""How a report writes numbers, intervals, dates and other people's text."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

from eval.statistics import Interval

ABSENT = "–"
ABOUT_SYSTEM = ("snapshot", "version")
"""What of a system stands at the head of its report."""

_INITIALS = {"llm": "LLM"}

# C0 without tab and newline, DEL, C1, the bidirectional overrides, and lone surrogates
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` without characters that steer a terminal, reorder a line or are no Unicode."""
    return _UNPRINTABLE.sub("", text)


def shortened(text: str, length: int) -> str:
    """Return `text` on one line, cut with an ellipsis when longer than `length` characters."""
    line = " ".join(printable(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def sentence_case(text: str) -> str:
    """Return `text` with a capital first letter, spaces for underscores, initials in capitals."""
    spaced = " ".join(_INITIALS.get(word, word) for word in text.split("_"))
    return spaced[:1].upper() + spaced[1:]


def number(value: float) -> str:
    """Return a measured value: three decimals within [-1, 1], one beyond."""
    if not math.isfinite(value):
        return ABSENT
    return f"{value:.3f}" if abs(value) <= 1 else f"{value:,.1f}"


def span(interval: Interval) -> str:
    """Return an interval as "low–high"."""
    return f"{number(interval.low)}–{number(interval.high)}"


def share(value: float) -> str:
    """Return a share of 1 as a percentage."""
    return f"{100 * value:.1f} %" if math.isfinite(value) else ABSENT


def share_span(interval: Interval) -> str:
    """Return an interval of shares as percentages."""
    return f"{100 * interval.low:.1f}–{share(interval.high)}"


def duration(value_ms: float) -> str:
    """Return a duration in ms, or in s from one second on, to about three digits."""
    if not math.isfinite(value_ms):
        return ABSENT
    if value_ms >= 1000:
        return f"{value_ms / 1000:,.2f} s"
    digits = 2 if value_ms < 10 else 1 if value_ms < 100 else 0
    return f"{value_ms:.{digits}f} ms"


def mebibytes(value: float) -> str:
    """Return an amount of memory."""
    return f"{value:,.0f} MiB" if math.isfinite(value) else ABSENT


def fact(value: str | int | float) -> str:
    """Return a setting or a count as it is read: yes and no for truth values, no empty cells."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if math.isfinite(value) else ABSENT
    return str(value) or ABSENT


def moment(iso: str) -> str:
    """Return an ISO 8601 time to the minute, in UTC; what is none comes back as it is."""
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    aware = found if found.tzinfo else found.replace(tzinfo=UTC)
    return f"{aware.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def counted(count: int, one: str, several: str | None = None) -> str:
    """Return a count with its noun; the plural is `one` with an s unless it is given."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"
