"""Several workers on one database, and workers that die."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from rag.errors import AnswerMissing, ConversationMissing
from rag.storing.answers import Answers
from rag.storing.conversations import Conversations
from rag.storing.database import Database, open_database
from tests.rag.storing import processes
from tests.rag.storing.records import record

ROOT = Path(__file__).resolve().parents[3]
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.rag.storing.processes"])


def run_at_once(count: int, target: Callable[..., None], *arguments: Any) -> list[int | None]:
    """Run a function in several processes; return their exit codes."""
    children = [CONTEXT.Process(target=target, args=arguments) for _ in range(count)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return [child.exitcode for child in children]


def test_workers_that_start_at_once_create_the_tables_once(url: str, home: Path) -> None:
    assert run_at_once(6, processes.open_and_close, url, home) == [0] * 6
    database = open_database(url, home)
    assert Conversations(database).create("").turn_count == 0
    database.close()


def test_workers_that_append_at_once_get_positions_of_their_own(
    database: Database, url: str, home: Path
) -> None:
    talks = Conversations(database, max_turns=1000)
    made = talks.create("").conversation_id
    assert run_at_once(3, processes.append_turns, url, home, made, 20) == [0] * 3
    found = talks.get(made, "")
    assert found.turn_count == 60
    assert [turn.position for turn in found.turns] == list(range(1, 61))
    assert len({turn.question for turn in found.turns}) == 60


def test_threads_that_append_at_once_get_positions_of_their_own(database: Database) -> None:
    talks = Conversations(database)
    made = talks.create("").conversation_id
    threads = [
        threading.Thread(target=lambda: [talks.append(made, "", record()) for _ in range(10)])
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [turn.position for turn in talks.get(made, "").turns] == list(range(1, 81))


def test_a_worker_killed_before_the_commit_leaves_nothing(
    database: Database, url: str, home: Path
) -> None:
    talks = Conversations(database)
    begun = talks.begin("", record()).conversation_id
    child = subprocess.Popen(
        [sys.executable, "-m", processes.__name__, url, str(home), begun],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    with child:
        assert child.stdout.readline() == f"{processes.REACHED}\n"
        os.kill(child.pid, signal.SIGKILL)
    assert [turn.position for turn in talks.get(begun, "").turns] == [1]
    assert talks.append(begun, "", record()) == 2


def test_workers_killed_at_any_moment_leave_whole_turns(tmp_path: Path) -> None:
    database = open_database("", tmp_path)
    talks, moments = Conversations(database), random.Random(9)
    begun = talks.begin("", record()).conversation_id
    for _ in range(10):
        before = talks.find(begun, "").turn_count
        child = CONTEXT.Process(target=processes.append_without_end, args=("", tmp_path, begun))
        child.start()
        while talks.find(begun, "").turn_count == before:
            time.sleep(0.001)
        time.sleep(moments.uniform(0, 0.01))
        child.kill()
        child.join()
    found = talks.get(begun, "")
    assert [turn.position for turn in found.turns] == list(range(1, found.turn_count + 1))
    for turn in found.turns:
        assert Answers(database).get(turn.answer_id, "").turn == turn.turn
    with database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    database.close()


def before_commit(database: Database, act: Callable[[], None]) -> None:
    """Do something once, when the next transaction is about to be committed."""
    event.listen(database.engine, "commit", lambda _connection: act(), once=True)


def test_what_is_appended_during_a_deletion_is_refused(
    database: Database, url: str, home: Path
) -> None:
    other = open_database(url, home)
    told, raised = record(), []
    talks = Conversations(database)
    made = talks.create("").conversation_id

    def append() -> None:
        with pytest.raises(ConversationMissing):
            talks.append(made, "", told)
        raised.append(True)

    thread = threading.Thread(target=append)
    before_commit(other, thread.start)
    Conversations(other).delete(made, "")
    thread.join()
    other.close()
    assert raised == [True]
    with pytest.raises(AnswerMissing):
        Answers(database).get(told.answer_id, "")


def test_what_is_deleted_during_an_append_goes_with_the_new_turn(
    database: Database, url: str, home: Path
) -> None:
    other = open_database(url, home)
    told = record()
    talks = Conversations(database)
    made = talks.create("").conversation_id
    thread = threading.Thread(target=lambda: talks.delete(made, ""))
    before_commit(other, thread.start)
    assert Conversations(other).append(made, "", told) == 1
    thread.join()
    other.close()
    for missing in (
        lambda: talks.find(made, ""),
        lambda: Answers(database).get(told.answer_id, ""),
    ):
        with pytest.raises((ConversationMissing, AnswerMissing)):
            missing()
