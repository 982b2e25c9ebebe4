"""Deletion of conversations and stray answers: on demand, and when they are old."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete

from rag.storing.database import Database
from rag.storing.moments import Clock, to_microseconds
from rag.storing.tables import answers, conversations

EVERY = timedelta(hours=1)

ALONE = answers.c.conversation_id.is_(None)
"""The condition that an answer belongs to no conversation."""


def delete_for_good(
    database: Database, which: ColumnElement[bool], strays: ColumnElement[bool] | None = None
) -> int:
    """Delete conversations with all that belongs to them, and answers that belong to none.

    Returns:
        How many conversations there were.
    """
    with database.writing() as connection:
        deleted = connection.execute(delete(conversations).where(which)).rowcount
        others = 0
        if strays is not None:
            others = connection.execute(delete(answers).where(ALONE & strays)).rowcount
        if deleted or others:
            database.mark_remains(connection)
    if deleted or others:
        database.erase_remains()
    return deleted


class Expiry:
    """Deletes what nobody used for some days. Safe to use from several threads."""

    def __init__(self, database: Database, keep_days: int, now: Clock) -> None:
        self._database = database
        self._keep_days = keep_days
        self._now = now
        self._last: datetime | None = None
        self._lock = threading.Lock()

    def run(self) -> int:
        """Delete what is too old, and what deletion left in the files; return how many."""
        count = 0
        if self._keep_days:
            oldest = to_microseconds(self._now() - timedelta(days=self._keep_days))
            old, stray = conversations.c.updated_at < oldest, answers.c.created_at < oldest
            count = delete_for_good(self._database, old, stray)
        self._database.erase_remains(whatever_size=True)
        return count

    def run_if_due(self) -> int:
        """Run unless this process did in the last hour."""
        now = self._now()
        with self._lock:
            if self._last is not None and now - self._last < EVERY:
                return 0
            self._last = now
        return self.run()
