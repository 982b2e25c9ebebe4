"""The records of answers in the database, with a conversation or without one."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from rag.errors import AnswerMissing
from rag.models.generator import Message, Role
from rag.storing.answer_record import AnswerRecord
from rag.storing.database import Database
from rag.storing.deletion import delete_for_good
from rag.storing.identifier import is_id
from rag.storing.moments import Clock, from_microseconds, to_microseconds, utc_now
from rag.storing.packing import pack, unpack
from rag.storing.tables import answers
from rag.storing.underway import is_underway, settle
from rag.turn import Turn


class Answers:
    """Finds the full record of an answer again. Safe to use from several threads."""

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database = database
        self._now = now

    def keep(self, record: AnswerRecord, owner: str) -> None:
        """Store the record of a question that was asked without a conversation.

        Raises:
            AnswerMissing: it was stopped while it was written.
            DatabaseUnusable: it cannot be written.
        """
        with self._database.writing() as connection:
            insert_answer(connection, record, owner)

    def get(self, answer_id: str, owner: str) -> AnswerRecord:
        """Return a whole record.

        Raises:
            AnswerMissing: there is none of that id, or it is not the owner's.
            DatabaseUnusable: it cannot be read.
        """
        return _record(self._row(answer_id, owner, *answers.c))

    def events(self, answer_id: str, owner: str) -> tuple[dict[str, Any], ...] | None:
        """Return the events of an answer's stream, in order; None while it is being written.

        Raises:
            AnswerMissing: there is none of that id, or it is not the owner's.
            DatabaseUnusable: it cannot be read.
        """
        with self._database.reading() as connection:
            row = _find(connection, answer_id, owner, answers.c.events)
            if row is not None:
                return tuple(unpack(row.events))
            if is_underway(connection, answer_id, owner, to_microseconds(self._now())):
                return None
        raise answer_missing(answer_id)

    def delete(self, answer_id: str, owner: str) -> None:
        """Delete the record of a question that was asked without a conversation, with its feedback.

        Raises:
            AnswerMissing: there is none of that id, or it is not the owner's.
            ValueError: it is a turn of a conversation, which it cannot be taken out of.
            DatabaseUnusable: it cannot be written.
        """
        which = (answers.c.answer_id == answer_id) & (answers.c.owner == owner)
        if is_id(answer_id) and delete_for_good(self._database, alone=which).answers:
            return
        with self._database.reading() as connection:
            row = _find(connection, answer_id, owner, answers.c.conversation_id)
        if row is None or row.conversation_id is None:
            raise answer_missing(answer_id)
        raise ValueError(
            f"answer {answer_id} is a turn of the conversation {row.conversation_id}; "
            "delete that one"
        )

    def _row(self, answer_id: str, owner: str, *columns: Any) -> Row[Any]:
        with self._database.reading() as connection:
            row = _find(connection, answer_id, owner, *columns)
        if row is None:
            raise answer_missing(answer_id)
        return row


def _find(connection: Connection, answer_id: str, owner: str, *columns: Any) -> Row[Any] | None:
    if not is_id(answer_id):
        return None
    wanted = (answers.c.answer_id == answer_id) & (answers.c.owner == owner)
    return connection.execute(select(*columns).where(wanted)).one_or_none()


def insert_answer(
    connection: Connection,
    record: AnswerRecord,
    owner: str,
    conversation_id: str | None = None,
    position: int | None = None,
) -> None:
    """Insert a record inside the caller's transaction.

    Raises:
        AnswerMissing: the answer was stopped while it was written.
    """
    settle(connection, record.answer_id)
    connection.execute(
        insert(answers).values(
            answer_id=record.answer_id,
            owner=owner,
            conversation_id=conversation_id,
            position=position,
            created_at=to_microseconds(record.created_at),
            turn=pack(_shown(record)),
            record=pack(_led_to(record)),
            events=pack(record.events),
        )
    )


def answer_missing(answer_id: str) -> AnswerMissing:
    """Return the error of an id that leads to no answer."""
    return AnswerMissing(
        f"there is no answer {answer_id[:40]!r}; it may have been deleted with its conversation, "
        "or belong to another key"
    )


def read_turn(value: dict[str, Any]) -> Turn:
    """Return the Turn that a row keeps as JSON."""
    lists = {name: tuple(value[name]) for name in ("entry_ids", "items")}
    return Turn(**{**value, **lists})


_SHOWN = (
    "answer", "citations", "answerable", "answerable_probability", "model", "snapshot_id",
    "timings_ms", "notice",
)  # fmt: skip
_OF_A_HIT = ("rank", "score", "entry_id", "heading", "term")


def _shown(record: AnswerRecord) -> dict[str, Any]:
    """Return what a conversation shows of an answer; its hits without their texts."""
    answer = record.answer
    return {
        **{name: answer[name] for name in _SHOWN if name in answer},
        "hits": [{name: hit[name] for name in _OF_A_HIT} for hit in answer["hits"]],
        "turn": asdict(record.turn),
    }


def _led_to(record: AnswerRecord) -> dict[str, Any]:
    return {
        "answer": record.answer,
        "messages": [[message.role, message.content] for message in record.messages],
        "raw_text": record.raw_text,
        "verdicts": record.verdicts,
    }


def _record(row: Row[Any]) -> AnswerRecord:
    kept = unpack(row.record)
    return AnswerRecord(
        answer_id=row.answer_id,
        answer=kept["answer"],
        turn=read_turn(unpack(row.turn)["turn"]),
        messages=tuple(Message(Role(role), content) for role, content in kept["messages"]),
        raw_text=kept["raw_text"],
        verdicts=tuple(kept["verdicts"]),
        events=tuple(unpack(row.events)),
        created_at=from_microseconds(row.created_at),
        conversation_id=row.conversation_id,
    )
