"""The time that the head of a request may take."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

import api.serving.http_protocol
from api.serving.http_protocol import BoundedHttpProtocol

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


def test_a_head_that_ends_in_time_is_answered_and_the_next_one_has_its_own_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api.serving.http_protocol, "HEAD_S", 0.1)
    received = asyncio.run(talk(b"GET / HTTP/1.1\r\n", b"Host: a\r\n\r\n", b"GET / HT"))
    assert received.count(b"HTTP/1.1 204") == 1
