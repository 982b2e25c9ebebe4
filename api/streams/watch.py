"""What is looked at while answers are streamed: the wish to stop one, and the end of the server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from api.answer_note import FRESH_S, RENEWED_EVERY_S
from api.answer_service import AnswerService
from api.door.drain import LAST_WORDS_S, Drain
from api.streams.live_streams import LiveStreams
from rag.errors import DatabaseUnusable

STOPPING = "this server is stopping; ask again in a moment"


@asynccontextmanager
async def watching(
    service: AnswerService, streams: LiveStreams, drain: Drain
) -> AsyncIterator[None]:
    """Look while the block runs; then let what is still streamed say its last words."""
    tasks = [
        asyncio.create_task(_watch_drain(service, streams, drain)),
        asyncio.create_task(_watch_wishes(service, streams)),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        streams.end_awaited(STOPPING)
        await service.finish(LAST_WORDS_S)


async def end_stopped(service: AnswerService, streams: LiveStreams) -> None:
    """End the answers of this process that somebody, through whatever process, wants stopped.

    Raises:
        DatabaseUnusable: the wishes cannot be read.
    """
    streams.stop(await service.in_database(service.underway.stopped))


async def _watch_drain(service: AnswerService, streams: LiveStreams, drain: Drain) -> None:
    while not drain.time_is_up:
        if drain.begun:
            streams.end_awaited(STOPPING)
        await asyncio.sleep(streams.pace.look_again_s)
    while True:  # also what begins now
        service.end_all(STOPPING)
        await asyncio.sleep(streams.pace.look_again_s)


async def _watch_wishes(service: AnswerService, streams: LiveStreams) -> None:
    renewed_s = time.monotonic()
    while True:
        if written := streams.written:
            with suppress(DatabaseUnusable):  # looked at again in a moment
                await end_stopped(service, streams)
                if time.monotonic() - renewed_s > RENEWED_EVERY_S:
                    await service.in_database(partial(service.underway.renew, written, FRESH_S))
                    renewed_s = time.monotonic()
        await asyncio.sleep(streams.pace.look_again_s)
