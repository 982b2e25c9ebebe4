"""Read the text out of a stream of server-sent events of chat completions.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html, with more patience: an event
need not end with an empty line, and `data:` may be missing before an object.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

MOST_LINE_BYTES = 1 << 18
_ERROR = b"error:"


class StreamUnreadable(Exception):
    """Raised when a stream holds something else than chunks of a completion."""


class EventStream:
    """The state of one stream; bytes go in as they come, text comes out.

    `ended` is True once the server said that its answer is whole, `done` once nothing follows.
    """

    def __init__(self) -> None:
        self.ended = False
        self.done = False
        self._rest = b""
        self._data = b""

    def feed(self, received: bytes) -> Iterator[str]:
        """Yield the texts that these bytes complete; never an empty one.

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
        except ValueError:
            return ""  # data may go on in the next line; an empty line or the end tells
        self._data = b""
        return self._text(chunk)

    def _text(self, chunk: Any) -> str:
        if not isinstance(chunk, dict):
            raise StreamUnreadable("an event that is no object")
        if chunk.get("error"):
            raise StreamUnreadable("an error of the server")
        choices = chunk.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            return ""
        if choices[0].get("finish_reason"):
            self.ended = True
        return completion_text(choices[0])


def completion_text(choice: dict[str, Any]) -> str:
    """Return the text of one choice of a chunk or of a whole completion; empty when it has none."""
    said = choice.get("delta") or choice.get("message")
    content = said.get("content") if isinstance(said, dict) else None
    return content if isinstance(content, str) else ""
