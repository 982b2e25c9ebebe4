"""The noun ApiKey, and the table that keeps what is known of each: never the key itself.

A key is `aif_<id>_<secret>`. Its secret has 256 random bits, so nobody finds it by trying, and one
SHA-256 hides it as well as a slow password hash would; those protect secrets that can be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)

from api.errors import OptionInvalid
from api.plain_text import shortened
from rag.settings import Settings
from rag.storing.database import Database, open_database

SCOPES = ("ask", "admin")
DAY_S = 86_400.0
LONGEST_NAME_CHARS = 200

MOST_DAYS = 36_500.0
MOST_PER_MINUTE = 1_000_000
MOST_CONCURRENT = 100_000

_PREFIX = "aif"
_METADATA = MetaData()
_EARLIER_NAME = "api_keys"
_RENAMING = 0x61696B79  # under this number PostgreSQL lets one worker rename at a time
_KEYS = Table(
    "aifactory_api_keys",
    _METADATA,
    Column("key_id", String(16), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("scopes", Text, nullable=False),
    Column("rate_per_minute", Integer),
    Column("concurrent", Integer),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float),
    Column("revoked_at", Float),
)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Everything that is known of a key; times are seconds since 1970.

    `rate_per_minute` and `concurrent` are None where the settings decide, 0 where nothing limits.
    """

    key_id: str
    name: str
    secret_sha256: str
    scopes: tuple[str, ...]
    rate_per_minute: int | None
    concurrent: int | None
    created_at: float
    expires_at: float | None
    revoked_at: float | None

    def works(self, now: float) -> bool:
        """Tell whether the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)

    def opens_with(self, secret: str) -> bool:
        """Tell whether the secret is this key's, in a time that says nothing about it."""
        return hmac.compare_digest(_sha256(secret), self.secret_sha256)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new key shall be."""

    name: str
    scopes: tuple[str, ...] = ("ask",)
    rate_per_minute: int | None = None
    concurrent: int | None = None
    days: float | None = None


def parts_of(token: str) -> tuple[str, str] | None:
    """Return the id and the secret of a key, or None when it does not look like one."""
    parts = token.split("_")
    return (parts[1], parts[2]) if len(parts) == 3 and parts[0] == _PREFIX else None


class ApiKeys:
    """The keys in a database; the table is made when it is missing, an older one gets its name.

    Everything here raises DatabaseUnusable when the database cannot be read or written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.writing() as connection:
            _rename_earlier(connection)
        database.create_tables(_METADATA)

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def create(self, wish: Wish) -> tuple[ApiKey, str]:
        """Keep a new key; return it with the token that opens it, which is known only now.

        Raises:
            OptionInvalid: the name is empty or too long, a scope does not exist, or a number is
                out of its bounds.
        """
        _check(wish)
        secret = secrets.token_hex(32)
        now = time.time()
        key = ApiKey(
            key_id=secrets.token_hex(6),
            name=wish.name,
            secret_sha256=_sha256(secret),
            scopes=wish.scopes,
            rate_per_minute=wish.rate_per_minute,
            concurrent=wish.concurrent,
            created_at=now,
            expires_at=None if wish.days is None else now + wish.days * DAY_S,
            revoked_at=None,
        )
        with self._database.writing() as connection:
            connection.execute(insert(_KEYS).values(**_row(key)))
        return key, f"{_PREFIX}_{key.key_id}_{secret}"

    def list(self) -> tuple[ApiKey, ...]:
        """Return every key, oldest first, revoked ones too."""
        with self._database.reading() as connection:
            rows = connection.execute(select(_KEYS).order_by(_KEYS.c.created_at)).mappings()
            return tuple(_key(dict(row)) for row in rows)

    def any_works(self) -> bool:
        """Tell whether there is a key that is neither revoked nor expired."""
        now = time.time()
        return any(key.works(now) for key in self.list())

    def revoke(self, key_id: str) -> ApiKey:
        """Make a key useless for good; return it. A revoked key stays as it is.

        Raises:
            OptionInvalid: there is no key of that id.
        """
        known = {key.key_id: key for key in self.list()}
        if key_id not in known:
            raise OptionInvalid(
                f"there is no key {key_id!r}; `aifactory keys list` shows their ids"
            )
        still_open = (_KEYS.c.key_id == key_id) & _KEYS.c.revoked_at.is_(None)
        with self._database.writing() as connection:
            connection.execute(update(_KEYS).where(still_open).values(revoked_at=time.time()))
        return known[key_id]


def keys_of(settings: Settings) -> ApiKeys:
    """Open the keys in the database of conversations.

    Raises:
        SettingsInvalid, DatabaseUnusable: see `open_database`.
    """
    return ApiKeys(open_database(settings.database.get_secret_value(), settings.home))


def _check(wish: Wish) -> None:
    if not wish.name.strip() or len(wish.name) > LONGEST_NAME_CHARS:
        raise OptionInvalid(
            f"the name has {len(wish.name)} characters; a key needs one of 1 to "
            f"{LONGEST_NAME_CHARS}, to be recognised by"
        )
    unknown = [scope for scope in wish.scopes if scope not in SCOPES]
    if unknown or not wish.scopes:
        given = ",".join(wish.scopes)
        raise OptionInvalid(f"the scopes are {given!r}; use one or more of {', '.join(SCOPES)}")
    for what, number, most in (
        ("requests a minute", wish.rate_per_minute, MOST_PER_MINUTE),
        ("requests at once", wish.concurrent, MOST_CONCURRENT),
        ("days", wish.days, MOST_DAYS),
    ):
        if number is not None and not 0 <= number <= most:
            given = shortened(repr(number), 40)
            raise OptionInvalid(f"{given} {what} is out of bounds; use 0 to {most:,.0f}")


def _rename_earlier(connection: Connection) -> None:
    """Give the table of earlier versions its present name; a stranger's of that name stays."""
    if connection.dialect.name == "postgresql":  # SQLite lets one at a time write anyway
        connection.execute(select(func.pg_advisory_xact_lock(_RENAMING)))
    tables = inspect(connection)
    if tables.has_table(_KEYS.name) or not tables.has_table(_EARLIER_NAME):
        return
    columns = {column["name"] for column in tables.get_columns(_EARLIER_NAME)}
    if columns == set(_KEYS.columns.keys()):
        connection.execute(text(f"ALTER TABLE {_EARLIER_NAME} RENAME TO {_KEYS.name}"))


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _row(key: ApiKey) -> dict[str, Any]:
    row = {column.name: getattr(key, column.name) for column in _KEYS.columns}
    return {**row, "scopes": ",".join(key.scopes)}


def _key(row: dict[str, Any]) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"].split(","))})
