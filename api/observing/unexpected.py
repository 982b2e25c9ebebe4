"""What the log holds of an error that nobody expected: its kind and its stack.

Its message is left out: it could quote a question, a prompt or an answer.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any

from api.observing.request_id import request_id

_log = logging.getLogger("aifactory")


def log_unexpected(what: str, error: BaseException, **more: Any) -> None:
    """Log that something failed, with the id of the request that is being answered."""
    frames = traceback.extract_tb(error.__traceback__)
    fields = {
        **more,
        "request_id": request_id(),
        "error": type(error).__name__,
        "stack": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    _log.error(what, extra={"fields": fields})
