"""The wire of Ollama's `/api/chat`, as replies of a scripted model: one JSON object a line.

Format: https://github.com/ollama/ollama/blob/main/docs/api.md
"""

from __future__ import annotations

import json

from tests.services.scripted_model import JSON, HangUp, Reply, Stall, Step, Wait

LINES = (("content-type", "application/x-ndjson"),)
_COUNTS = {"total_duration": 5, "prompt_eval_count": 7, "eval_count": 3, "eval_duration": 4}


def says(
    *texts: str, done_reason: str = "stop", thoughts: tuple[str, ...] = (), pace_s: float = 0
) -> Reply:
    """Think aloud in the field for it, if there are any thoughts, and say the texts."""
    steps: list[Step] = [_line("", thinking=thought) for thought in thoughts]
    for text in texts:
        steps += [Wait(pace_s), _line(text)]
    return Reply((*steps, _end(done_reason)), headers=LINES)


def stalls(*texts: str) -> Reply:
    """Say these texts and then nothing more, without an end."""
    return Reply((*map(_line, texts), Stall()), headers=LINES)


def dies(*texts: str) -> Reply:
    """Say these texts and close the connection in the middle of the reply."""
    return Reply((*map(_line, texts), Wait(0.05), HangUp()), headers=LINES)


def breaks_off(*texts: str) -> Reply:
    """Say these texts and end the body of the response, without an object that is `done`."""
    return Reply(tuple(map(_line, texts)), headers=LINES)


def fails(*texts: str, error: str = "an unknown error occurred") -> Reply:
    """Say these texts and then, in the middle of a good response, what went wrong."""
    steps = (*map(_line, texts), json.dumps({"error": error}).encode() + b"\n")
    return Reply(steps, headers=LINES)


def refuses(status: int, error: str) -> Reply:
    """Answer with an HTTP error and Ollama's error object."""
    return Reply((json.dumps({"error": error}).encode(),), status, JSON)


def _line(text: str, **more: str) -> bytes:
    return _object(message={"role": "assistant", "content": text, **more}, done=False)


def _end(done_reason: str) -> bytes:
    message = {"role": "assistant", "content": ""}
    return _object(message=message, done=True, done_reason=done_reason, **_COUNTS)


def _object(**fields: object) -> bytes:
    stamped = {"model": "scripted", "created_at": "2026-03-01T12:00:00.123456Z", **fields}
    return json.dumps(stamped, ensure_ascii=False).encode() + b"\n"
