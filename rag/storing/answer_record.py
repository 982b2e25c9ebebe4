"""The noun AnswerRecord: everything about how an answer came to be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from rag.answer import Answer
from rag.models.generator import Message
from rag.storing.identifier import new_id
from rag.storing.moments import utc_now
from rag.turn import Turn

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """An answer with what led to it.

    Attributes:
        answer_id: unguessable; the key under which it is found again.
        answer: the whole `Answer.to_json()`.
        turn: what it leaves behind for the next question.
        messages: the prompt; empty without a language model.
        raw_text: what the model wrote, before verification.
        verdicts: what verification said of each sentence.
        events: the events of its stream, in order, for a client that lost the connection.
        created_at: when it was recorded, aware.
        conversation_id: of the conversation it belongs to; None for a question asked alone.
    """

    answer_id: str
    answer: Json
    turn: Turn
    messages: tuple[Message, ...] = ()
    raw_text: str = ""
    verdicts: tuple[Json, ...] = ()
    events: tuple[Json, ...] = ()
    created_at: datetime = field(default_factory=utc_now)
    conversation_id: str | None = None

    @classmethod
    def of(
        cls,
        answer: Answer,
        *,
        answer_id: str = "",
        messages: Sequence[Message] = (),
        raw_text: str = "",
        verdicts: Iterable[Json] = (),
        events: Iterable[Json] = (),
    ) -> AnswerRecord:
        """Return the record of an answer; without an `answer_id` it gets a new one."""
        return cls(
            answer_id=answer_id or new_id(),
            answer=answer.to_json(),
            turn=Turn.of(answer),
            messages=tuple(messages),
            raw_text=raw_text,
            verdicts=tuple(verdicts),
            events=tuple(events),
        )

    def to_json(self) -> Json:
        """Return the record as JSON values, without the events of its stream."""
        return {
            "answer_id": self.answer_id,
            "conversation_id": self.conversation_id,
            "created_at": self.created_at.isoformat(),
            **self.answer,
            "prompt": [asdict(message) for message in self.messages],
            "raw_text": self.raw_text,
            "verdicts": list(self.verdicts),
        }
