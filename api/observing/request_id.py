"""The id of a request: in the response, in the log and in error bodies."""

from __future__ import annotations

import re
import uuid
from contextvars import ContextVar

HEADER = "x-request-id"

_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def begin_request(given: str) -> str:
    """Return the id of the request that starts here: the given one if it is sane, or a new one."""
    chosen = given if _SANE.fullmatch(given) else uuid.uuid4().hex
    _current.set(chosen)
    return chosen


def request_id() -> str:
    """Return the id of the request being answered; empty outside of one."""
    return _current.get()
