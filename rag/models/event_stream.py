"""Read the text out of a stream of server-sent events of chat completions.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html, with more patience: an event
need not end with an empty line, and `data:` may be missing before an object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rag.models.course import Course

MOST_LINE_BYTES = 1 << 18
_ERROR = b"error:"


class StreamUnreadable(Exception):
    """Raised when a stream holds something else than chunks of a completion.

    Attributes:
        said: what the server said of it, or "".
    """

    def __init__(self, what: str, said: str = "") -> None:
        super().__init__(what)
        self.said = said


class EventStream:
    """The state of one stream; bytes go in as they come, text comes out.

    `ended` is True once the server said that its answer is over, `done` once nothing follows;
    `course` takes note of what it said beside the text.
    """

    def __init__(self, course: Course | None = None) -> None:
        self.ended = False
        self.done = False
        self._course = course or Course()
        self._rest = b""
        self._data = b""

    def feed(self, received: bytes) -> Iterator[str]:
        """Yield the texts that these bytes complete; never an empty one, none once it is done.

        Raises:
            StreamUnreadable: the message says what is wrong, in a few words.
        """
        lines = (self._rest + received).splitlines(keepends=True)
        self._rest = b""
        if lines and not lines[-1].endswith((b"\n", b"\r")):
            self._rest = lines.pop()
        if len(self._rest) + len(self._data) > MOST_LINE_BYTES:
            raise StreamUnreadable("an event without an end")
        for line in lines:
            if self.done:
                return
            text = self._read(line.strip())
            if text:
                yield text

    def close(self) -> Iterator[str]:
        """Yield what the last line holds when the stream ends without a line break."""
        yield from self.feed(b"\n\n")

    def _read(self, line: bytes) -> str:
        if line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        if line.startswith(b"data:"):
            return self._event(line[5:].strip())
        if line.startswith(b"{"):
            return self._event(line)
        if line.startswith(_ERROR):
            raise StreamUnreadable("an error of the server")
        if not line and self._data:
            raise StreamUnreadable("an event that is not JSON")
        return ""

    def _event(self, data: bytes) -> str:
        if data == b"[DONE]":
            self.ended = self.done = True
            return ""
        self._data += data
        try:
            chunk = json.loads(self._data)
        except RecursionError:
            raise StreamUnreadable("an event that is not JSON") from None
        except ValueError:
            return ""  # data may go on in the next line; an empty line or the end tells
        self._data = b""
        choice = first_choice(chunk)
        if choice is None:
            return ""
        if choice.get("finish_reason"):
            self.ended = True
        return completion_text(choice, self._course)


def first_choice(completion: Any) -> dict[str, Any] | None:
    """Return the choice number 0 of a completion or a chunk of one, None when it has none.

    Raises:
        StreamUnreadable: it is an error, or no object.
    """
    if not isinstance(completion, dict):
        raise StreamUnreadable("an event that is no object")
    if error := completion.get("error"):
        said = error.get("message") if isinstance(error, dict) else error
        raise StreamUnreadable("an error of the server", said if isinstance(said, str) else "")
    choices = completion.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and not choice.get("index"):
            return choice
    return None


def completion_text(choice: dict[str, Any], course: Course) -> str:
    """Return the text of one choice, empty when it has none; `course` takes note of the rest."""
    said = choice.get("delta") or choice.get("message")
    said = said if isinstance(said, dict) else {}
    course.note(choice.get("finish_reason"), said.get("refusal"), said.get("tool_calls"))
    content = said.get("content")
    parts = map(_part, content) if isinstance(content, list) else (content,)
    return "".join(part for part in parts if isinstance(part, str))


def _part(part: Any) -> Any:
    """Return the text of one part of a content: `{"type": "text", "text": "…"}`."""
    is_text = isinstance(part, dict) and part.get("type") in ("text", "output_text")
    return part.get("text") if is_text else None
