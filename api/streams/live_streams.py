"""The noun LiveStreams: the answers being streamed by this process, and those just finished."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from api.answer_service import Stored
from api.streams.broadcast import Broadcast
from api.streams.chat_events import Dialect
from rag.writing.answer_event import AnswerEvent

KEPT_S = 10.0  # after its end; later a resumed stream comes from the database
MOST_KEPT = 2000


@dataclass(frozen=True, slots=True)
class Pace:
    """How long streams wait.

    Attributes:
        ping_s: between two signs of life.
        abandon_s: how long a stream without readers goes on, for a client that comes back.
        look_again_s: between two looks for an answer that another process writes.
    """

    ping_s: float = 10.0
    abandon_s: float = 20.0
    look_again_s: float = 0.25


@dataclass(frozen=True, slots=True)
class LiveStream:
    """An answer being streamed.

    Attributes:
        owner: id of the API key it belongs to, or "".
        dialect: how its events are written.
        broadcast: the events.
        begun_s: on the monotonic clock.
    """

    owner: str
    dialect: Dialect
    broadcast: Broadcast[AnswerEvent | Stored]
    begun_s: float = field(default_factory=time.monotonic)


class LiveStreams:
    """Finds streams by the id of their answer; used on one event loop."""

    def __init__(self, pace: Pace | None = None) -> None:
        self.pace = pace or Pace()
        self._streams: dict[str, LiveStream] = {}

    def add(self, stream: LiveStream) -> None:
        """Keep a stream until some time after its end."""
        self._forget_old()
        self._streams[stream.dialect.answer_id] = stream

    def find(self, answer_id: str, owner: str) -> LiveStream | None:
        """Return the stream of an answer when it is here and the owner's."""
        stream = self._streams.get(answer_id)
        return stream if stream and stream.owner == owner else None

    async def finish(self, within_s: float) -> None:
        """Wait until the streams have ended; end those that have not after `within_s`."""
        deadline_s = time.monotonic() + within_s
        for stream in list(self._streams.values()):
            if not stream.broadcast.is_over:
                await stream.broadcast.ended(max(0.0, deadline_s - time.monotonic()))

    def _forget_old(self) -> None:
        horizon_s = time.monotonic() - KEPT_S
        over = [
            answer_id
            for answer_id, stream in self._streams.items()
            if stream.broadcast.is_over
            and (stream.broadcast.over_s < horizon_s or len(self._streams) > MOST_KEPT)
        ]
        for answer_id in over:
            del self._streams[answer_id]
