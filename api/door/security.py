"""Bounds and headers that protect the server and its readers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.door.refusals import refusal
from api.errors import BodyTooLarge
from api.responses import error_response

MAX_BODY_BYTES = 1_000_000
BODY_S = 30.0  # the longest wait for the next piece of a body
RETRY_AFTER_S = 2

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


class SecurityHeaders:
    """Middleware that puts `HEADERS` on every response, and on a 503 when to try again.

    A policy that a route has set for its own response stays.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name for name, _ in given}
                message["headers"] = given + [h for h in _RAW_HEADERS if h[0] not in names]
                if message["status"] == 503:
                    MutableHeaders(scope=message).setdefault("Retry-After", str(RETRY_AFTER_S))
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class BodyLimit:
    """Middleware that bounds the body of a request: 413 for a large one, 408 for a slow one.

    A body is read before the route starts, except on the paths of `uploads`: theirs flow on as
    they come, up to the bytes given there.
    """

    def __init__(self, app: ASGIApp, uploads: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._uploads = dict(uploads or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._uploads.get(scope["path"])
        if _declared(scope) > (MAX_BODY_BYTES if most is None else most):
            await _too_large(most)(scope, receive, send)
        elif most is not None:
            await _Upload(self._app, most).answer(scope, receive, send)
        else:
            await self._buffered(scope, receive, send)

    async def _buffered(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _read(receive)
        except TimeoutError:
            await _too_slow()(scope, receive, send)
            return
        if body is None:
            await _too_large(None)(scope, receive, send)
            return
        await self._app(scope, _replay(body, receive), send)


class _Upload:
    """One request whose body flows to the route; past the limit, its answer is ours."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes
        self._received_bytes = 0
        self._complete = False
        self._answered = False
        self._refusal: ASGIApp | None = None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted() -> Message:
            return await self._counted(receive)

        async def watched(message: Message) -> None:
            if self._refusal is None:
                self._answered = True
                await send(message)

        with suppress(BodyTooLarge):
            await self._app(scope, counted, watched)
        if self._refusal is not None and not self._answered:
            await self._refusal(scope, receive, send)

    async def _counted(self, receive: Receive) -> Message:
        try:
            async with asyncio.timeout(None if self._complete else BODY_S):
                message = await receive()
        except TimeoutError:
            self._refusal = _too_slow()
            raise BodyTooLarge("the body did not come in time") from None
        self._received_bytes += len(message.get("body", b""))
        self._complete = not message.get("more_body", False)
        if self._received_bytes > self._most_bytes:
            self._refusal = _too_large(self._most_bytes)
            raise BodyTooLarge("the body is over the limit")
        return message


def _declared(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared[:20]) if declared.isdecimal() else 0


def _too_large(most_bytes: int | None) -> ASGIApp:
    most_bytes = MAX_BODY_BYTES if most_bytes is None else most_bytes
    return error_response(BodyTooLarge(f"the request body is over the limit of {most_bytes} bytes"))


def _too_slow() -> ASGIApp:
    return refusal(408, "RequestRefused", f"no more of the body came within {BODY_S:g} s")


async def _read(receive: Receive) -> list[Message] | None:
    """Return the messages of the body, or None when it is too large."""
    messages: list[Message] = []
    size = 0
    async with asyncio.timeout(BODY_S):
        while True:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            if size > MAX_BODY_BYTES:
                return None
            if not message.get("more_body", False):
                return messages


def _replay(messages: list[Message], receive: Receive) -> Receive:
    waiting = iter(messages)

    async def next_message() -> Message:
        return next(waiting, None) or await receive()

    return next_message
