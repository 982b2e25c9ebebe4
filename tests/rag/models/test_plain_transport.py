"""The transport against a server on loopback that sends exactly the bytes it is given."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest

from rag.models.plain_transport import PlainTransport

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SHORT = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

Ask = Callable[[httpx2.AsyncClient, str], Awaitable[object]]


class Server:
    """Answers request after request with the next bytes; None closes the connection."""

    def __init__(self, *answers: bytes | None) -> None:
        self._answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while self._answers:
            try:
                self.requests.append(await reader.readuntil(b"the end"))
            except asyncio.IncompleteReadError:
                break
            answer = self._answers.pop(0)
            writer.write(answer or b"")
            if answer is None or b"until" in answer:
                break
        writer.close()


def talk(ask: Ask, *answers: bytes | None) -> tuple[object, Server]:
    """Return what `ask(client, url)` returns, and the server it asked."""

    async def both() -> object:
        listening = await asyncio.start_server(server.talk, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1?a=b"
        async with listening, httpx2.AsyncClient(transport=PlainTransport()) as client:
            return await ask(client, url)

    server = Server(*answers)
    return asyncio.run(both()), server


async def once(client: httpx2.AsyncClient, url: str) -> object:
    response = await client.post(url, content=b"the end")
    return response.status_code, response.text


async def twice(client: httpx2.AsyncClient, url: str) -> object:
    return [await once(client, url), await once(client, url)]


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (SHORT, "ok"),
        (CHUNKED + b"2\r\nok\r\n1\r\n!\r\n0\r\n\r\n", "ok!"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + SHORT, "ok"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 900000\r\n\r\n" + b"x" * 900_000, "x" * 900_000),
    ],
)
def test_bodies_of_every_framing_are_read(answer: bytes, text: str) -> None:
    said, server = talk(once, answer)
    assert said == (200, text)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nContent-Length: 7" in head
    assert body == b"the end"


def test_a_connection_is_used_again_unless_the_server_closes_it() -> None:
    assert talk(twice, SHORT, SHORT)[1].connections == 1
    closing = SHORT.replace(b"OK\r\n", b"OK\r\nconnection: close\r\n")
    said, server = talk(twice, closing, SHORT)
    assert (said, server.connections) == ([(200, "ok"), (200, "ok")], 2)


def test_a_connection_that_the_server_just_closed_is_replaced() -> None:
    said, server = talk(twice, SHORT, None, SHORT)
    assert (said, server.connections) == ([(200, "ok"), (200, "ok")], 2)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"SSH-2.0-server\r\n",
        b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nxxx",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nuntil",
        CHUNKED + b"5\r\nuntil\r\n",
        CHUNKED + b"oops\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 90_000 + b"\r\n\r\n",
    ],
)
def test_a_response_that_breaks_is_told(answer: bytes | None) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        talk(once, answer)


def test_a_response_that_is_not_read_to_its_end_costs_its_connection() -> None:
    async def leave(client: httpx2.AsyncClient, url: str) -> object:
        async with client.stream("POST", url, content=b"the end") as response:
            assert response.status_code == 200
        return await once(client, url)

    said, server = talk(leave, CHUNKED + b"2\r\nok\r\n", SHORT)
    assert (said, server.connections) == ((200, "ok"), 2)


def test_an_address_where_nobody_listens_is_told() -> None:
    async def elsewhere(client: httpx2.AsyncClient, url: str) -> object:
        return await once(client, "http://127.0.0.1:1/")

    with pytest.raises(httpx2.ConnectError):
        talk(elsewhere)
