"""Middleware that gives every request an id, and books what became of it: log, metrics, span.

A line holds the template of the route, never the path, the query or a body: no question text.
"""

from __future__ import annotations

import logging
import time
from contextlib import nullcontext
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.observing.metrics import Metrics
from api.observing.request_id import HEADER, begin_request
from api.observing.tracing import Tracing

CLIENT_LEFT = 499  # what servers log for a client that went away before the response started

_QUIET = frozenset({"/health/live", "/health/ready", "/static", "/metrics"})

_log = logging.getLogger("aifactory.request")


class RequestLog:
    """Middleware around everything else."""

    def __init__(self, app: ASGIApp, metrics: Metrics, tracing: Tracing | None = None) -> None:
        self._app = app
        self._metrics = metrics
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = _Request(scope, begin_request(headers.get(HEADER, "")))
        method = scope["method"]
        opened = (
            self._tracing.request(method, headers.get("traceparent", ""))
            if self._tracing
            else nullcontext()
        )
        with opened as span:
            try:
                await self._app(scope, receive, request.watched(send))
            finally:
                self._book(request)
                if self._tracing and span is not None:
                    status = request.status
                    self._tracing.finish(span, method, request.route, status, request.request_id)

    def _book(self, request: _Request) -> None:
        seconds = time.perf_counter() - request.begun
        method, route = request.scope["method"], request.route
        self._metrics.observe_request(method, route, request.status, seconds)
        quiet = route in _QUIET and request.status < 400
        level = logging.DEBUG if quiet else logging.INFO
        if _log.isEnabledFor(level):
            _log.log(level, "request", extra={"fields": request.fields(seconds)})


class _Request:
    """What is known of one request while it is answered."""

    def __init__(self, scope: Scope, request_id: str) -> None:
        self.scope = scope
        self.request_id = request_id
        self.status = CLIENT_LEFT
        self.sent_bytes = 0
        self.begun = time.perf_counter()

    @property
    def route(self) -> str:
        return route_template(self.scope)

    def watched(self, send: Send) -> Send:
        """Return a `send` that books what passes through it and adds the id."""

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                MutableHeaders(scope=message)[HEADER] = self.request_id
            else:
                self.sent_bytes += len(message.get("body", b""))
            await send(message)

        return send_with_id

    def fields(self, seconds: float) -> dict[str, Any]:
        return {
            "method": self.scope["method"],
            "route": self.route,
            "status": self.status,
            "duration_ms": round(seconds * 1e3, 1),
            "bytes": self.sent_bytes,
            "request_id": self.request_id,
            "key_id": self.scope.get("state", {}).get("key_id") or "-",
        }


def route_template(scope: Scope) -> str:
    """Return the template of the route that answers, such as `/entries/{entry_id}`."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    routes = (context, getattr(context, "starlette_route", None), scope.get("route"))
    for route in routes:  # a route that is not FastAPI's lies within the context
        if path := getattr(route, "path", None):
            return str(path)
    if "endpoint" in scope:  # a mounted application: what it was mounted on
        outer = scope.get("app_root_path", "")
        return str(scope.get("root_path", "")).removeprefix(outer) or "mounted"
    return "unmatched"
