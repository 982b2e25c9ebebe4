"""Bounds on what goes on at once: per client, per process, in the pool."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from api.dependencies import ChatPool
from api.door.admission import Admission, Door
from api.door.answer_places import AnswerPlaces
from api.door.client_places import ClientPlaces
from api.door.exposure import Exposure
from api.door.key_ring import KeyRing
from api.door.rate_limit import RateLimits
from api.errors import Overloaded, TookTooLong, TooManyRequests
from api.live import LiveChat
from api.observing.metrics import Metrics
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat


def test_a_client_has_its_places_and_gets_them_back() -> None:
    places = ClientPlaces()
    with ExitStack() as stack:
        stack.enter_context(places.hold("a", 2))
        stack.enter_context(places.hold("a", 2))
        stack.enter_context(places.hold("b", 2))
        with pytest.raises(TooManyRequests, match="may have 2 at once"):
            places.hold("a", 2).__enter__()
    with places.hold("a", 1):
        pass
    assert places._held == {}


def test_answers_in_the_making_are_bounded() -> None:
    places = AnswerPlaces(1)
    with places.hold(), pytest.raises(Overloaded, match="AIFACTORY_MAX_ANSWERING"):
        places.hold().__enter__()
    with places.hold():
        pass


async def status_of(admission: Admission, scope: dict[str, Any]) -> int:
    """Send one request; return the status it gets."""
    statuses: list[int] = []

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    await admission(dict(scope), receive, send)
    return statuses[0]


def test_a_place_is_held_until_the_response_has_ended_or_the_client_left() -> None:
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/search",
        "headers": [],
        "client": ("192.0.2.7", 1),
    }

    async def story() -> None:
        gate = asyncio.Event()

        async def stream(scope: Any, receive: Any, send: Any) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await gate.wait()

        door = Door(
            Settings(home=Path("home"), concurrent=1),
            Exposure(keys_needed=False, this_machine_only=False),
            KeyRing(list),
            RateLimits(),
            Metrics(),
        )
        admission = Admission(stream, door)
        running = asyncio.create_task(status_of(admission, scope))
        await asyncio.sleep(0)
        assert await status_of(admission, scope) == 429
        other = asyncio.create_task(status_of(admission, {**scope, "client": ("192.0.2.8", 1)}))
        await asyncio.sleep(0)
        running.cancel()  # what a server does when the client leaves
        await asyncio.gather(running, return_exceptions=True)
        gate.set()
        assert await status_of(admission, scope) == 200
        assert await other == 200

    asyncio.run(story())


class Bench:
    """A pool of one thread, and work that ends when the test says so."""

    def __init__(self, **given: Any) -> None:
        settings = Settings(home=Path("home"), **given)
        live = LiveChat(FakeChat, lambda: SNAPSHOT)
        self.pool = ChatPool(live, settings, threads=1)
        self.end = threading.Event()
        self.begun = threading.Event()

    def work(self, _: Any) -> str:
        self.begun.set()
        assert self.end.wait(30)
        return "done"


def with_bench(story: Callable[[Bench], Awaitable[None]], **given: Any) -> None:
    @asynccontextmanager
    async def bench() -> AsyncIterator[Bench]:
        made = Bench(**given)
        try:
            yield made
        finally:
            made.end.set()
            made.pool.close()

    async def run() -> None:
        async with bench() as made:
            await story(made)

    asyncio.run(run())


def test_work_runs_on_the_open_chat() -> None:
    async def story(bench: Bench) -> None:
        assert await bench.pool.run(lambda chat: chat.index.snapshot_id) == SNAPSHOT

    with_bench(story)


def test_more_waiting_than_allowed_is_refused_at_once() -> None:
    async def story(bench: Bench) -> None:
        first, second = (asyncio.create_task(bench.pool.run(bench.work)) for _ in range(2))
        await asyncio.to_thread(bench.begun.wait, 30)
        with pytest.raises(Overloaded, match="1 requests wait already"):
            await bench.pool.run(bench.work)
        bench.end.set()
        assert await asyncio.gather(first, second) == ["done", "done"]
        assert await bench.pool.run(lambda chat: 7) == 7

    with_bench(story, max_waiting=1)


def test_an_answer_that_takes_too_long_is_given_up_and_keeps_its_thread() -> None:
    async def story(bench: Bench) -> None:
        with pytest.raises(TookTooLong, match="AIFACTORY_REQUEST_S"):
            await bench.pool.run(bench.work)
        with pytest.raises(TookTooLong):  # the only thread is still busy
            await bench.pool.run(lambda chat: 7)
        bench.end.set()
        assert await bench.pool.run(lambda chat: 7) == 7

    with_bench(story, request_s=0.1)


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    async def story(bench: Bench) -> None:
        def fail(_: Any) -> None:
            raise TimeoutError("of the work itself")

        with pytest.raises(TimeoutError, match="of the work itself"):
            await bench.pool.run(fail)

    with_bench(story)
