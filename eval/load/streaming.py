"""Follow streamed chat completions over plain sockets, many at once."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

_CONTENT = re.compile(rb'"content": ?"((?:[^"\\]|\\.)+)"')
_END = b"data: [DONE]"


@dataclass(frozen=True, slots=True)
class Followed:
    """What one stream was like.

    Attributes:
        status: of the response; 0 when the connection broke.
        first_ms: until the first text, from the request on.
        spoken_ms: until so many words had come as were asked for; None when they never came.
        total_ms: until the end.
        is_complete: whether it ended with `[DONE]`.
        begun_s: when the request was sent, on the clock of `time.perf_counter`.
        said: the text that had come at `spoken_ms`, else "".
    """

    status: int
    first_ms: float
    spoken_ms: float | None
    total_ms: float
    is_complete: bool
    begun_s: float = 0.0
    said: str = ""


def chat_request(host: str, path: str, model: str, question: str) -> bytes:
    """Return a request for a streamed chat completion."""
    messages = [{"role": "user", "content": question}]
    body = json.dumps({"model": model, "stream": True, "messages": messages}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body


async def follow(port: int, request: bytes, words: int | None = None) -> Followed:
    """Send a request and read its stream to the end.

    `words` asks when that many words of text had come.
    """
    begun_s = time.perf_counter()
    first_s = spoken_s = 0.0
    data = b""
    tail = b""
    said = ""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        while chunk := await reader.read(65536):
            now_s = time.perf_counter()
            tail = (tail + chunk)[-64:]
            if not first_s or (words and not spoken_s):
                data += chunk
                texts = _CONTENT.findall(data)
                if texts and not first_s:
                    first_s = now_s
                text = _decoded(texts)
                if words and len(text.split()) >= words:
                    spoken_s, said = now_s, text
            if _END in tail:
                break
        writer.close()
    except (OSError, asyncio.IncompleteReadError):
        return Followed(0, 0.0, None, (time.perf_counter() - begun_s) * 1e3, False)
    return Followed(
        int(head[9:12]),
        (first_s - begun_s) * 1e3,
        (spoken_s - begun_s) * 1e3 if spoken_s else None,
        (time.perf_counter() - begun_s) * 1e3,
        _END in tail,
        begun_s,
        said,
    )


def _decoded(texts: Sequence[bytes]) -> str:
    """Return the text that JSON strings hold, given as they stand between their quotes."""
    text: str = json.loads(b'"' + b"".join(texts) + b'"')
    return text
