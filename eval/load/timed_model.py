"""The noun TimedModel: a model of fixed pace in this process, which notes when it sent each word.

It runs on the event loop of the client that measures, so both read one clock.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
_LENGTH = re.compile(rb"(?i)content-length: *(\d+)")
_END = b"data: [DONE]\n\n"


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of the model; times are those of `time.perf_counter`.

    Attributes:
        asked_s: when the request had come in full.
        sent_s: when each word was handed to the network.
    """

    asked_s: float
    sent_s: list[float] = field(default_factory=list)


class TimedModel:
    """Answers each request with `words`, one a chunk; what it says may be changed in between.

    Attributes:
        words: what it says.
        first_s: seconds before the first word.
        word_s: seconds between words.
        told: its answers, in the order of the requests.
    """

    def __init__(self, port: int, first_s: float) -> None:
        self.port = port
        self.words: Sequence[str] = ()
        self.first_s = first_s
        self.word_s = 0.0
        self.told: list[Told] = []
        self._connections: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator[None, None]:
        """Answer until the block ends."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        try:
            yield
        finally:
            server.close()
            for writer in self._connections:
                writer.close()
            await asyncio.gather(*filter(None, self._connections.values()))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections[writer] = asyncio.current_task()
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                await reader.readexactly(int(length[1]) if length else 0)
                await self._tell(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            del self._connections[writer]
            writer.close()

    async def _tell(self, writer: asyncio.StreamWriter) -> None:
        due_s = time.perf_counter()
        told = Told(due_s)
        self.told.append(told)
        writer.write(_HEAD)
        due_s += self.first_s
        for word in self.words:
            await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            if writer.is_closing():
                return
            told.sent_s.append(time.perf_counter())
            writer.write(_chunked(_said(f"{word} ")))
            due_s += self.word_s
        writer.write(_chunked(_END) + b"0\r\n\r\n")


def _said(text: str) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    payload = {"id": "timed", "object": "chat.completion.chunk", "choices": [choice]}
    return b"data: " + json.dumps(payload).encode() + b"\n\n"


def _chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)
