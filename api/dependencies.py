"""What the routes ask for: the bounded pool in which retrieval runs, the metrics, the owner.

The functions are async, although nothing in them waits: others would run in a thread each time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from api.door.answer_places import AnswerPlaces
from api.door.drain import Drain
from api.door.places import Places
from api.errors import Overloaded, TookTooLong
from api.live import LiveChat
from api.observing.metrics import Metrics
from rag.chat import Chat
from rag.settings import Settings

T = TypeVar("T")


class ChatPool:
    """Runs work on the live Chat, in at most `threads` threads at a time.

    At most `settings.max_waiting` requests wait for a thread, and none longer than
    `settings.request_s` for its result. Work that was given up on keeps its thread until it ends,
    so that there are never more threads than allowed.
    """

    def __init__(
        self, live: LiveChat, settings: Settings, threads: int, metrics: Metrics | None = None
    ) -> None:
        self.live = live
        self.settings = settings
        self.metrics = metrics or Metrics()
        self._executor = ThreadPoolExecutor(threads, "chat")
        self._places = Places(threads)
        self._answers = AnswerPlaces(settings.max_answering)
        self._waiting = 0

    async def run(self, work: Callable[[Chat], T], patience: int = 0) -> T:
        """Return `work(chat)`, computed in a thread of the pool.

        Work with more `patience` waits until nothing with less does.

        Raises:
            Overloaded: too many requests wait already.
            TookTooLong: the result was not there in time.
        """
        longest_s = self.settings.request_s
        try:
            async with asyncio.timeout(longest_s) as deadline:
                await self._take_thread(patience)
                return await asyncio.wrap_future(self._started(work))
        except TimeoutError:
            if not deadline.expired():
                raise
            raise TookTooLong(
                f"the answer was not there within {longest_s:g} s (AIFACTORY_REQUEST_S); "
                "ask again in a moment"
            ) from None

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Hold one of `settings.max_answering` places until an answer is given in full.

        Raises:
            Overloaded: all places are taken.
        """
        with self._answers.hold():
            yield

    def close(self) -> None:
        """Give up what waits; what runs is not waited for."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    async def _take_thread(self, patience: int) -> None:
        if patience or not self._places.is_full:  # who is patient has a place among the answers
            await self._places.take(patience)
            return
        if self._waiting >= self.settings.max_waiting:
            raise Overloaded(
                f"{self._waiting} requests wait already, which is the limit of "
                "AIFACTORY_MAX_WAITING; ask again in a moment"
            )
        self._waiting += 1
        try:
            with self.metrics.waiting():
                await self._places.take()
        finally:
            self._waiting -= 1

    def _started(self, work: Callable[[Chat], T]) -> Future[T]:
        loop = asyncio.get_running_loop()

        def give_back(_: Future[T]) -> None:
            with suppress(RuntimeError):  # the server has stopped meanwhile
                loop.call_soon_threadsafe(self._places.give_back)

        started = self._executor.submit(lambda: work(self.live.chat()))
        started.add_done_callback(give_back)
        return started


async def chat_pool(request: Request) -> ChatPool:
    """Return the pool of the application behind a request."""
    pool: ChatPool = request.app.state.chat_pool
    return pool


async def metrics(request: Request) -> Metrics:
    """Return the metrics of the application behind a request."""
    found: Metrics = request.app.state.metrics
    return found


async def drain(request: Request) -> Drain:
    """Return what tells whether the server is stopping."""
    found: Drain = request.app.state.drain
    return found


async def owner(request: Request) -> str:
    """Return the id of the request's API key; empty where nobody needs one."""
    return str(request.scope.get("state", {}).get("owner", ""))


ChatPoolDep = Annotated[ChatPool, Depends(chat_pool)]
MetricsDep = Annotated[Metrics, Depends(metrics)]
DrainDep = Annotated[Drain, Depends(drain)]
OwnerDep = Annotated[str, Depends(owner)]
