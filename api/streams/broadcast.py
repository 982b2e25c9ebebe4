"""The noun Broadcast: events that one task produces and any number of readers follow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Generic, TypeVar

from api.errors import StreamGone

T = TypeVar("T")


class Broadcast(Generic[T]):
    """Reads a source to its end in a task of its own and keeps what came.

    Readers may come late, go and come back. While nobody reads, at the start and after the last
    reader has left, the source is closed after `abandon_s` seconds; one that has ended is not
    touched.
    """

    def __init__(self, source: AsyncGenerator[T, None], abandon_s: float) -> None:
        self.events: list[T] = []
        self._abandon_s = abandon_s
        self._readers = 0
        self._changed = asyncio.Event()
        self._failure: BaseException | None = None
        self.over_s = float("inf")
        self._task = asyncio.create_task(self._read(source))
        self._leaving: asyncio.TimerHandle | None = None
        self._abandon()

    @property
    def is_over(self) -> bool:
        """Tell whether no further event will come."""
        return self._task.done()

    async def follow(self, after: int = 0, ping_s: float = 10) -> AsyncGenerator[T | None, None]:
        """Yield the events from number `after` (from 0) on; None when `ping_s` pass without one.

        Raises:
            StreamGone: the source was closed before its end, after the last event that came.
            Exception: what the source raised, after its last event.
        """
        self._enter()
        try:
            position = after
            while True:
                changed = self._changed
                while position < len(self.events):
                    position += 1
                    yield self.events[position - 1]
                if changed is not self._changed:
                    continue
                if self._task.done():
                    break
                if not await _set_within(changed, ping_s):
                    yield None
        finally:
            self._leave()
        if self._failure is not None:
            raise self._failure

    def cancel(self) -> None:
        """Close the source; readers get what there is, and then hear that it was stopped."""
        self._task.cancel()

    async def ended(self, within_s: float) -> None:
        """Wait until the source has ended; close it when it has not after `within_s` seconds."""
        _, pending = await asyncio.wait([self._task], timeout=within_s)
        for task in pending:
            task.cancel()

    async def _read(self, source: AsyncGenerator[T, None]) -> None:
        try:
            async with aclosing(source) as events:
                async for event in events:
                    self.events.append(event)
                    self._tell()
        except asyncio.CancelledError:
            self._failure = StreamGone("the answer was stopped before its end; ask again")
        except Exception as failure:  # noqa: BLE001  raised again in every reader
            self._failure = failure
        finally:
            self.over_s = time.monotonic()
            asyncio.get_running_loop().call_soon(self._tell)  # once the task counts as done

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _enter(self) -> None:
        self._readers += 1
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None

    def _leave(self) -> None:
        self._readers -= 1
        if not self._readers and not self._task.done():
            self._abandon()

    def _abandon(self) -> None:
        loop = asyncio.get_running_loop()
        self._leaving = loop.call_later(self._abandon_s, self._task.cancel)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
