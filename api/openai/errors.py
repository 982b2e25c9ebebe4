"""Errors as clients of OpenAI's know them: `{"error": {"message", "type", "param", "code"}}`.

Everything under /v1 answers so, whoever refused the request: a route, a guard or the framework.
Their status is 400 where our other routes have 422, and `type` is the name of our error.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = "/v1/"
_CODES = {
    "ModelUnavailable": "model_not_found",
    "KeyNeeded": "invalid_api_key",
    "TooManyRequests": "rate_limit_exceeded",
}
_PARAMS = {"QuestionEmpty": "messages", "QuestionTooLong": "messages"}
_PARAM = re.compile(r"body\.(?P<name>\w+)")


def openai_error(body: dict[str, Any]) -> dict[str, Any]:
    """Return one of our error bodies with the fields that OpenAI's have."""
    error = body["error"]
    named = _PARAM.match(error["message"])
    param = named["name"] if named else _PARAMS.get(error["type"])
    more = {"param": param, "code": _CODES.get(error["type"])}
    return {"error": {**error, **more}}


class OpenAIErrors:
    """Middleware that gives every error under /v1 the shape and the status of OpenAI's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and scope["path"].startswith(ROOT):
            send = _Rewriting(send).send
        await self._app(scope, receive, send)


class _Rewriting:
    """Holds the start of an error back until its body is complete."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_error(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self._start)

    async def _finish(self, start: Message) -> None:
        error = openai_error(json.loads(self._body))
        body = json.dumps(error, ensure_ascii=False).encode("utf-8", "replace")
        start["status"] = _status(start["status"], error["error"]["type"])
        MutableHeaders(scope=start)["content-length"] = str(len(body))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


def _is_error(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] >= 400 and kind.startswith("application/json")


def _status(status: int, kind: str) -> int:
    if kind == "ModelUnavailable":
        return 404
    return 400 if status == 422 else status
