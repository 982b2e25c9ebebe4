"""What other processes do to a database in these tests; a child imports this module."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from sqlalchemy import event

from rag.storing.conversations import Conversations
from rag.storing.database import open_database
from tests.rag.storing.records import record

REACHED = "about to commit"


def open_and_close(url: str, home: Path) -> None:
    open_database(url, home).close()


def append_turns(url: str, home: Path, conversation_id: str, count: int) -> None:
    database = open_database(url, home)
    talks = Conversations(database, max_turns=100_000)
    for number in range(count):
        talks.append(conversation_id, "", record(f"{os.getpid()} {number}"))
    database.close()


def append_without_end(url: str, home: Path, conversation_id: str) -> None:
    append_turns(url, home, conversation_id, 100_000)


def append_and_stop_before_the_commit(url: str, home: str, conversation_id: str) -> None:
    """Write a whole turn, say so, and wait to be killed instead of committing."""

    def stop(_connection: object) -> None:
        print(REACHED, flush=True)
        time.sleep(600)

    database = open_database(url, Path(home))
    event.listen(database.engine, "commit", stop)
    Conversations(database).append(conversation_id, "", record("never committed"))


if __name__ == "__main__":
    append_and_stop_before_the_commit(*sys.argv[1:])
