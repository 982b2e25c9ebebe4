"""The feedback on answers in the database: one per answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from rag.storing.answers import answer_missing
from rag.storing.database import Database
from rag.storing.feedback import Feedback, Rating
from rag.storing.identifier import is_id
from rag.storing.moments import from_microseconds, to_microseconds
from rag.storing.packing import pack, unpack
from rag.storing.tables import answers, feedback

_BATCH = 200  # rows read at a time while everything is gone through


@dataclass(frozen=True, slots=True)
class RatedAnswer:
    """Feedback with the answer it is on: the JSON of `ask --json`."""

    feedback: Feedback
    answer: dict[str, Any]


class Feedbacks:
    """Stores what people think of answers. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, given: Feedback, owner: str) -> None:
        """Store feedback on an answer of the owner, in place of what was there.

        Raises:
            AnswerMissing: there is no such answer, or it is not the owner's.
            DatabaseUnusable: it cannot be written.
        """
        with self._database.writing() as connection:
            _hold(connection, given.answer_id, owner)
            _remove(connection, given.answer_id)
            connection.execute(
                insert(feedback).values(
                    answer_id=given.answer_id,
                    rating=str(given.rating),
                    words=pack([given.reason, given.correction]),
                    created_at=to_microseconds(given.created_at),
                )
            )

    def remove(self, answer_id: str, owner: str) -> None:
        """Take feedback back; an answer without any stays as it is.

        Raises:
            AnswerMissing: there is no such answer, or it is not the owner's.
            DatabaseUnusable: it cannot be written.
        """
        with self._database.writing() as connection:
            _hold(connection, answer_id, owner)
            if _remove(connection, answer_id):
                self._database.mark_remains(connection)
        self._database.erase_remains()

    def get(self, answer_id: str, owner: str) -> Feedback | None:
        """Return the feedback on an answer of the owner; None when there is none.

        Raises:
            AnswerMissing: there is no such answer, or it is not the owner's.
            DatabaseUnusable: it cannot be read.
        """
        with self._database.reading() as connection:
            _hold(connection, answer_id, owner, to_change=False)
            wanted = feedback.c.answer_id == answer_id
            row = connection.execute(select(feedback).where(wanted)).one_or_none()
        return read_feedback(row) if row else None

    def rated(self) -> Iterator[RatedAnswer]:
        """Yield every rated answer of every owner, the earliest feedback first.

        Raises:
            DatabaseUnusable: it cannot be read.
        """
        query = (
            select(feedback, answers.c.record)
            .join(answers, answers.c.answer_id == feedback.c.answer_id)
            .order_by(feedback.c.created_at, feedback.c.answer_id)
            .execution_options(yield_per=_BATCH)
        )
        with self._database.reading() as connection:
            for row in connection.execute(query):
                yield RatedAnswer(read_feedback(row), unpack(row.record)["answer"])


def read_feedback(row: Row[Any]) -> Feedback:
    """Return the noun that a row holds."""
    reason, correction = unpack(row.words)
    return Feedback(
        row.answer_id, Rating(row.rating), reason, correction, from_microseconds(row.created_at)
    )


def _hold(connection: Connection, answer_id: str, owner: str, *, to_change: bool = True) -> None:
    """Make sure that an answer is the owner's, and stays until the end of the transaction."""
    found = None
    if is_id(answer_id):
        query = select(answers.c.answer_id).where(
            answers.c.answer_id == answer_id, answers.c.owner == owner
        )
        found = connection.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise answer_missing(answer_id)


def _remove(connection: Connection, answer_id: str) -> bool:
    removed = connection.execute(delete(feedback).where(feedback.c.answer_id == answer_id))
    return removed.rowcount > 0
