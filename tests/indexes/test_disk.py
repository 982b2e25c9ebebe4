"""Several processes, killed processes, missing permissions, full disks: the live snapshot stays."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexes.errors import HomeUnwritable, IngestionRunning
from indexes.store import Store
from tests.contents import litter, make_contents, publish, publish_live

ROOT = Path(__file__).resolve().parents[2]

STANDING_PUBLISHER = """
import sys
from pathlib import Path
from indexes.staging import staging
with staging(Path(sys.argv[1])) as folder:
    print(folder.name, flush=True)
    sys.stdin.read()
"""

LOCK_HOLDER = """
import sys
from pathlib import Path
from indexes.store import Store
with Store(Path(sys.argv[1])).lock():
    print("held", flush=True)
    sys.stdin.read()
"""

PUBLISHER = """
import sys
from pathlib import Path
from indexes.store import Store
from tests.contents import make_contents
contents = make_contents()
print("ready", flush=True)
sys.stdin.read(1)
print(Store(Path(sys.argv[1])).publish(contents))
"""

AS_NOBODY = """
import os, sys
from pathlib import Path
from indexes.errors import HomeUnwritable
from indexes.index import Grain
from indexes.store import Store
from tests.contents import make_contents, publish
store = Store(Path(sys.argv[1]))
if os.geteuid() == 0:
    os.seteuid(65534)
"""

CHANGES = (
    AS_NOBODY
    + """
def lock():
    with store.lock():
        pass
for change in (lambda: publish(store, "new"), lambda: store.activate(sys.argv[2]), lock):
    try:
        change()
        print("written")
    except HomeUnwritable as error:
        print(error)
"""
)

READS = (
    AS_NOBODY
    + """
with store.open() as index:
    print(*[hit.id for hit in index.lexical("tree", 5, Grain.ENTRY)])
    print(*[hit.id for hit in index.dense(index.passage_vectors("tree")[0], 1)])
    print(index.entry("tree").body)
print(*[info.problem for info in store.list()])
"""
)

FILLS_THE_DISK = """
import resource, sys
from pathlib import Path
from indexes.errors import HomeUnwritable
from indexes.store import Store
from tests.contents import publish
store = Store(Path(sys.argv[1]))
for largest in map(int, sys.argv[2:]):
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    try:
        publish(store, *[f"term{number}" for number in range(60)])
        print("written")
    except HomeUnwritable as error:
        print(error)
"""

# Every opened, renamed, created or removed file is a point to die at.
DIES_AT_EVERY_POINT = """
import os, signal, sys
from pathlib import Path
from indexes.store import Store
from tests.contents import litter, publish_live

def ingest(number, points_to_live):
    def count(event, arguments):
        nonlocal points_to_live
        if event in ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir"):
            points_to_live -= 1
            if points_to_live < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    with store.lock():
        store.clean()
        publish_live(store, "tree", f"number{number}")
        store.prune(keep=3)

def in_child(number, points_to_live):
    child = os.fork()
    if child == 0:
        ingest(number, points_to_live)
        os._exit(0)
    return os.waitpid(child, 0)[1]

store = Store(Path(sys.argv[1]))
points, step = 0, int(sys.argv[2])
assert in_child(-1, 10**9) == 0
while in_child(points, points) == signal.SIGKILL:
    store.verify(store.current())
    assert in_child(points, 10**9) == 0
    assert litter(store.home) == [], litter(store.home)
    assert len(store.list()) <= 3
    store.verify(store.current())
    points += step
print(points)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def shut_home() -> Iterator[Path]:
    """A home in a place anyone may enter, with a live snapshot and an older one; not writable."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        store = Store(Path(folder) / "home")
        publish_live(store, "a")
        store.activate(store.publish(make_contents()))
        folders = [store.home, *(path for path in store.home.rglob("*") if path.is_dir())]
        for path in folders:
            path.chmod(0o555)
        yield store.home
        for path in folders:
            path.chmod(0o755)


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def run(script: str, *arguments: object) -> str:
    process = start(script, *arguments)
    output, errors = process.communicate()
    assert process.returncode == 0, errors
    return output


def test_publishers_at_once_all_succeed(store: Store) -> None:
    published: list[str] = []
    contents = make_contents()
    threads = [
        threading.Thread(target=lambda: published.append(store.publish(contents))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert published == [published[0]] * 4
    store.verify(published[0])
    assert litter(store.home) == []


def test_publishing_processes_at_once_agree(store: Store) -> None:
    publishers = [start(PUBLISHER, store.home) for _ in range(2)]
    for publisher in publishers:
        assert publisher.stdout is not None
        assert publisher.stdout.readline() == "ready\n"
    for publisher in publishers:
        assert publisher.stdin is not None
        publisher.stdin.write("x")
        publisher.stdin.flush()
    outputs = [publisher.communicate()[0].strip() for publisher in publishers]
    assert outputs == [store.publish(make_contents())] * 2
    store.verify(outputs[0])
    assert litter(store.home) == []


def test_clean_removes_litter_of_the_dead_only(store: Store) -> None:
    snapshot_id = publish_live(store, "a")
    (store.home / ".staging-1-dead" / "lexical").mkdir(parents=True)
    (store.home / ".discarded-dead").mkdir()
    (store.home / ".CURRENT.tmp").write_text("half")
    publisher = start(STANDING_PUBLISHER, store.home)
    assert publisher.stdout is not None
    alive = publisher.stdout.readline().strip()
    with store.lock():
        store.clean()
    assert litter(store.home) == [alive]
    publisher.kill()
    publisher.communicate()
    with store.lock():
        store.clean()
    assert litter(store.home) == []
    assert store.current() == snapshot_id


def test_a_second_ingestion_is_told_who_holds_the_lock(store: Store) -> None:
    holder = start(LOCK_HOLDER, store.home)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    message = rf"process {holder.pid}\) holds .*ingest\.lock"
    with pytest.raises(IngestionRunning, match=message), store.lock():
        pass
    holder.kill()
    holder.communicate()
    with store.lock():
        assert (store.home / "ingest.lock").read_text() == f"{os.getpid()}\n"


def test_a_home_without_permission_is_named_and_stays_as_it_was(shut_home: Path) -> None:
    before = sorted(path.name for path in shut_home.rglob("*"))
    first = Store(shut_home).list()[0].snapshot_id
    lines = run(CHANGES, shut_home, first).splitlines()
    assert [line.startswith(f"cannot write {shut_home}") for line in lines] == [True] * 3
    assert all("Permission denied" in line for line in lines)
    assert sorted(path.name for path in shut_home.rglob("*")) == before


def test_a_home_without_permission_can_be_searched(shut_home: Path) -> None:
    before = sorted(path.name for path in shut_home.rglob("*"))
    expected = ["tree forest", "tree#0", *make_contents().entries[2].body.splitlines(), "None None"]
    assert run(READS, shut_home).splitlines() == expected
    assert sorted(path.name for path in shut_home.rglob("*")) == before


def test_a_home_that_cannot_be_created_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(HomeUnwritable, match=r"file/home"):
        publish(Store(tmp_path / "file" / "home"), "a")


def test_a_full_disk_is_named_and_the_live_snapshot_stays(store: Store) -> None:
    snapshot_id = publish_live(store, "a")
    limits = [0, 50, 400, 700, 1500, 3000, 6000]
    lines = run(FILLS_THE_DISK, store.home, *limits).splitlines()
    assert [line.startswith("cannot write ") for line in lines] == [True] * len(limits)
    assert litter(store.home) == []
    assert [info.snapshot_id for info in store.list()] == [snapshot_id]
    store.open().close()


def test_a_kill_at_any_point_leaves_a_live_snapshot_and_no_lasting_litter(store: Store) -> None:
    assert int(run(DIES_AT_EVERY_POINT, store.home, 12)) > 100
