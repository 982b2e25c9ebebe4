"""The noun Broadcast: events that one task produces and any number of readers follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Generic, TypeVar

from api.errors import StreamGone

T = TypeVar("T")

STOPPED = "the answer was stopped before its end; ask again"


class Broadcast(Generic[T]):
    """Reads a source to its end in a task of its own and keeps what came.

    Readers may come late, go and come back. While nobody reads, at the start and after the last
    reader has left, the source is closed after `abandon_s` seconds; one that has ended is not
    touched.
    """

    def __init__(self, source: AsyncGenerator[T, None], abandon_s: float) -> None:
        self._events: list[T] = []
        self._abandon_s = abandon_s
        self._readers = 0
        self._changed = asyncio.Event()
        self._failure: BaseException | None = None
        self._reason = ""
        self._is_over = False
        self._leaving: asyncio.TimerHandle | None = None
        self._task = asyncio.create_task(self._read(source))
        self._task.add_done_callback(self._end)
        self._abandon()

    @property
    def count(self) -> int:
        """Return how many events there are to follow by now."""
        return len(self._events)

    @property
    def is_over(self) -> bool:
        """Tell whether no further event will come."""
        return self._is_over

    @property
    def failure(self) -> BaseException | None:
        """Return why the source ended early, once it has; None when it did not."""
        return self._failure

    async def follow(self, after: int = 0, ping_s: float = 10) -> AsyncGenerator[T | None, None]:
        """Yield the events from number `after` (from 0) on; None when `ping_s` pass without one.

        Raises:
            StreamGone: the source was closed before its end, after the last event that came.
            Exception: what the source raised, after its last event.
        """
        self._enter()
        events = self._events  # `forget` leaves it to those who are reading
        try:
            position = after
            while True:
                changed = self._changed
                while position < len(events):
                    position += 1
                    yield events[position - 1]
                if changed is not self._changed:
                    continue
                if self._is_over:
                    break
                if not await _set_within(changed, ping_s):
                    yield None
        finally:
            self._leave()
        if self._failure is not None:
            raise self._failure

    def cancel(self, reason: str = STOPPED) -> None:
        """Close the source; readers get what there is, and then hear why. The first reason counts.

        What the source does on its way out is not disturbed a second time.
        """
        if not self._reason:
            self._reason = reason
            self._task.cancel()

    def forget(self) -> None:
        """Drop the events; whoever reads already still gets them."""
        self._events = []

    def when_over(self, act: Callable[[], object]) -> None:
        """Call `act` once no further event will come."""
        self._task.add_done_callback(lambda _: act())

    async def ended(self, within_s: float, last_s: float = 1.0) -> None:
        """Wait until the source has ended; close it when it has not after `within_s` seconds.

        A source that is closed has `last_s` seconds for its way out.
        """
        _, pending = await asyncio.wait([self._task], timeout=within_s)
        if pending:
            self.cancel()
            await asyncio.wait(pending, timeout=last_s)

    async def _read(self, source: AsyncGenerator[T, None]) -> None:
        async with aclosing(source) as events:
            async for event in events:
                self._events.append(event)
                self._tell()

    def _end(self, task: asyncio.Task[None]) -> None:
        self._stay()
        self._failure = StreamGone(self._reason) if task.cancelled() else task.exception()
        self._is_over = True
        self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _enter(self) -> None:
        self._readers += 1
        self._stay()

    def _leave(self) -> None:
        self._readers -= 1
        if not self._readers and not self._is_over:
            self._abandon()

    def _abandon(self) -> None:
        loop = asyncio.get_running_loop()
        self._leaving = loop.call_later(self._abandon_s, self.cancel)

    def _stay(self) -> None:
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    return True
