"""The steps that lead a database of an older version to the tables of this one.

A step is written in plain SQL that SQLite and PostgreSQL both take. It never changes again, however
the tables go on; a test compares where the steps lead with tables made anew.
"""

from __future__ import annotations

from sqlalchemy import Connection, update

from rag.storing.tables import LAYOUT, layout

STEPS: dict[int, tuple[str, ...]] = {
    1: (
        "CREATE TABLE aifactory_underway ("
        "answer_id VARCHAR(32) NOT NULL PRIMARY KEY, owner TEXT NOT NULL, "
        "conversation_id VARCHAR(32) NOT NULL, deadline BIGINT NOT NULL, "
        "stopped INTEGER NOT NULL)",
    ),
}
"""For every older version that is known, the statements that make the next one of it."""


def is_known(version: int) -> bool:
    """Tell whether a database of that version can be used."""
    return version == LAYOUT or version in STEPS


def bring_up_to_date(connection: Connection, version: int) -> None:
    """Lead the tables from a known version to `LAYOUT`, inside the caller's transaction."""
    for step in range(version, LAYOUT):
        for statement in STEPS[step]:
            connection.exec_driver_sql(statement)
    if version != LAYOUT:
        connection.execute(update(layout).values(version=LAYOUT))
