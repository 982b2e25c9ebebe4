"""How long a stream stays in memory: until its end, and why it failed a little longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

import api.streams.live_streams
from api.answer_service import Stored
from api.streams.broadcast import Broadcast
from api.streams.chat_events import Dialect
from api.streams.live_streams import LiveStream, LiveStreams
from rag.writing.answer_event import AnswerEvent, Delta


async def says(text: str, *, fails: bool = False) -> AsyncGenerator[AnswerEvent | Stored, None]:
    yield Delta(text)
    if fails:
        raise ValueError("no more")


async def ended(streams: LiveStreams, answer_id: str, *, fails: bool = False) -> None:
    """Add a stream and wait for its end."""
    dialect = Dialect(answer_id, "talk", "http://here/")
    broadcast: Broadcast[AnswerEvent | Stored] = Broadcast(says("light", fails=fails), 5)
    streams.add(LiveStream("ann", dialect, broadcast, dialect.named))
    assert streams.find(answer_id, "ann") is not None
    assert streams.find(answer_id, "ben") is None
    while not broadcast.is_over:
        await asyncio.sleep(0)
    await asyncio.sleep(0)


def test_a_finished_answer_is_in_no_memory() -> None:
    async def story() -> None:
        streams = LiveStreams()
        await ended(streams, "a")
        assert streams.find("a", "ann") is None
        assert not streams.written

    asyncio.run(story())


def test_of_an_answer_that_failed_the_reason_stays_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api.streams.live_streams, "KEPT_S", 0.05)

    async def story() -> None:
        streams = LiveStreams()
        await ended(streams, "a", fails=True)
        found = streams.find("a", "ann")
        assert found is not None
        assert (found.broadcast.count, str(found.broadcast.failure)) == (0, "no more")
        while streams.find("a", "ann"):
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(story(), 5))


def test_not_more_reasons_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.streams.live_streams, "MOST_KEPT", 1)

    async def story() -> None:
        streams = LiveStreams()
        for answer_id in "abc":
            await ended(streams, answer_id, fails=True)
        assert [bool(streams.find(answer_id, "ann")) for answer_id in "abc"] == [True, False, False]

    asyncio.run(story())
