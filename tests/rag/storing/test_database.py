"""Opening a database, and what is said when it cannot be used."""

from __future__ import annotations

import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, event, insert, select, update

from rag.errors import DatabaseUnusable, SettingsInvalid
from rag.storing.conversations import Conversations
from rag.storing.database import Database, open_database
from rag.storing.tables import layout
from tests.rag.storing.records import record
from tests.services.postgresql import PostgresqlServer

FILE = "conversations.sqlite3"


@contextmanager
def refusal(kind: type[Exception] = DatabaseUnusable) -> Iterator[list[str]]:
    """Expect an error; its one line is put into the list, and holds no secret."""
    told: list[str] = []
    with pytest.raises(kind) as caught:
        yield told
    told.append(str(caught.value))
    assert re.fullmatch(r"[^\n]{20,600}", told[0])
    assert "s3cret" not in told[0]
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def refused(url: str, home: Path, kind: type[Exception] = DatabaseUnusable) -> str:
    with refusal(kind) as told:
        open_database(url, home)
    return told[0]


def limited(database: Database, *pragmas: str) -> Database:
    """Set pragmas on the connections to come, which replace those that are open."""

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(database.engine, "connect", on_connect)
    database.close()
    return database


@pytest.fixture
def file_database(home: Path) -> Iterator[Database]:
    opened = open_database("", home)
    yield opened
    opened.close()


def test_without_a_url_it_is_a_private_file_in_the_home(
    file_database: Database, home: Path
) -> None:
    Conversations(file_database).create("")
    assert {path.name for path in home.iterdir()} == {FILE, f"{FILE}-wal", f"{FILE}-shm"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.iterdir()} == {0o600}
    with file_database.reading() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    assert values == {
        "journal_mode": "wal", "foreign_keys": 1, "synchronous": 1, "secure_delete": 1,
    }  # fmt: skip


def test_a_sqlite_url_names_another_file(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path}/deep/talks.db", tmp_path / "home").close()
    assert (tmp_path / "deep" / "talks.db").is_file()
    assert not (tmp_path / "home").exists()


def test_what_is_there_is_still_there_when_it_is_opened_again(
    database: Database, url: str, home: Path
) -> None:
    begun = Conversations(database).begin("", record()).conversation_id
    database.close()
    again = open_database(url, home)
    assert Conversations(again).get(begun, "").turn_count == 1
    again.close()


def test_other_tables_can_live_beside(database: Database) -> None:
    metadata = MetaData()
    table = Table("keys", metadata, Column("key", Integer, primary_key=True))
    for _ in range(2):
        database.create_tables(metadata)
    with database.writing() as connection:
        connection.execute(insert(table).values(key=1))
    with database.reading() as connection:
        assert connection.scalar(select(table.c.key)) == 1


@pytest.mark.parametrize(("version", "way_out"), [(0, "use the version that made"), (3, "update")])
def test_the_layout_of_another_version_is_refused(
    database: Database, url: str, home: Path, version: int, way_out: str
) -> None:
    with database.writing() as connection:
        connection.execute(update(layout).values(version=version))
    assert f"has layout {version}, this version knows 2; {way_out}" in refused(url, home)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense s3cret", "is no database URL; write sqlite:////"),
        ("postgresql://u:s3cret@host:port/db", "is no database URL"),
        ("mysql://u:s3cret@host/db", "names 'mysql'; conversations are kept in SQLite or"),
        ("postgresql+psycopg2://u:s3cret@host/db", "names 'postgresql+psycopg2'"),
        ("sqlite://", "names no plain file"),
        ("sqlite:///:memory:", "cannot share SQLite in memory"),
        ("sqlite:///file:x?mode=memory&uri=true", "names no plain file"),
    ],
)
def test_a_url_that_cannot_be_used_is_refused(url: str, told: str, home: Path) -> None:
    assert told in refused(url, home, SettingsInvalid)
    assert not home.exists()


def test_a_server_that_is_not_there_is_named_without_its_password(home: Path) -> None:
    told = refused("postgresql://reader:s3cret@127.0.0.1:1/talks?password=s3cret", home)
    assert told.startswith("the database postgresql://127.0.0.1:1/talks cannot be used: ")
    assert "Connection refused" in told
    assert told.endswith("; start the server, or correct AIFACTORY_DATABASE")


def test_a_missing_driver_is_named_with_the_extra_that_brings_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    told = refused("postgres://u:s3cret@host/talks", home)
    assert "the database postgresql://host/talks needs the driver psycopg" in told
    assert "pip install 'ai-factory-chat[postgresql]'" in told


def test_a_file_that_is_no_database_is_refused_and_left_alone(home: Path) -> None:
    home.mkdir()
    (home / FILE).write_bytes(b"diary of a lamp\n" * 100)
    told = refused("", home)
    assert f"{home / FILE} cannot be used: file is not a database; move the file away" in told
    assert (home / FILE).read_bytes() == b"diary of a lamp\n" * 100


def test_a_damaged_file_is_told_in_a_line(file_database: Database, home: Path) -> None:
    talks = Conversations(file_database)
    begun = [talks.begin("", record(text="x" * 900)).conversation_id for _ in range(50)]
    file_database.erase_remains()
    file_database.close()
    content = (home / FILE).read_bytes()
    (home / FILE).write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with refusal() as told:
        talks.get(begun[0], "")
    assert "malformed; move the file away to begin anew" in told[0]


def test_a_home_that_is_no_folder_is_refused(home: Path) -> None:
    home.write_text("a file")
    assert "cannot be made: " in refused("", home)
    assert "cannot be made: Not a directory; permit writing" in refused("", home / "deeper")


def test_a_file_that_another_program_holds_is_told(file_database: Database, home: Path) -> None:
    limited(file_database, "busy_timeout = 20")
    other = sqlite3.connect(home / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    talks = Conversations(file_database)
    assert talks.list("").conversations == ()
    with refusal() as told:
        talks.create("")
    other.close()
    assert "database is locked; another program holds it; end that one or try again" in told[0]
    assert talks.create("").turn_count == 0


@pytest.mark.parametrize("is_replaced", [True, False])
def test_nothing_goes_into_a_file_that_is_no_longer_there(
    file_database: Database, home: Path, tmp_path: Path, *, is_replaced: bool
) -> None:
    talks = Conversations(file_database)
    talks.create("")
    if is_replaced:
        open_database("", tmp_path).close()
        (tmp_path / FILE).replace(home / FILE)
    else:
        (home / FILE).unlink()
    for attempt in (file_database.check, lambda: talks.create(""), lambda: talks.list("")):
        with refusal() as told:
            attempt()
        assert f"{home / FILE} is not the file that was opened: it was replaced or" in told[0]
        assert told[0].endswith("put it back, or restart the server to use what is there now")


def test_a_full_disk_is_told_and_nothing_is_half_stored(file_database: Database) -> None:
    talks = Conversations(file_database)
    begun = talks.begin("", record()).conversation_id
    limited(file_database, "max_page_count = 40")
    with refusal() as told:
        for number in range(100):
            talks.append(begun, "", record(f"{number}", text=bytes(range(33, 127)).hex() * 20))
    assert "database or disk is full; free space there" in told[0]
    found = talks.get(begun, "")
    assert len(found.turns) == found.turn_count


def test_a_file_that_may_not_be_written_is_told(file_database: Database) -> None:
    limited(file_database, "query_only = ON")
    with refusal() as told:
        Conversations(file_database).create("")
    assert "readonly database; permit writing there" in told[0]


def test_messages_hold_no_word_of_a_question(database: Database) -> None:
    told = record("a private question")
    Conversations(database).begin("", told)
    with refusal() as line:
        Conversations(database).begin("", told)
    assert "private" not in line[0]


def test_a_question_without_a_conversation_needs_no_database() -> None:
    code = "import sys; import rag.chat, rag.opening, api.cli, api.commands.ask; "
    code += "sys.exit(any(name.startswith('sqlalchemy') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_connections_that_the_server_closed_are_made_anew(postgresql: PostgresqlServer) -> None:
    database = open_database(postgresql.new_database(), Path("unused"))
    talks = Conversations(database)
    begun = talks.begin("", record()).conversation_id
    with psycopg.connect(postgresql.url("postgres"), autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
    assert talks.append(begun, "", record()) == 2
    database.close()


def test_a_database_that_the_server_lacks_is_told(postgresql: PostgresqlServer, home: Path) -> None:
    told = refused(postgresql.url("nowhere"), home)
    assert 'database "nowhere" does not exist; create it, or correct AIFACTORY_DATABASE' in told
