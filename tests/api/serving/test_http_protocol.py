"""The time that the head of a request may take."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

import api.serving.http_protocol
from api.serving.http_protocol import MAX_HEAD_BYTES, BoundedHttpProtocol

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


async def greet(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body"})


async def talk(*pieces: bytes) -> bytes:
    """Send pieces, one after another; return everything that comes until the server hangs up."""
    config = uvicorn.Config(greet, log_config=None, timeout_keep_alive=1)
    config.load()
    loop = asyncio.get_running_loop()
    state = ServerState()
    server = await loop.create_server(
        lambda: BoundedHttpProtocol(config, state, {}), "127.0.0.1", 0
    )
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.01)
    received = await reader.read()
    writer.close()
    server.close()
    return received


@pytest.mark.parametrize("pieces", [(), (b"GET / HT",), (b"GET / HTTP/1.1\r\n", b"X: a\r\n")])
def test_a_head_that_does_not_end_is_not_waited_for(
    pieces: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api.serving.http_protocol, "HEAD_S", 0.1)
    assert asyncio.run(talk(*pieces)) == b""


def head_of(size: int) -> bytes:
    """Return the whole head of a request of so many bytes."""
    opening, end = b"GET / HTTP/1.1\r\nHost: a\r\nX: ", b"\r\n\r\n"
    return opening + b"a" * (size - len(opening) - len(end)) + end


@pytest.mark.parametrize(
    ("size", "status"),
    [(MAX_HEAD_BYTES, b"204"), (MAX_HEAD_BYTES + 1, b"400"), (70_000, b"400")],
)
def test_a_head_is_as_large_as_it_may_be_even_when_it_comes_at_once(
    size: int, status: bytes
) -> None:
    assert asyncio.run(talk(head_of(size))).startswith(b"HTTP/1.1 " + status)


def test_a_large_body_behind_a_small_head_is_no_head() -> None:
    post = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
    assert asyncio.run(talk(post, head_of(100))).count(b"HTTP/1.1 204") == 2


def test_a_head_that_ends_in_time_is_answered_and_the_next_one_has_its_own_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api.serving.http_protocol, "HEAD_S", 0.1)
    received = asyncio.run(talk(b"GET / HTTP/1.1\r\n", b"Host: a\r\n\r\n", b"GET / HT"))
    assert received.count(b"HTTP/1.1 204") == 1
