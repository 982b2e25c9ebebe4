"""A load generator: many connections, each with one request at a time, over plain sockets.

It shares the processor with the server it measures, so it does as little as it can: requests are
written beforehand, and of a response only the status and the length are read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECT_S = 30.0


@dataclass
class Load:
    """What a load generator saw.

    Attributes:
        latencies_ms: of every response, in the order they ended.
        statuses: how often each came; 0 stands for a broken connection.
        seconds: from the first request to the last response.
    """

    latencies_ms: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Return how many responses came in a second."""
        return len(self.latencies_ms) / self.seconds if self.seconds else 0.0

    @property
    def failed(self) -> int:
        """Return how many responses were not 2xx."""
        return sum(count for status, count in self.statuses.items() if not 200 <= status < 300)

    def count(self, status: int, begun_s: float) -> None:
        """Note one response."""
        self.latencies_ms.append((time.perf_counter() - begun_s) * 1e3)
        self.statuses[status] = self.statuses.get(status, 0) + 1


def get_request(url: str) -> bytes:
    """Return a GET request for a URL, for a connection that is kept."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode("ascii")


async def load(
    host: str,
    port: int,
    requests: Sequence[bytes],
    connections: int,
    seconds: float,
    pause_s: float = 0.0,
) -> Load:
    """Send requests in turn over `connections` for `seconds`; return what came back.

    After each response a connection waits `pause_s`.
    """
    seen = Load()
    begun_s = time.perf_counter()
    until_s = begun_s + seconds
    step = max(1, len(requests) // connections)
    await asyncio.gather(
        *(
            _connection(host, port, requests, number * step, until_s, pause_s, seen)
            for number in range(connections)
        )
    )
    seen.seconds = time.perf_counter() - begun_s
    return seen


async def _connection(
    host: str,
    port: int,
    requests: Sequence[bytes],
    first: int,
    until_s: float,
    pause_s: float,
    seen: Load,
) -> None:
    reader, writer = await asyncio.wait_for(asyncio.open_connection(host, port), CONNECT_S)
    number = first
    while time.perf_counter() < until_s:
        begun_s = time.perf_counter()
        writer.write(requests[number % len(requests)])
        try:
            status = await _response(reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            seen.count(0, begun_s)
            reader, writer = await asyncio.open_connection(host, port)
            continue
        seen.count(status, begun_s)
        number += 1
        if pause_s:
            await asyncio.sleep(pause_s)
    writer.close()


async def _response(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    folded = head.lower()
    place = folded.find(b"content-length:")
    if place < 0:
        raise ConnectionError("a response without content-length")
    length = int(folded[place + 15 : folded.index(b"\r\n", place)])
    if length:
        await reader.readexactly(length)
    return int(head[9:12])
