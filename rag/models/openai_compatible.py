"""A model behind an OpenAI-compatible server, read straight from the connection.

LangChain's and OpenAI's own clients take 3 to 4 times as much processor time for a chunk of text
(docs/models.md), which is what bounds the number of streams on one machine.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from urllib.request import getproxies

import httpx2

from rag.models.course import Course
from rag.models.event_stream import (
    EventStream,
    StreamUnreadable,
    completion_text,
    first_choice,
)
from rag.models.generator import Message
from rag.models.model_name import ModelName
from rag.models.plain_transport import PlainTransport

_MOST_JSON_BYTES = 4 << 20
_AFTER_DONE_S = 0.5
_PLACEHOLDER_KEY = "none"
_LIMITS = httpx2.Limits(  # vLLM and others close idle connections after 5 seconds
    max_connections=None, max_keepalive_connections=256, keepalive_expiry=4
)


class ServerRefused(Exception):
    """Raised when the server answers with a status other than 200."""

    def __init__(self, response: httpx2.Response, body: bytes) -> None:
        super().__init__(f"status {response.status_code}")
        self.status_code = response.status_code
        self.response = response
        self.body = body


class OpenAICompatible:
    """Streams chat completions; connections stay open for the next request.

    Raises what httpx2 raises, ServerRefused and StreamUnreadable: Patience turns them into
    GenerationFailed.
    """

    def __init__(self, model: ModelName, key: str, connect_s: float, max_tokens: int) -> None:
        self._model = model
        self._key = key
        self._connect_s = connect_s
        self._max_tokens = max_tokens
        self._client = self._new_client()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def name(self) -> str:
        """The model with its door in front, without its address."""
        return self._model.name

    async def prepare(self) -> None:
        """Do nothing: the server has the model."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Let everybody in: the server queues requests itself."""
        return nullcontext()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the text as it comes; closing it closes the connection, which cancels the work."""
        client = self._client_of_this_loop()
        async with client.stream("POST", self._url, json=self._body(messages)) as response:
            if response.status_code != httpx2.codes.OK:
                body = await _read_some(response)
                raise ServerRefused(response, body.replace(self._key.encode() or b"\0", b"..."))
            course = Course()
            has_spoken = False
            async with aclosing(_texts(response, course)) as texts:
                async for text in texts:
                    has_spoken = True
                    yield text
            course.end(has_spoken=has_spoken)

    @property
    def _url(self) -> str:
        return self._model.url + "/chat/completions"

    def _body(self, messages: Sequence[Message]) -> dict[str, object]:
        prompt = [{"role": message.role.value, "content": message.content} for message in messages]
        return {
            "model": self._model.model,
            "messages": prompt,
            "stream": True,
            "max_tokens": self._max_tokens,
            "temperature": 0,
        }

    def _client_of_this_loop(self) -> httpx2.AsyncClient:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None:
                self._client = self._new_client()
            self._loop = loop
        return self._client

    def _new_client(self) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            headers={
                "Authorization": f"Bearer {self._key or _PLACEHOLDER_KEY}",
                "Accept-Encoding": "identity",
            },
            timeout=httpx2.Timeout(None, connect=self._connect_s, write=self._connect_s),
            limits=_LIMITS,
            follow_redirects=False,
            trust_env=not _is_loopback(self._model.url),
            transport=PlainTransport() if _is_plain(self._model.url) else None,
        )


def _is_loopback(url: str) -> bool:
    host = httpx2.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _is_plain(url: str) -> bool:
    """Tell whether a server is asked without TLS and without one of the machine's proxies."""
    proxies = {} if _is_loopback(url) else getproxies()
    return httpx2.URL(url).scheme == "http" and not proxies.keys() & {"http", "all"}


async def _texts(response: httpx2.Response, course: Course) -> AsyncGenerator[str, None]:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        yield _whole(await _read_some(response), course)
        return
    if kind and kind != "text/event-stream" and not kind.endswith("json"):
        raise StreamUnreadable(f"{kind[:60]!r} instead of an event stream; check the URL")
    events = EventStream(course)
    try:
        async with aclosing(response.aiter_bytes()) as received:
            async for piece in received:
                for text in events.feed(piece):
                    yield text
                if events.done:
                    await _to_the_end(received)
                    break
    except httpx2.TransportError:
        if not events.ended:
            raise
    for text in events.close():
        yield text
    if not events.ended:
        raise StreamUnreadable("an end in the middle of the answer")


async def _to_the_end(received: AsyncGenerator[bytes, None]) -> None:
    """Read what follows the last event, or the connection could not be used again."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_AFTER_DONE_S):
            async for _ in received:
                pass


def _whole(body: bytes, course: Course) -> str:
    try:
        choice = first_choice(json.loads(body))
    except (ValueError, RecursionError):
        choice = None
    if choice is None:
        raise StreamUnreadable("JSON that is no completion")
    return completion_text(choice, course)


async def _read_some(response: httpx2.Response) -> bytes:
    read = b""
    async for piece in response.aiter_bytes():
        read += piece
        if len(read) > _MOST_JSON_BYTES:
            raise StreamUnreadable("an object without an end")
    return read
