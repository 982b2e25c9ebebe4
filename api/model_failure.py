"""What is told of a language model that did not deliver.

What its server said stays out of the log and out of answers: it may repeat the prompt, and name
keys, accounts and machines.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace

from api.observing.request_id import request_id
from rag.writing.answer_event import Finished

_SAID_BY_SERVER = re.compile(r" \(.*\)(?=; )")
_STATUS = re.compile(r": status (\d{3})\b")
_log = logging.getLogger("aifactory")


def for_clients(finished: Finished) -> Finished:
    """Log a failure by its kind and status, and leave what a server said out of the notice."""
    trace = finished.trace
    if not trace.failure:
        return finished
    status = _STATUS.search(trace.failure)
    fields = {
        "kind": trace.failure_kind or "NothingSupported",
        "status": int(status[1]) if status else "-",
        "request_id": request_id(),
    }
    _log.warning("the language model did not deliver", extra={"fields": fields})
    notice = _SAID_BY_SERVER.sub("", finished.answer.notice)
    return replace(finished, answer=replace(finished.answer, notice=notice))
