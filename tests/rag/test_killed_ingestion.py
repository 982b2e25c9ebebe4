"""kill -9 at random moments of an ingestion: the old snapshot or the new one, never a mix."""

from __future__ import annotations

import random
import re
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from indexes.store import Store
from tests.kill_target import ENTRIES, run_ingestion, write_version

KILLS = 100


def live_version(home: Path) -> int:
    """Return the version that every live entry agrees on; a mix fails here."""
    store = Store(home)
    store.verify(store.current() or "")
    with store.open() as index:
        bodies = [index.entry(entry_id).body for entry_id in index.entry_ids()]
    versions = {int(match) for body in bodies for match in re.findall(r"v(\d+)", body)}
    assert len(bodies) == ENTRIES
    assert len(versions) == 1
    return versions.pop()


def litter(home: Path) -> set[str]:
    """Return what lies in a home beside its two snapshots and its own three files."""
    store = Store(home)
    expected = {"CURRENT", "HISTORY", "ingest.lock"} | {i.snapshot_id for i in store.list()}
    assert len(store.list()) <= 2
    return {path.name for path in home.iterdir()} - expected


@pytest.mark.slow
def test_a_killed_ingestion_leaves_the_old_snapshot_or_the_new_one(tmp_path: Path) -> None:
    home, source = tmp_path / "home", tmp_path / "source.jsonl"
    # Children are forked from a process that has everything imported: each costs milliseconds.
    processes = get_context("forkserver")
    processes.set_forkserver_preload(["tests.kill_target"])
    write_version(source, 0)
    run_ingestion(home, source)
    begin = time.perf_counter()
    write_version(source, 1)
    run_ingestion(home, source)
    longest_s = 1.5 * (time.perf_counter() - begin)
    moments = random.Random(20_26)
    outcomes = {"old": 0, "new": 0}
    for version in range(2, KILLS + 2):
        before = live_version(home)
        write_version(source, version)
        child = processes.Process(target=run_ingestion, args=(home, source))
        child.start()
        child.join(moments.uniform(0, longest_s))
        child.kill()
        child.join()
        after = live_version(home)
        assert after in (before, version)
        outcomes["new" if after == version else "old"] += 1
        if version % 10 == 0:
            run_ingestion(home, source)
            assert live_version(home) == version
            assert litter(home) == set()
    run_ingestion(home, source)
    assert litter(home) == set()
    assert outcomes["old"], f"every kill came too late: {outcomes}"
