"""Answers that are being written, as every process that shares the database sees them.

Without them, a process could not tell the id of an answer that another one is writing from an id
that nobody gave, and could not have that answer stopped.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from rag.errors import AnswerMissing
from rag.storing.database import Database
from rag.storing.identifier import is_id
from rag.storing.moments import Clock, to_microseconds, utc_now
from rag.storing.tables import underway


class Underway:
    """Notes which answers are being written. Safe to use from several threads and processes.

    A note is there until the answer is stored or given up, and its writer renews it meanwhile: that
    of a process that died soon counts no more. Every method raises DatabaseUnusable when the
    database cannot be used.
    """

    def __init__(self, database: Database, now: Clock = utc_now) -> None:
        self._database = database
        self._now = now

    def begin(self, answer_id: str, owner: str, conversation_id: str, fresh_s: float) -> None:
        """Note that an answer is being written; it counts for `fresh_s` seconds."""
        with self._database.writing() as connection:
            connection.execute(
                insert(underway).values(
                    answer_id=answer_id,
                    owner=owner,
                    conversation_id=conversation_id,
                    deadline=self._in(fresh_s),
                    stopped=0,
                )
            )

    def renew(self, answer_ids: Collection[str], fresh_s: float) -> None:
        """Let the notes of answers count for `fresh_s` seconds from now on."""
        with self._database.writing() as connection:
            which = underway.c.answer_id.in_(answer_ids)
            connection.execute(update(underway).where(which).values(deadline=self._in(fresh_s)))

    def _in(self, seconds: float) -> int:
        return to_microseconds(self._now() + timedelta(seconds=seconds))

    def end(self, answer_id: str) -> None:
        """Take back the note of an answer that was given up."""
        with self._database.writing() as connection:
            connection.execute(delete(underway).where(underway.c.answer_id == answer_id))

    def stop(self, answer_id: str, owner: str) -> None:
        """Ask whoever writes an answer to stop; from here on it will not be stored.

        Raises:
            AnswerMissing: it is not being written, or it is not the owner's.
        """
        asked = 0
        if is_id(answer_id):
            which = (underway.c.answer_id == answer_id) & (underway.c.owner == owner)
            with self._database.writing() as connection:
                asked = stop_all(connection, which)
        if not asked:
            raise AnswerMissing(f"no answer {answer_id[:40]!r} is being written")

    def is_deserted(self, answer_id: str) -> bool:
        """Tell whether whoever was writing an answer has died, and nobody wanted it stopped."""
        query = select(underway.c.answer_id).where(
            underway.c.answer_id == answer_id,
            underway.c.stopped == 0,
            underway.c.deadline <= to_microseconds(self._now()),
        )
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def stopped(self) -> frozenset[str]:
        """Return the ids of the answers that are to be stopped, and are not yet."""
        query = select(underway.c.answer_id).where(underway.c.stopped == 1)
        with self._database.reading() as connection:
            return frozenset(connection.scalars(query))


def is_underway(connection: Connection, answer_id: str, owner: str, now: int) -> bool:
    """Tell whether an answer is being written and not to be stopped; `now` is in microseconds."""
    query = select(underway.c.answer_id).where(
        underway.c.answer_id == answer_id,
        underway.c.owner == owner,
        underway.c.stopped == 0,
        underway.c.deadline > now,
    )
    return connection.scalar(query) is not None


def stop_all(connection: Connection, which: ColumnElement[bool]) -> int:
    """Ask for the end of answers, inside the caller's transaction; return how many there are."""
    return connection.execute(update(underway).where(which).values(stopped=1)).rowcount


def settle(connection: Connection, answer_id: str) -> None:
    """Take back the note of an answer inside the transaction that stores it.

    Raises:
        AnswerMissing: it was stopped before.
    """
    taken = delete(underway).where(underway.c.answer_id == answer_id)
    if connection.scalar(taken.returning(underway.c.stopped)):
        raise AnswerMissing(f"answer {answer_id!r} was stopped before its end; nothing is kept")


def forget_dead(connection: Connection, now: int) -> None:
    """Remove the notes of processes that died; `now` is in microseconds."""
    connection.execute(delete(underway).where(underway.c.deadline <= now))
