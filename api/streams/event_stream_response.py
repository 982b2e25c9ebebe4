"""The noun EventStreamResponse: server-sent events that end with their client."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStreamResponse(StreamingResponse):
    """Sends frames, and closes what they come from at once when the client has gone.

    Left to the garbage collector, a language model would go on writing for nobody.
    """

    def __init__(self, *sources: AsyncGenerator[Any, None]) -> None:
        """Send the first of `sources`; close all of them in this order."""
        super().__init__(sources[0], media_type="text/event-stream", headers=_HEADERS)
        self._sources = sources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            for source in self._sources:
                await source.aclose()
