"""The noun Written: the events of an answer as the database keeps them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from api.answer_service import AnswerService
from api.errors import StreamGone
from api.streams.chat_events import PING, Dialect, error_data
from api.streams.live_streams import Pace
from rag.errors import AnswerMissing, RagError

Events = Sequence[dict[str, Any]]


class Written:
    """The events of one answer that this process has not, or no longer, in its memory."""

    def __init__(self, service: AnswerService, owner: str, answer_id: str) -> None:
        self._service = service
        self._owner = owner
        self._answer_id = answer_id
        self._dialect = Dialect(answer_id, "", "")

    async def events(self) -> Events:
        """Return the events.

        Raises:
            AnswerMissing: there is no such answer of this owner, or not yet.
            StreamGone: the answer was not asked for as a stream.
        """
        answers = self._service.answers
        kept = await self._service.in_database(lambda: answers.events(self._answer_id, self._owner))
        if not kept:
            raise StreamGone(
                f"answer {self._answer_id} has no events to follow; read it with "
                f"GET /answers/{self._answer_id}"
            )
        return kept

    async def frames(self, kept: Events, after: int) -> AsyncGenerator[bytes, None]:
        """Yield the events from number `after` on as server-sent events."""
        for number, event in enumerate(kept[after:], start=after):
            yield self._dialect.frame(number, event["event"], event["data"])

    async def awaited(self, after: int, pace: Pace) -> AsyncGenerator[bytes, None]:
        """Yield the events once the process that writes the answer has stored them."""
        try:
            async for kept in self._looks(pace):
                if kept is None:
                    yield PING
                    continue
                async for frame in self.frames(kept, after):
                    yield frame
        except (RagError, StreamGone) as error:
            yield self._dialect.frame(after, "error", error_data(error))

    async def _looks(self, pace: Pace) -> AsyncGenerator[Events | None, None]:
        """Yield the events when they are there; until then None whenever a ping is due."""
        settings = self._service.settings
        longest_s = settings.llm_total_s if self._service.generator else settings.request_s
        begun_s = pinged_s = time.monotonic()
        while True:
            try:
                yield await self.events()
                return
            except AnswerMissing:
                now_s = time.monotonic()
                if now_s - begun_s > longest_s:
                    raise
                if now_s - pinged_s >= pace.ping_s:
                    pinged_s = now_s
                    yield None
                await asyncio.sleep(pace.look_again_s)
