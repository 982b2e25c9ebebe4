"""Middleware that answers what nobody expected: status 500, and where to look in the log."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.door.refusals import for_people, refusal
from api.observing.request_id import request_id
from api.observing.request_log import route_template
from api.observing.unexpected import log_unexpected

_MESSAGE = "something went wrong on the server; its log says what, under the request id {}"


class LastResort:
    """Middleware inside all others, so that even this answer has their headers.

    The log gets the stack and the kind of the error without its message, which could quote a
    question.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:  # noqa: BLE001  answered and logged, whatever it is
            route = route_template(scope)
            log_unexpected("request failed", error, method=scope["method"], route=route)
            if not started:
                response = refusal(500, "Unexpected", _MESSAGE.format(request_id()))
                await for_people(response, scope)(scope, receive, send)
            else:
                raise CutOff from None  # the server closes the connection: the client sees the cut


class CutOff(Exception):
    """Raised when a response broke off after it had begun; the cause is in the log already."""
