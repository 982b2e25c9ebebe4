"""Deleted text is in no file of a SQLite database any more."""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import rag.storing.sqlite_file
from rag.storing.conversations import Conversations
from rag.storing.database import Database, open_database
from rag.storing.feedback import Feedback, Rating
from rag.storing.feedbacks import Feedbacks
from tests.rag.storing.records import record


@pytest.fixture
def database(home: Path) -> Iterator[Database]:
    opened = open_database("", home)
    yield opened
    opened.close()


def content(home: Path) -> bytes:
    return b"".join(file.read_bytes() for file in home.glob("conversations.sqlite3*"))


def test_a_deleted_conversation_is_in_no_byte_of_the_files(database: Database, home: Path) -> None:
    talks, box = Conversations(database), Feedbacks(database)
    keep, drop = record("keep-question", "keep-answer"), record("drop-question", "drop-answer")
    talks.begin("", keep)
    gone = talks.begin("", drop).conversation_id
    box.put(Feedback(drop.answer_id, Rating.DOWN, "drop-reason", "drop-correction"), "")
    talks.rename(gone, "", "drop-title")
    words = [b"drop-question", b"drop-answer", b"drop-reason", b"drop-correction", b"drop-title"]
    assert [word for word in words if word not in content(home)] == []
    talks.delete(gone, "")
    assert [word for word in (*words, gone.encode()) if word in content(home)] == []
    assert b"keep-answer" in content(home)


def test_nothing_lingers_where_sqlite_moved_rows(
    database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With these changes SQLite 3.40 leaves a deleted title in the spare room of a page.
    monkeypatch.setattr(rag.storing.sqlite_file, "REBUILD_AT_ONCE", 0)
    talks, chance = Conversations(database), random.Random(6)
    kept: dict[str, str] = {}
    for mark in (f"mark{number:03d}" for number in range(300)):
        kept[mark] = talks.create("", mark).conversation_id
        if chance.random() < 0.5:
            longer = chance.choice(sorted(kept))
            talks.rename(kept[longer], "", longer + " x" * chance.randrange(30))
        if chance.random() < 0.4:
            talks.delete(kept.pop(chance.choice(sorted(kept))), "")
    for mark in chance.sample(sorted(kept), len(kept) // 2):
        talks.delete(kept.pop(mark), "")
    assert left_in(home) >= set(kept)
    talks.expire()
    assert left_in(home) == set(kept)


def left_in(home: Path) -> set[str]:
    return {found.decode() for found in re.findall(rb"mark\d{3}", content(home))}


def test_a_removed_rating_takes_its_words_with_it(database: Database, home: Path) -> None:
    told, box = record(), Feedbacks(database)
    Conversations(database).begin("", told)
    box.put(Feedback(told.answer_id, Rating.DOWN, "drop-reason"), "")
    box.remove(told.answer_id, "")
    assert box.get(told.answer_id, "") is None
    assert b"drop-reason" not in content(home)


def test_a_large_file_is_rebuilt_when_old_conversations_are_looked_for(
    database: Database, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.storing.sqlite_file, "REBUILD_AT_ONCE", 0)
    talks = Conversations(database)
    begun = [talks.begin("", record(text="x" * 1000)).conversation_id for _ in range(200)]
    for one in begun:
        talks.delete(one, "")
    file = home / "conversations.sqlite3"
    size = file.stat().st_size
    assert (home / "conversations.sqlite3-wal").stat().st_size == 0
    talks.expire()
    assert file.stat().st_size < size / 2


def test_a_reader_elsewhere_delays_the_erasure_and_not_the_deletion(
    database: Database, home: Path
) -> None:
    talks = Conversations(database)
    gone = talks.begin("", record("drop-question")).conversation_id
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
        pooled = connection.connection.dbapi_connection
    assert pooled is not None
    reader = sqlite3.connect(home / "conversations.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM aifactory_answers").fetchone()
    talks.delete(gone, "")
    assert talks.list("").conversations == ()
    reader.execute("ROLLBACK")
    reader.close()
    talks.expire()
    assert b"drop-question" not in content(home)
