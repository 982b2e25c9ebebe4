"""The note in the database that an answer is being written, for processes that do not write it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import TypeVar

from rag.errors import DatabaseUnusable
from rag.storing.underway import Underway

T = TypeVar("T")

FRESH_S = 6.0
"""How long a note counts; as long, clients of a process that died wait for its answer."""
RENEWED_EVERY_S = 1.5


@dataclass(frozen=True, slots=True)
class AnswerNote:
    """Says that an answer is being written, and whose it is."""

    answer_id: str
    owner: str
    conversation_id: str

    async def during(
        self,
        events: AsyncGenerator[T, None],
        underway: Underway,
        in_database: Callable[[Callable[[], None]], Awaitable[None]],
    ) -> AsyncGenerator[T, None]:
        """Yield the events of the answer; the note is there before the first one.

        Storing the answer takes it back; here that is done when there is none to store.
        """
        begun = False
        try:
            async with aclosing(events):
                async for event in events:
                    if not begun:
                        await in_database(lambda: self._put(underway))
                        begun = True
                    yield event
            begun = False
        finally:
            if begun:
                with suppress(DatabaseUnusable):  # not renewed, it soon counts no more
                    await in_database(lambda: underway.end(self.answer_id))

    def _put(self, underway: Underway) -> None:
        underway.begin(self.answer_id, self.owner, self.conversation_id, FRESH_S)
