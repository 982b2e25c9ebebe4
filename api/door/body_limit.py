"""Middleware that bounds the bodies of requests: 413 for a large one, 408 for a slow one.

A body is read before the route starts, and 503 refuses it when the bodies of all requests together
hold too much memory. The body of an upload flows to its route as it comes.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.door.body_bounds import MOST_VALUES, BodyBounds, Bound
from api.door.body_budget import BodyBudget, BodyShare
from api.door.refusals import refusal
from api.errors import BodyTooLarge, Overloaded
from api.responses import error_response

_BEFORE_VALUES = (b"[", b"{", b",")  # what stands before each value of JSON but the first
BODY_S = 30.0  # the longest wait for a body, or for the next piece of an upload


class BodyLimit:
    """Middleware that knows the bound of every route."""

    def __init__(self, app: ASGIApp, bounds: BodyBounds) -> None:
        self._app = app
        self._bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        bound = self._bounds.at(scope["path"])
        if _declared(scope) > bound.most_bytes:
            await error_response(_too_large(bound))(scope, receive, send)
        elif bound.budget is None:
            await _Upload(self._app, bound).answer(scope, receive, send)
        else:
            await self._buffered(bound, bound.budget, scope, receive, send)

    async def _buffered(
        self, bound: Bound, budget: BodyBudget, scope: Scope, receive: Receive, send: Send
    ) -> None:
        with budget.share() as share:
            try:
                last = await _read(receive, bound, share)
            except TimeoutError:
                await _too_slow()(scope, receive, send)
                return
            except (BodyTooLarge, Overloaded) as error:
                await error_response(error)(scope, receive, send)
                return
            await self._app(scope, _replay(last, receive), send)


class _Upload:
    """One request whose body flows to the route; past the limit, its answer is ours."""

    def __init__(self, app: ASGIApp, bound: Bound) -> None:
        self._app = app
        self._bound = bound
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
        if self._received_bytes > self._bound.most_bytes:
            error = _too_large(self._bound)
            self._refusal = error_response(error)
            raise error
        return message


def _declared(scope: Scope) -> int:
    declared = Headers(scope=scope).get("content-length", "0")
    return int(declared[:20]) if declared.isdecimal() else 0


def _too_large(bound: Bound) -> BodyTooLarge:
    return BodyTooLarge(
        f"the request body is over the limit of {bound.most_bytes} bytes; {bound.way_out}"
    )


def _too_slow() -> ASGIApp:
    return refusal(408, "RequestRefused", f"no more of the body came within {BODY_S:g} s")


async def _read(receive: Receive, bound: Bound, share: BodyShare) -> Message:
    """Return the whole body as one message, or that the client has left.

    Raises:
        BodyTooLarge, Overloaded, TimeoutError.
    """
    body = bytearray()
    async with asyncio.timeout(BODY_S):
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return message
            piece = message.get("body", b"")
            if len(body) + len(piece) > bound.most_bytes:
                raise _too_large(bound)
            share.take(len(piece))
            body += piece
            if not message.get("more_body", False):
                _require_few(body, bound)
                return {"type": "http.request", "body": bytes(body), "more_body": False}


def _require_few(body: bytearray, bound: Bound) -> None:
    """Refuse a body whose JSON would take long to read; commas in its texts count too."""
    count = sum(map(body.count, _BEFORE_VALUES))
    if count > MOST_VALUES:
        raise BodyTooLarge(
            f"the request body has {count} commas and opening brackets, over the limit of "
            f"{MOST_VALUES}; {bound.way_out}"
        )


def _replay(last: Message, receive: Receive) -> Receive:
    waiting = [last]

    async def next_message() -> Message:
        return waiting.pop() if waiting else await receive()

    return next_message
