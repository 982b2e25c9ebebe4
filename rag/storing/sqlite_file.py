"""A database in one SQLite file: private, written ahead, and without remains of what is deleted."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, select, update
from sqlalchemy.exc import SQLAlchemyError

from rag.storing.tables import layout

WAIT_S = 10
"""How long to wait for another writer."""

REBUILD_AT_ONCE = 32 << 20
"""Bytes up to which deletion rebuilds the file on the spot: some tenths of a second."""

WRITES = "aifactory_writes"
"""The execution option of transactions that write."""

_PRAGMAS = (
    f"busy_timeout = {WAIT_S * 1000}",
    "foreign_keys = ON",
    "synchronous = NORMAL",
    "secure_delete = ON",
)


def create_private(file: Path) -> None:
    """Create an empty file that only its owner can read, unless there is one; OSError otherwise."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def identity(file: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one at the same path; None when there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def prepare_connections(engine: Engine) -> None:
    """Set up every connection, and begin transactions ourselves: those that write lock at once."""

    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def write_ahead(engine: Engine) -> None:
    """Switch the file to write-ahead logging: readers and the writer do not wait for each other."""
    with contextlib.closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA journal_mode = WAL")


def erase_remains(engine: Engine, file: Path, *, whatever_size: bool = False) -> None:
    """Remove deleted text from the log and, once rebuilt, from the spare room of every page.

    Deleted rows are overwritten, but copies that SQLite left when it moved them are not. A file
    larger than `REBUILD_AT_ONCE` is rebuilt only when `whatever_size` is set. What cannot be done
    now, because somebody reads or the disk is full, stays due.
    """
    with contextlib.suppress(SQLAlchemyError, sqlite3.Error, OSError):
        small = file.stat().st_size <= REBUILD_AT_ONCE
        if (small or whatever_size) and _is_due(engine):
            _run(engine, f"PRAGMA temp_store = {'MEMORY' if small else 'DEFAULT'}", "VACUUM")
            with engine.begin() as connection:
                connection.execute(update(layout).values(remains=0))
        _run(engine, "PRAGMA wal_checkpoint(TRUNCATE)")


def _is_due(engine: Engine) -> bool:
    with engine.connect() as connection:
        return bool(connection.scalar(select(layout.c.remains)))


def _run(engine: Engine, *statements: str) -> None:
    with contextlib.closing(engine.raw_connection()) as connection:
        for statement in statements:
            connection.cursor().execute(statement).fetchall()
