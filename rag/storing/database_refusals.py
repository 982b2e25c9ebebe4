"""What a database says when it refuses: its name, the reason and the way out, on one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from rag.errors import DatabaseUnusable
from rag.storing.database_address import shown

_ELSEWHERE = "or name another database with AIFACTORY_DATABASE"
_WAYS_OUT = (
    ("is locked", "another program holds it; end that one or try again"),
    ("lock timeout", "another program holds it; end that one or try again"),
    ("disk is full", "free space there"),
    ("disk i/o error", "check the disk"),
    ("readonly", f"permit writing there, {_ELSEWHERE}"),
    ("read-only", f"permit writing there, {_ELSEWHERE}"),
    ("unable to open", f"permit reading and writing there, {_ELSEWHERE}"),
    ("permission denied", f"permit reading and writing there, {_ELSEWHERE}"),
    ("not a database", f"move the file away to begin anew, {_ELSEWHERE}"),
    ("malformed", f"move the file away to begin anew, {_ELSEWHERE}"),
    ("no space left", "free space there"),
    ("too many", "allow more connections, or run fewer workers"),
    ("password authentication", "correct user and password in AIFACTORY_DATABASE"),
    ("does not exist", "create it, or correct AIFACTORY_DATABASE"),
    ("connection", "start the server, or correct AIFACTORY_DATABASE"),
)


@contextmanager
def refusing(address: URL) -> Iterator[None]:
    """Turn what a database or its disk raises inside the block into DatabaseUnusable."""
    try:
        yield
    except DBAPIError as error:
        raise _unusable(address, str(error.orig)) from None
    except sqlite3.Error as error:  # while connecting, before SQLAlchemy looks
        raise _unusable(address, str(error)) from None
    except PoolTimeout:
        raise _unusable(address, "too many requests wait for a connection") from None
    except SQLAlchemyError as error:
        raise _unusable(address, type(error).__name__) from None


def cannot_be_made(address: URL, error: OSError) -> DatabaseUnusable:
    """Return the error of a file that cannot be created."""
    return DatabaseUnusable(
        f"the database {shown(address)} cannot be made: {error.strerror or error}; "
        f"permit writing there, {_ELSEWHERE}"
    )


def driver_missing(address: URL) -> DatabaseUnusable:
    """Return the error of an installation that cannot speak to PostgreSQL."""
    return DatabaseUnusable(
        f"the database {shown(address)} needs the driver psycopg, which is not installed; run "
        f"`pip install 'ai-factory-chat[postgresql]'`, {_ELSEWHERE}"
    )


def other_layout(address: URL, found: int, known: int) -> DatabaseUnusable:
    """Return the error of a database that another version of the program made."""
    way_out = "update AI Factory Chat" if found > known else "use the version that made it"
    return DatabaseUnusable(
        f"the database {shown(address)} has layout {found}, this version knows {known}; "
        f"{way_out}, {_ELSEWHERE}"
    )


def replaced(address: URL) -> DatabaseUnusable:
    """Return the error of a file that was moved, removed or replaced after it was opened."""
    return DatabaseUnusable(
        f"the database {shown(address)} is not the file that was opened: it was replaced or "
        "removed meanwhile; put it back, or restart the server to use what is there now"
    )


def _unusable(address: URL, told: str) -> DatabaseUnusable:
    reason = (told.strip().splitlines() or ["no reason given"])[0]
    lower = told.lower()
    way_out = next((way for sign, way in _WAYS_OUT if sign in lower), f"check it, {_ELSEWHERE}")
    if address.password:
        reason = reason.replace(str(address.password), "***")
    return DatabaseUnusable(
        f"the database {shown(address)} cannot be used: {reason[:300]}; {way_out}"
    )
