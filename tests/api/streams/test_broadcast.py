"""Several readers of one source, and none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest

from api.errors import StreamGone
from api.streams.broadcast import Broadcast
from api.streams.chat_events import data_frame, read_event_id


class Source:
    """Gives numbers when it is told to, and knows whether it was closed."""

    def __init__(self, *numbers: int, fails: bool = False, ends: bool = True) -> None:
        self.numbers = numbers
        self.fails = fails
        self.ends = ends
        self.closed = asyncio.Event()

    async def events(self) -> AsyncGenerator[int, None]:
        try:
            for number in self.numbers:
                await asyncio.sleep(0)
                yield number
            if self.fails:
                raise ValueError("no more")
            if not self.ends:
                await asyncio.Event().wait()
        finally:
            self.closed.set()


async def read(broadcast: Broadcast[int], after: int = 0) -> list[int | None]:
    return [event async for event in broadcast.follow(after, ping_s=5)]


def test_readers_get_everything_whenever_they_come() -> None:
    async def story() -> None:
        broadcast = Broadcast(Source(1, 2, 3).events(), abandon_s=5)
        assert await asyncio.gather(read(broadcast), read(broadcast, 1)) == [[1, 2, 3], [2, 3]]
        assert broadcast.is_over
        assert await read(broadcast, 2) == [3]
        assert await read(broadcast, 9) == []

    asyncio.run(story())


def test_a_failure_reaches_every_reader_after_what_came_before() -> None:
    async def story() -> None:
        broadcast = Broadcast(Source(1, fails=True).events(), abandon_s=5)
        for _ in range(2):
            events = broadcast.follow()
            assert await anext(events) == 1
            with pytest.raises(ValueError, match="no more"):
                await anext(events)

    asyncio.run(story())


def test_a_source_that_nobody_ever_reads_is_closed() -> None:
    async def story() -> None:
        source = Source(1, ends=False)
        broadcast = Broadcast(source.events(), abandon_s=0.02)
        await asyncio.wait_for(source.closed.wait(), 5)
        with pytest.raises(StreamGone):
            await read(broadcast)

    asyncio.run(story())


def test_a_source_is_closed_after_its_last_reader_has_left() -> None:
    async def story() -> None:
        source = Source(1, 2, ends=False)
        broadcast = Broadcast(source.events(), abandon_s=0.02)
        async for event in broadcast.follow():
            if event == 2:
                assert not source.closed.is_set()
                break
        await asyncio.wait_for(source.closed.wait(), 5)

    asyncio.run(story())


def test_signs_of_life_come_while_nothing_happens() -> None:
    async def story() -> None:
        broadcast = Broadcast(Source(1, ends=False).events(), abandon_s=0.01)
        got = []
        async for event in broadcast.follow(ping_s=0.01):
            got.append(event)
            if got == [1, None, None]:
                break

    asyncio.run(asyncio.wait_for(story(), 5))


def test_cancelling_tells_the_readers() -> None:
    async def story() -> None:
        source = Source(1, ends=False)
        broadcast = Broadcast(source.events(), abandon_s=5)
        reading = asyncio.ensure_future(read(broadcast))
        while not broadcast.count:
            await asyncio.sleep(0)
        broadcast.cancel()
        with pytest.raises(StreamGone, match="stopped before its end"):
            await reading
        assert source.closed.is_set()

    asyncio.run(story())


def test_what_is_cancelled_before_it_began_tells_the_readers_too() -> None:
    async def story() -> None:
        broadcast = Broadcast(Source(1).events(), abandon_s=5)
        broadcast.cancel("the house is closed")
        with pytest.raises(StreamGone, match="the house is closed"):
            await read(broadcast)

    asyncio.run(asyncio.wait_for(story(), 5))


def test_the_way_out_of_a_source_is_not_disturbed_by_a_second_wish() -> None:
    left = []

    async def slow_to_leave() -> AsyncGenerator[int, None]:
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.02)
            left.append("in peace")

    async def story() -> None:
        broadcast = Broadcast(slow_to_leave(), abandon_s=5)
        while not broadcast.count:
            await asyncio.sleep(0)
        for reason in ("first", "second", "third"):
            broadcast.cancel(reason)
            await asyncio.sleep(0)
        with pytest.raises(StreamGone, match="first"):
            await read(broadcast)

    asyncio.run(asyncio.wait_for(story(), 5))
    assert left == ["in peace"]


def test_what_is_forgotten_still_reaches_who_reads_already() -> None:
    async def story() -> None:
        broadcast = Broadcast(Source(1, 2, fails=True).events(), abandon_s=5)
        early = broadcast.follow()
        assert await anext(early) == 1
        while not broadcast.is_over:
            await asyncio.sleep(0)
        broadcast.forget()
        assert await anext(early) == 2
        for reader in (early, broadcast.follow()):
            with pytest.raises(ValueError, match="no more"):
                await anext(reader)

    asyncio.run(asyncio.wait_for(story(), 5))


def test_an_event_is_one_line_of_data_for_every_reader() -> None:
    text = "a\nb\x85c\u2028d\u2029e\x0bf\ud800"
    frame = data_frame({"text": text}).decode()
    assert len(frame.splitlines()) == 2
    assert json.loads(frame.removeprefix("data: "))["text"] == text.replace("\ud800", "?")


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("ab:3", ("ab", 3)),
        ("a:b:0", ("a:b", 0)),
        ("ab:", None),
        (":3", None),
        ("ab", None),
        ("ab:-1", None),
        ("ab:1234567890", None),
        ("ab:³", None),
    ],
)
def test_an_event_id_is_read(given: str, read: tuple[str, int] | None) -> None:
    assert read_event_id(given) == read
