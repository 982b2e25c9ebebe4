"""Events of an answer as JSON and as server-sent events, for our own routes.

`status`, `sources`, `delta`, `citation`, `answer`, `error`; every id is `ANSWER_ID:NUMBER`, so that
a client that lost the connection can say where it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from api.answer_service import Stored
from api.errors import EXPECTED, one_line
from api.permalink import citation_url
from rag.answer import Answer
from rag.writing.answer_event import AnswerEvent, Cited, Delta, Finished, Found, Status

PING = b": ping\n\n"

# Clients that cut lines as Python's splitlines() does would cut here too.
_LINE_ENDS = {ord(letter): f"\\u{ord(letter):04x}" for letter in "\x85\u2028\u2029"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """What the events of one answer share: its ids and the address of this server."""

    answer_id: str
    conversation_id: str
    base: str

    def named(self, event: AnswerEvent | Stored) -> tuple[str, dict[str, Any]]:
        """Return the name and the data of an event."""
        match event:
            case Status():
                return "status", {**asdict(event), **self._ids()}
            case Found():
                return "sources", _sources(event)
            case Delta():
                return "delta", {"text": event.text}
            case Cited():
                url = citation_url(self.base, event.citation)
                return "citation", {**asdict(event.citation), "url": url}
            case Finished():
                return "answer", self.answer(event.answer)
            case Stored():
                return "answer", self.answer(event.finished.answer)

    def answer(self, answer: Answer) -> dict[str, Any]:
        """Return an answer in the shape of `ask --json`, with its ids."""
        return {**answer.to_json(), **self._ids()}

    def kept(self, events: Sequence[AnswerEvent]) -> list[dict[str, Any]]:
        """Return events as they are stored."""
        return [{"event": name, "data": data} for name, data in map(self.named, events)]

    def frame(self, number: int, name: str, data: Mapping[str, Any]) -> bytes:
        """Return one server-sent event; `number` counts from 0."""
        return b"id: %b:%d\nevent: %b\n%b" % (
            self.answer_id.encode(),
            number,
            name.encode(),
            data_frame(data),
        )

    def _ids(self) -> dict[str, str]:
        return {"conversation_id": self.conversation_id, "answer_id": self.answer_id}


def data_frame(data: Mapping[str, Any]) -> bytes:
    """Return a server-sent event of nothing but JSON data, on one line for every reader."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"data: {text.translate(_LINE_ENDS)}\n\n".encode("utf-8", "replace")


def error_data(error: BaseException) -> dict[str, Any]:
    """Return the data of an `error` event."""
    if isinstance(error, EXPECTED):
        return {"error": {"type": type(error).__name__, "message": one_line(error)}}
    message = "something went wrong on the server; its log says what"
    return {"error": {"type": "Unexpected", "message": message}}


def read_event_id(text: str) -> tuple[str, int] | None:
    """Return the answer id and the number in an event id; None when it is none of ours."""
    answer_id, _, number = text.strip().rpartition(":")
    if not answer_id or not number.isdecimal() or len(number) > 9:
        return None
    return answer_id, int(number)


def _sources(found: Found) -> dict[str, Any]:
    return {
        "standalone_question": found.standalone_question,
        "answerable": found.answerable,
        "answerable_probability": found.answerable_probability,
        "nearest_terms": list(found.nearest_terms),
        "hits": [hit.to_json() for hit in found.hits],
    }
