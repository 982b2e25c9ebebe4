"""The noun LiveStreams: the answers that are being streamed by this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from api.answer_service import Stored
from api.streams.broadcast import Broadcast
from api.streams.chat_events import Dialect
from rag.writing.answer_event import AnswerEvent

T = TypeVar("T")

KEPT_S = 10.0  # how long a client that comes back hears why its answer failed
MOST_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Pace:
    """How long streams wait.

    Attributes:
        ping_s: between two signs of life.
        abandon_s: how long a stream without readers goes on, for a client that comes back.
        look_again_s: between two looks for what other processes have written, or want stopped.
    """

    ping_s: float = 10.0
    abandon_s: float = 20.0
    look_again_s: float = 0.25


@dataclass(frozen=True, slots=True)
class LiveStream(Generic[T]):
    """An answer being streamed.

    Attributes:
        owner: id of the API key it belongs to, or "".
        dialect: how its events are written.
        broadcast: the events.
        named: gives the name and the data of an event.
    """

    owner: str
    dialect: Dialect
    broadcast: Broadcast[T]
    named: Callable[[T], tuple[str, dict[str, Any]]]

    def frame(self, number: int, event: T) -> bytes:
        """Return an event as a server-sent event."""
        return self.dialect.frame(number, *self.named(event))


Here = LiveStream[AnswerEvent | Stored]
"""An answer that this process writes."""

Awaited = LiveStream[dict[str, Any]]
"""An answer that another process writes: its events come from the database, once they are there."""


class LiveStreams:
    """Finds streams by the id of their answer; used on one event loop.

    A stream is here until it is over: from then on its events come from the database alone, so that
    what is deleted there is gone everywhere. Of one that failed, whoever comes back in the next
    `KEPT_S` seconds hears why.
    """

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._streams: dict[str, Here] = {}
        self._awaited: dict[str, Awaited] = {}

    @property
    def written(self) -> tuple[str, ...]:
        """The ids of the answers of this process that can be followed."""
        return tuple(self._streams)

    def add(self, stream: Here) -> None:
        """Keep a stream as long as it is needed."""
        self._streams[stream.dialect.answer_id] = stream
        stream.broadcast.when_over(lambda: self._put_aside(stream))

    def await_(self, stream: Awaited) -> None:
        """Keep a stream that another process writes until it is over."""
        answer_id = stream.dialect.answer_id
        self._awaited[answer_id] = stream
        stream.broadcast.when_over(lambda: self._awaited.pop(answer_id, None))

    def find(self, answer_id: str, owner: str) -> Here | None:
        """Return the stream of an answer when it is written here and the owner's."""
        stream = self._streams.get(answer_id)
        return stream if stream and stream.owner == owner else None

    def find_awaited(self, answer_id: str, owner: str) -> Awaited | None:
        """Return the stream of an answer when it is awaited here and the owner's."""
        stream = self._awaited.get(answer_id)
        return stream if stream and stream.owner == owner else None

    def stop(self, answer_ids: Iterable[str]) -> None:
        """Stop those of some answers that this process is writing."""
        for answer_id in answer_ids:
            if stream := self._streams.get(answer_id):
                stream.broadcast.cancel()

    def end_awaited(self, reason: str) -> None:
        """Let nobody wait any longer for another process; readers hear why."""
        for stream in self._awaited.values():
            stream.broadcast.cancel(reason)

    def _put_aside(self, stream: Here) -> None:
        stream.broadcast.forget()
        if stream.broadcast.failure is None or len(self._streams) > MOST_KEPT:
            self._drop(stream.dialect.answer_id)
        else:
            loop = asyncio.get_running_loop()
            loop.call_later(KEPT_S, self._drop, stream.dialect.answer_id)

    def _drop(self, answer_id: str) -> None:
        self._streams.pop(answer_id, None)
