"""Databases of older versions are led to the tables of this one; their rows stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, inspect, select, update

from rag.storing.conversations import Conversations
from rag.storing.database import Database, open_database
from rag.storing.layouts import STEPS
from rag.storing.tables import LAYOUT, layout
from rag.storing.underway import Underway
from tests.rag.storing import processes
from tests.rag.storing.records import record
from tests.rag.storing.test_at_once import run_at_once

LATER = {1: ("aifactory_underway",)}
"""The tables that came with the step from a version."""


def make_old(database: Database, version: int) -> None:
    """Make of a new database one as an older version left it."""
    with database.writing() as connection:
        for step in range(version, LAYOUT):
            for table in LATER[step]:
                connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.execute(update(layout).values(version=version))


def shape(connection: Connection) -> dict[str, Any]:
    """Return the columns, keys and indexes of our tables."""
    found = inspect(connection)
    return {
        name: (
            [(c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)],
            found.get_pk_constraint(name)["constrained_columns"],
            sorted(str(index["column_names"]) for index in found.get_indexes(name)),
        )
        for name in found.get_table_names()
        if name.startswith("aifactory_")
    }


def test_every_older_version_has_a_step() -> None:
    assert sorted(STEPS) == list(range(1, LAYOUT))


@pytest.mark.parametrize("version", sorted(STEPS))
def test_an_older_database_gets_the_tables_of_this_version_and_keeps_its_rows(
    database: Database, url: str, home: Path, version: int
) -> None:
    told = record()
    begun = Conversations(database).begin("", told).conversation_id
    with database.reading() as connection:
        anew = shape(connection)
    make_old(database, version)
    database.close()
    again = open_database(url, home)
    with again.reading() as connection:
        assert shape(connection) == anew
        assert connection.scalar(select(layout.c.version)) == LAYOUT
    assert Conversations(again).get(begun, "").turns[0].answer_id == told.answer_id
    Underway(again).begin(begun, "", begun, 60)
    again.close()


def test_workers_that_start_at_once_take_the_steps_once(
    database: Database, url: str, home: Path
) -> None:
    make_old(database, 1)
    database.close()
    assert run_at_once(4, processes.open_and_close, url, home) == [0] * 4
    again = open_database(url, home)
    assert not Underway(again).stopped()
    again.close()
