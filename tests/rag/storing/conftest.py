"""The same tests on SQLite and on PostgreSQL: `url` and `database` come once for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.storing.database import Database, open_database
from tests.services.postgresql import PostgresqlServer, running_postgresql


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database; "" is the file in the home."""
    if request.param == "sqlite":
        return ""
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return server.new_database()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def database(url: str, home: Path) -> Iterator[Database]:
    opened = open_database(url, home)
    yield opened
    opened.close()
