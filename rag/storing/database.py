"""The database of conversations: SQLite in a file, or a PostgreSQL server, through SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    MetaData,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)

from indexes.disk import exclusive
from rag.storing.database_address import read_address
from rag.storing.database_refusals import (
    cannot_be_made,
    driver_missing,
    other_layout,
    refusing,
    replaced,
)
from rag.storing.layouts import bring_up_to_date, is_known
from rag.storing.sqlite_file import (
    WAIT_S,
    WRITES,
    create_private,
    erase_remains,
    identity,
    prepare_connections,
    write_ahead,
)
from rag.storing.tables import LAYOUT, layout, metadata

_CONNECT_S = "5"
_CREATING = 0x61696661  # the number under which PostgreSQL lets one worker create tables at a time


class Database:
    """An opened database. Safe to use from several threads, beside other processes."""

    def __init__(self, address: URL, engine: Engine) -> None:
        self._address = address
        self._engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._reader = engine if self.is_file else engine.execution_options(**_SNAPSHOT)
        self._opened: tuple[int, int] | None = None

    @property
    def engine(self) -> Engine:
        """Return SQLAlchemy's engine."""
        return self._engine

    @property
    def is_file(self) -> bool:
        """Tell whether it is SQLite."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection whose queries all see the same state.

        Raises:
            DatabaseUnusable: it cannot be reached or read, or its file is another one now.
        """
        self._require_the_same_file()
        with refusing(self._address), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection whose changes become visible together at the end, or not at all.

        Raises:
            DatabaseUnusable: it cannot be reached or written, or its file is another one now.
        """
        self._require_the_same_file()
        with refusing(self._address), self._writer.begin() as connection:
            yield connection

    def create_tables(self, tables: MetaData) -> None:
        """Create the tables that are missing; several workers may do so at once."""
        with self.writing() as connection:
            _wait_for_others(connection)
            tables.create_all(connection)

    def mark_remains(self, connection: Connection) -> None:
        """Note, in a transaction that deletes, that deleted text may linger until it is erased."""
        if self.is_file:
            connection.execute(update(layout).values(remains=1))

    def erase_remains(self, *, whatever_size: bool = False) -> None:
        """Remove deleted text from the files of SQLite; PostgreSQL's own vacuum does it there."""
        if self.is_file:
            with refusing(self._address):
                erase_remains(self._engine, self._file, whatever_size=whatever_size)

    def check(self) -> None:
        """Make sure that it can be read.

        Raises:
            DatabaseUnusable: it cannot.
        """
        with self.reading() as connection:
            connection.execute(select(layout.c.version)).scalar_one()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    def prepare(self) -> None:
        """Create what is missing, lead older tables to this version, and refuse newer ones."""
        if not self.is_file:
            self._create_layout()
            return
        file = self._file
        try:
            create_private(file)
            with exclusive(file.parent), refusing(self._address):
                write_ahead(self._engine)
                self._create_layout()
            self._opened = identity(file)
        except OSError as error:
            raise cannot_be_made(self._address, error) from None

    @property
    def _file(self) -> Path:
        return Path(str(self._address.database))

    def _require_the_same_file(self) -> None:
        """Refuse to go on in a file that nobody finds any more: what is stored there is lost."""
        if self._opened is not None and identity(self._file) != self._opened:
            raise replaced(self._address)

    def _create_layout(self) -> None:
        with self.writing() as connection:
            _wait_for_others(connection)
            version = None
            if inspect(connection).has_table(layout.name):
                version = connection.scalar(select(layout.c.version))
            if version is not None:
                if not is_known(version):
                    raise other_layout(self._address, version, LAYOUT)
                bring_up_to_date(connection, version)
            metadata.create_all(connection)
            if version is None:
                connection.execute(insert(layout).values(layout_id=1, version=LAYOUT, remains=0))


def open_database(url: str, home: Path) -> Database:
    """Open the database that a SQLAlchemy URL names, or the SQLite file in the home without one.

    Tables are created when they are missing, and those of an older version are led to this one.

    Raises:
        SettingsInvalid: the URL is neither of SQLite nor of PostgreSQL.
        DatabaseUnusable: it cannot be reached, read or written, its driver is missing, or a newer
            version of the program made it; the message names the database without its password.
    """
    address = read_address(url, home)
    database = Database(address, _engine(address))
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return database


_SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        engine = create_engine(address, hide_parameters=True)
        prepare_connections(engine)
        return engine
    if "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": _CONNECT_S})
    try:
        # Prepared statements would not survive a pooler between us and the server.
        engine = create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"prepare_threshold": None},
        )
    except ImportError:
        raise driver_missing(address) from None
    event.listen(engine, "begin", _limit_waiting)
    return engine


def _limit_waiting(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITES):
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_S}s'")


def _wait_for_others(connection: Connection) -> None:
    """Let one worker at a time create tables; SQLite's write lock does so already."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_CREATING)))
