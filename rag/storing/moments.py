"""Points in time: aware in Python, microseconds since 1970 in a database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def utc_now() -> datetime:
    """Return the present time, aware."""
    return datetime.now(UTC)


def to_microseconds(moment: datetime) -> int:
    """Return the microseconds since 1970 of an aware time, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the aware time that many microseconds after 1970 began, exactly."""
    return _EPOCH + timedelta(microseconds=count)
