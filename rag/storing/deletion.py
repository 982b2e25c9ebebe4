"""Deletion of conversations and stray answers: on demand, and when they are old."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, delete

from rag.storing.database import Database
from rag.storing.moments import Clock, to_microseconds
from rag.storing.tables import answers, conversations
from rag.storing.underway import forget_dead, stop_all

EVERY = timedelta(hours=1)

ALONE = answers.c.conversation_id.is_(None)
"""The condition that an answer belongs to no conversation."""

Condition = ColumnElement[bool]


class Deleted(NamedTuple):
    """How many conversations were deleted, answers without one, and answers in the making."""

    conversations: int = 0
    answers: int = 0
    stopped: int = 0


def delete_for_good(
    database: Database,
    talks: Condition | None = None,
    alone: Condition | None = None,
    underway: Condition | None = None,
) -> Deleted:
    """Delete for good, in one transaction, whatever meets a condition that is given.

    Args:
        database: where.
        talks: which conversations, with all that belongs to them.
        alone: which answers; of them, those that belong to no conversation.
        underway: which answers that are being written; they will not be stored.
    """
    with database.writing() as connection:
        deleted = Deleted(
            _delete_rows(connection, conversations, talks),
            _delete_rows(connection, answers, None if alone is None else ALONE & alone),
            0 if underway is None else stop_all(connection, underway),
        )
        has_remains = bool(deleted.conversations or deleted.answers)
        if has_remains:
            database.mark_remains(connection)
    if has_remains:
        database.erase_remains()
    return deleted


def _delete_rows(connection: Connection, table: Table, which: Condition | None) -> int:
    return 0 if which is None else connection.execute(delete(table).where(which)).rowcount


class Expiry:
    """Deletes what nobody used for some days. Safe to use from several threads."""

    def __init__(self, database: Database, keep_days: int, now: Clock) -> None:
        self._database = database
        self._keep_days = keep_days
        self._now = now
        self._last: datetime | None = None
        self._lock = threading.Lock()

    def run(self) -> int:
        """Delete what is too old, and what deletion left in the files.

        Returns:
            How many conversations there were.
        """
        deleted, now = Deleted(), self._now()
        if self._keep_days:
            oldest = to_microseconds(now - timedelta(days=self._keep_days))
            deleted = delete_for_good(
                self._database, conversations.c.updated_at < oldest, answers.c.created_at < oldest
            )
        with self._database.writing() as connection:
            forget_dead(connection, to_microseconds(now))
        self._database.erase_remains(whatever_size=True)
        return deleted.conversations

    def run_if_due(self) -> int:
        """Run unless this process did in the last hour."""
        now = self._now()
        with self._lock:
            if self._last is not None and now - self._last < EVERY:
                return 0
            self._last = now
        return self.run()
