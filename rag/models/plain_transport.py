"""HTTP/1.1 over a plain connection, for model servers near by: httpx2's transport, but cheap.

httpx2's own transport takes several times as much processor time for each small piece of a stream
(docs/models.md), and the more connections are open the more for each request. TLS, proxies and
HTTP/2 are left to it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import cast

import httptools
import httpx2

_IDLE_S = 4.0  # vLLM and others close idle connections after 5 seconds
_MOST_IDLE = 256
_MOST_HEAD_BYTES = 1 << 16
_MOST_WAITING_BYTES = 1 << 18


class PlainTransport(httpx2.AsyncBaseTransport):
    """Sends requests to `http://` addresses; keeps connections open for the next request.

    Belongs to one event loop. Only the connect timeout of a request is heeded.
    """

    def __init__(self) -> None:
        self._idle: dict[tuple[str, int], list[_Connection]] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the response as soon as its head is there; its body streams.

        Raises:
            httpx2.ConnectError, httpx2.ConnectTimeout: there is no connection.
            httpx2.RemoteProtocolError: the connection broke, or this is no HTTP.
        """
        body = await request.aread()
        origin = (request.url.host, request.url.port or 80)
        connection = self._take(origin)
        if connection is not None:
            try:
                return await self._exchange(connection, origin, request, body)
            except httpx2.RemoteProtocolError:
                if connection.heard:
                    raise  # else the server closed it just now, as servers may
        return await self._exchange(await _connect(origin, request), origin, request, body)

    async def aclose(self) -> None:
        """Close the connections that are not in use."""
        for connections in self._idle.values():
            for connection in connections:
                connection.abort()
        self._idle.clear()

    async def _exchange(
        self,
        connection: _Connection,
        origin: tuple[str, int],
        request: httpx2.Request,
        body: bytes,
    ) -> httpx2.Response:
        try:
            status, headers = await connection.send(_head(request) + body)
        except BaseException:
            connection.abort()
            raise
        stream = _Body(connection, self, origin)
        return httpx2.Response(status, headers=headers, stream=stream, request=request)

    def _take(self, origin: tuple[str, int]) -> _Connection | None:
        connections = self._idle.get(origin, [])
        while connections:
            connection = connections.pop()
            if connection.is_open and time.monotonic() - connection.idle_since < _IDLE_S:
                return connection
            connection.abort()
        return None

    def give_back(self, connection: _Connection, origin: tuple[str, int]) -> None:
        """Keep a connection whose response was read to its end, close any other."""
        connections = self._idle.setdefault(origin, [])
        if connection.is_reusable and len(connections) < _MOST_IDLE:
            connection.idle_since = time.monotonic()
            connections.append(connection)
        else:
            connection.abort()


class _Body(httpx2.AsyncByteStream):
    """The body of a response; closing it early closes the connection."""

    def __init__(
        self, connection: _Connection, transport: PlainTransport, origin: tuple[str, int]
    ) -> None:
        self._connection = connection
        self._transport = transport
        self._origin = origin
        self._open = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while received := await self._connection.read():
            yield received

    async def aclose(self) -> None:
        if self._open:
            self._open = False
            self._transport.give_back(self._connection, self._origin)


class _Connection(asyncio.Protocol):
    """One connection, one response at a time; httptools calls the `on_` methods."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self.is_open = True
        self.idle_since = 0.0
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.heard = False
        self._headers: list[tuple[bytes, bytes]] = []
        self._head_bytes = 0
        self._has_head = False
        self._is_whole = False
        self._stays_open = False
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._broken = ""

    @property
    def is_reusable(self) -> bool:
        """Whether the response is read to its end and the server goes on listening."""
        return self.is_open and self._is_whole and self._stays_open

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    async def send(self, request: bytes) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Send a whole request; return the status and the headers of its response."""
        self._begin()
        if not self.is_open:
            raise httpx2.RemoteProtocolError("the server closed the connection")
        self._transport.write(request)
        while not self._has_head:
            await self._wait()
        return self._parser.get_status_code(), self._headers

    async def read(self) -> bytes:
        """Return what has come of the body, b"" at its end."""
        while not self._waiting and not self._is_whole:
            await self._wait()
        received = b"".join(self._waiting)
        self._waiting.clear()
        if self._waiting_bytes > _MOST_WAITING_BYTES:
            self._transport.resume_reading()
        self._waiting_bytes = 0
        return received

    async def _wait(self) -> None:
        if self._broken:
            raise httpx2.RemoteProtocolError(self._broken)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self.heard = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._broken = "the server does not speak HTTP"
            self._transport.abort()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        names = {name.lower() for name, _ in self._headers}
        ends_with_connection = not names & {b"content-length", b"transfer-encoding"}
        if self._has_head and ends_with_connection and error is None and not self._broken:
            self._is_whole = True
        self._broken = self._broken or "the server closed the connection"
        self._wake()

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > _MOST_HEAD_BYTES:
            raise httptools.HttpParserError("the head of the response is too long")
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._has_head = self._parser.get_status_code() >= httpx2.codes.OK

    def on_body(self, body: bytes) -> None:
        self._waiting.append(body)
        self._waiting_bytes += len(body)
        if self._waiting_bytes > _MOST_WAITING_BYTES:
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._has_head:
            self._is_whole = True
            self._stays_open = bool(self._parser.should_keep_alive())
        else:
            self._headers.clear()  # "100 Continue" and the like: the response is still to come


async def _connect(origin: tuple[str, int], request: httpx2.Request) -> _Connection:
    limit_s = request.extensions.get("timeout", {}).get("connect")
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(limit_s):
            _, connection = await loop.create_connection(_Connection, *origin)
    except TimeoutError as error:
        raise httpx2.ConnectTimeout("no connection in time", request=request) from error
    except OSError as error:
        raise httpx2.ConnectError("no connection", request=request) from error
    return connection


def _head(request: httpx2.Request) -> bytes:
    lines = [b"%b %b HTTP/1.1" % (request.method.encode(), request.url.raw_path)]
    lines += [b"%b: %b" % header for header in request.headers.raw]
    return b"\r\n".join((*lines, b"", b""))
