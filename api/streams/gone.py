"""Give up work whose client has gone away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request, Response

from api.observing.request_log import CLIENT_LEFT

LOOK_EVERY_S = 0.5

T = TypeVar("T")


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T | Response:
    """Return what `work` returns; cancel it when the client of `request` goes away.

    A response in its place is for the log: nobody reads it.
    """
    task = asyncio.ensure_future(work)
    try:
        while True:
            done, _ = await asyncio.wait([task], timeout=LOOK_EVERY_S)
            if done:
                return task.result()
            if await request.is_disconnected():
                return Response(status_code=CLIENT_LEFT)
    finally:
        task.cancel()
