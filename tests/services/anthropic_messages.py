"""The wire of Anthropic's Messages, as replies of a scripted model: named server-sent events.

Format: https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from __future__ import annotations

import json

from tests.services.scripted_model import JSON, HangUp, Reply, Stall, Step, Wait

MODEL = "claude-scripted"
_USAGE = {"input_tokens": 7, "output_tokens": 1}
PING = b'event: ping\ndata: {"type": "ping"}\n\n'


def says(
    *texts: str, stop_reason: str = "end_turn", thoughts: tuple[str, ...] = (), pace_s: float = 0
) -> Reply:
    """Think aloud in a block of thoughts, if there are any, and say the texts in one of text."""
    steps: list[Step] = [begins()]
    if thoughts:
        steps += _block(0, "thinking", *thoughts)
    steps += _block(1 if thoughts else 0, "text", *texts, pace_s=pace_s)
    return _events(*steps, *_ends(stop_reason))


def says_nothing(stop_reason: str) -> Reply:
    """End without a block."""
    return _events(begins(), *_ends(stop_reason))


def stalls(*texts: str) -> Reply:
    """Say these texts and then nothing more, without an end."""
    return _events(begins(), *_open_block(*texts), Stall())


def dies(*texts: str) -> Reply:
    """Say these texts and close the connection in the middle of the reply."""
    return _events(begins(), *_open_block(*texts), Wait(0.05), HangUp())


def breaks_off(*texts: str) -> Reply:
    """Say these texts and end the body of the response, without an end of the message."""
    return _events(begins(), *_open_block(*texts))


def overloads(*texts: str) -> Reply:
    """Say these texts and then, in the middle of a good response, that too much is asked."""
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    return _events(begins(), *_open_block(*texts), _event("error", error))


def refuses(status: int, kind: str, message: str, **headers: str) -> Reply:
    """Answer with an HTTP error and Anthropic's error object."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return Reply((json.dumps(body).encode(),), status, JSON + more)


def begins() -> bytes:
    """Return the event that opens a message."""
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": MODEL,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": _USAGE,
    }
    return _event("message_start", {"message": message})


def _block(index: int, kind: str, *texts: str, pace_s: float = 0) -> list[Step]:
    """Return the events of one block of content, one delta for each text."""
    empty = {"type": kind, kind: ""} | ({"signature": ""} if kind == "thinking" else {})
    steps: list[Step] = [
        _event("content_block_start", {"index": index, "content_block": empty}),
        PING,
    ]
    for text in texts:
        steps += [Wait(pace_s), _delta(index, {"type": f"{kind}_delta", kind: text})]
    if kind == "thinking":
        steps.append(_delta(index, {"type": "signature_delta", "signature": "EqQBCgIYAhIM"}))
    return [*steps, _event("content_block_stop", {"index": index})]


def _open_block(*texts: str) -> list[Step]:
    return _block(0, "text", *texts)[:-1]


def _delta(index: int, delta: dict[str, str]) -> bytes:
    return _event("content_block_delta", {"index": index, "delta": delta})


def _ends(stop_reason: str) -> list[Step]:
    delta = {"stop_reason": stop_reason, "stop_sequence": None}
    return [
        _event("message_delta", {"delta": delta, "usage": {"output_tokens": 15}}),
        _event("message_stop", {}),
    ]


def _event(name: str, payload: dict[str, object]) -> bytes:
    data = json.dumps({"type": name, **payload}, ensure_ascii=False)
    return f"event: {name}\ndata: {data}\n\n".encode()


def _events(*steps: Step) -> Reply:
    return Reply(steps)
