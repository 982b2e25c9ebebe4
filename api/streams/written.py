"""The noun Written: the events of an answer as the database keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from api.answer_service import AnswerService
from api.errors import RequestInvalid, StreamGone
from api.streams.broadcast import STOPPED, Broadcast
from api.streams.chat_events import Dialect
from api.streams.live_streams import Awaited, LiveStream, LiveStreams
from rag.errors import AnswerMissing

Events = Sequence[dict[str, Any]]


class Written:
    """The events of one answer that this process has not, or no longer, in its memory."""

    def __init__(self, service: AnswerService, owner: str, answer_id: str) -> None:
        self._service = service
        self._owner = owner
        self._answer_id = answer_id
        self._dialect = Dialect(answer_id, "", "")

    async def events(self) -> Events | None:
        """Return the events; None while another process writes the answer.

        Raises:
            AnswerMissing: there is no such answer of this owner.
            StreamGone: the answer was not asked for as a stream.
        """
        answers = self._service.answers
        kept = await self._service.in_database(lambda: answers.events(self._answer_id, self._owner))
        if kept is not None and not kept:
            raise StreamGone(
                f"answer {self._answer_id} has no events to follow; read it with "
                f"GET /answers/{self._answer_id}"
            )
        return kept

    async def frames(self, kept: Events, after: int) -> AsyncGenerator[bytes, None]:
        """Yield the events from number `after` on as server-sent events."""
        for number, event in enumerate(kept[after:], start=after):
            yield self._dialect.frame(number, *_named(event))

    def awaited(self, streams: LiveStreams) -> Awaited:
        """Return the stream on which the events come; the readers of an answer share one."""
        found = streams.find_awaited(self._answer_id, self._owner)
        if found is None:
            source = self._once_stored(streams.pace.look_again_s)
            broadcast = Broadcast(source, streams.pace.abandon_s)
            found = LiveStream(self._owner, self._dialect, broadcast, _named)
            streams.await_(found)
        return found

    async def _once_stored(self, look_again_s: float) -> AsyncGenerator[dict[str, Any], None]:
        try:
            while (kept := await self.events()) is None:
                await asyncio.sleep(look_again_s)
        except AnswerMissing:
            service, answer_id = self._service, self._answer_id
            if await service.in_database(lambda: service.underway.is_deserted(answer_id)):
                raise
            raise StreamGone(STOPPED) from None
        for event in kept:
            yield event


def _named(event: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return event["event"], event["data"]


def event_unknown(answer_id: str, after: int, count: int) -> RequestInvalid:
    """Return the error of the wish to go on at number `after` with an answer of `count` events."""
    return RequestInvalid(
        f"Last-Event-ID {answer_id}:{after - 1} is not the id of an event of this answer, "
        f"which has {count}; leave it out to get them all"
    )
