"""Where conversations are kept: a SQLAlchemy URL, checked, and told without user and password."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from rag.errors import SettingsInvalid

FILE = "conversations.sqlite3"
_FORMS = "sqlite:////FOLDER/FILE or postgresql://USER:PASSWORD@HOST/NAME"
_POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")
_SQLITE = ("sqlite", "sqlite+pysqlite")


def read_address(url: str, home: Path) -> URL:
    """Return the address of a database; an empty `url` means a SQLite file in the home.

    Raises:
        SettingsInvalid: the URL cannot be read, or names what is neither SQLite nor PostgreSQL.
    """
    if not url:
        return URL.create("sqlite", database=str(home / FILE))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):  # their messages may repeat the password
        raise SettingsInvalid(
            f"setting database (AIFACTORY_DATABASE) is no database URL; write {_FORMS}"
        ) from None
    if "@" in (address.host or ""):  # SQLAlchemy ends the password at the first one
        raise SettingsInvalid(
            "setting database (AIFACTORY_DATABASE) has more than one @; write an @ of the password "
            "as %40"
        )
    if address.drivername in _POSTGRESQL:
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in _SQLITE:
        raise SettingsInvalid(
            f"setting database (AIFACTORY_DATABASE) names {address.drivername!r}; "
            f"conversations are kept in SQLite or PostgreSQL: write {_FORMS}"
        )
    return _plain_file(address)


def shown(address: URL) -> str:
    """Return what messages call a database: no user, no password, no options."""
    if address.get_backend_name() == "sqlite":
        return str(address.database)
    host = address.host or _first(address.query.get("host")) or "localhost"
    port = f":{address.port}" if address.port else ""
    return f"postgresql://{host}{port}/{address.database or ''}"


def _plain_file(address: URL) -> URL:
    file = address.database
    if not file or file == ":memory:" or file.startswith("file:") or address.query:
        raise SettingsInvalid(
            "setting database (AIFACTORY_DATABASE) names no plain file, and threads and workers "
            "cannot share SQLite in memory; write sqlite:////FOLDER/FILE without options"
        )
    return address.set(drivername="sqlite")


def _first(value: str | tuple[str, ...] | None) -> str | None:
    return value[0] if isinstance(value, tuple) else value
