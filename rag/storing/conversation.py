"""The nouns of stored conversations: a conversation, its turns, and a page of a list of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rag.storing.feedback import Feedback
from rag.turn import Turn


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """A question of a conversation with its answer, as it is shown again.

    Attributes:
        answer_id: under which the full record is found.
        position: in the conversation, from 1.
        turn: what question and answer leave behind for the next question.
        text: the answer, Markdown with `[n]` markers.
        citations: as in `ask --json`.
        hits: of each hit its rank, score, entry_id, heading and term.
        answerable: whether the glossary held an answer.
        probability: of that, in [0, 1].
        model: who wrote the text.
        snapshot_id: the snapshot it was answered from.
        timings_ms: milliseconds per stage.
        notice: what the reader should know of how it came about; "" when there is nothing.
        created_at: when it was stored, aware.
        feedback: the latest; None without.
    """

    answer_id: str
    position: int
    turn: Turn
    text: str
    citations: tuple[dict[str, Any], ...]
    hits: tuple[dict[str, Any], ...]
    answerable: bool
    probability: float
    model: str
    snapshot_id: str
    timings_ms: dict[str, float]
    notice: str
    created_at: datetime
    feedback: Feedback | None = None

    @property
    def question(self) -> str:
        """Return the question as it was asked."""
        return self.turn.question

    @property
    def standalone_question(self) -> str:
        """Return the question as it was searched for."""
        return self.turn.standalone_question

    def to_json(self) -> dict[str, Any]:
        """Return the turn as JSON values, named as in `ask --json`."""
        return {
            "answer_id": self.answer_id,
            "position": self.position,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answer": self.text,
            "citations": list(self.citations),
            "hits": list(self.hits),
            "answerable": self.answerable,
            "answerable_probability": self.probability,
            "model": self.model,
            "snapshot_id": self.snapshot_id,
            "timings_ms": self.timings_ms,
            "notice": self.notice,
            "created_at": self.created_at.isoformat(),
            "feedback": self.feedback.to_json() if self.feedback else None,
        }


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation of one owner.

    Attributes:
        conversation_id: unguessable.
        owner: id of the API key that it belongs to; "" where nobody needs one.
        title: given, or the beginning of the first question; one line, "" before the first turn.
        created_at: aware.
        updated_at: of the last turn, aware; age counts from here.
        turn_count: how many turns it has.
        turns: in order; empty in lists of conversations, which leave them out.
    """

    conversation_id: str
    owner: str
    title: str
    created_at: datetime
    updated_at: datetime
    turn_count: int
    turns: tuple[ConversationTurn, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the conversation as JSON values, without its owner and without its turns."""
        return {
            "conversation_id": self.conversation_id,
            "title": self.title,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
            "turn_count": self.turn_count,
        }


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Some conversations, newest first; `next` asks for those after them, None at the end."""

    conversations: tuple[Conversation, ...]
    next: str | None
