from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import api.door.rate_limit
from api.door.rate_limit import RateLimits, create_table

ROOT = Path(__file__).resolve().parents[3]


class Clock:
    def __init__(self) -> None:
        self.now_s = 50.0

    def __call__(self) -> float:
        return self.now_s


def test_a_minutes_worth_may_come_at_once_then_one_each_interval() -> None:
    clock = Clock()
    limits = RateLimits(clock=clock)
    assert [limits.wait_s("a", 6) for _ in range(6)] == [0.0] * 6
    assert limits.wait_s("a", 6) == pytest.approx(10.0)  # 60 s / 6
    clock.now_s += 4
    assert limits.wait_s("a", 6) == pytest.approx(6.0)  # asking too early costs nothing
    clock.now_s += 6
    assert limits.wait_s("a", 6) == 0.0
    assert limits.wait_s("a", 6) == pytest.approx(10.0)
    clock.now_s += 600
    assert [limits.wait_s("a", 6) for _ in range(7)][-2:] == [0.0, pytest.approx(10.0)]


def test_clients_are_counted_apart_and_zero_means_any() -> None:
    limits = RateLimits(clock=Clock())
    assert limits.wait_s("a", 1) == 0.0
    assert limits.wait_s("b", 1) == 0.0
    assert limits.wait_s("a", 1) == pytest.approx(60.0)
    assert {limits.wait_s("a", 0) for _ in range(100)} == {0.0}


def test_two_workers_share_one_table(tmp_path: Path) -> None:
    path = create_table(tmp_path / "rates")
    clock = Clock()
    first, second = RateLimits(path, clock), RateLimits(path, clock)
    assert first.wait_s("a", 2) == 0.0
    assert second.wait_s("a", 2) == 0.0
    assert first.wait_s("a", 2) == second.wait_s("a", 2) == pytest.approx(30.0)
    first.close()
    second.close()


ASK_OFTEN = """
import sys
from pathlib import Path
from api.door.rate_limit import RateLimits
limits = RateLimits(Path(sys.argv[1]), lambda: 50.0)
print(sum(limits.wait_s("a", 1000) == 0.0 for _ in range(400)))
"""
DIE_WITH_THE_LOCK = """
import os, signal, sys
from pathlib import Path
from api.door.rate_limit import RateLimits
with RateLimits(Path(sys.argv[1]))._locked():
    os.kill(os.getpid(), signal.SIGKILL)
"""


def start(code: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def test_processes_together_let_through_exactly_what_is_allowed(tmp_path: Path) -> None:
    path = create_table(tmp_path / "rates")
    processes = [start(ASK_OFTEN, path) for _ in range(4)]
    assert sum(int(process.communicate()[0]) for process in processes) == 1000


def test_a_worker_that_is_killed_with_the_lock_stops_nobody(tmp_path: Path) -> None:
    path = create_table(tmp_path / "rates")
    process = start(DIE_WITH_THE_LOCK, path)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    limits = RateLimits(path, Clock())
    assert limits._try_to_lock(limits._file)
    assert limits.wait_s("a", 1) == 0.0
    limits.close()


def test_a_worker_that_is_frozen_with_the_lock_is_not_waited_for(tmp_path: Path) -> None:
    path = create_table(tmp_path / "rates")
    frozen, limits = RateLimits(path, Clock()), RateLimits(path, Clock())
    with frozen._locked():
        assert limits.wait_s("a", 1) == 0.0
        assert limits.wait_s("a", 1) == pytest.approx(60.0)


def test_a_full_table_forgets_the_client_that_is_longest_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(api.door.rate_limit, "SLOTS", 8)
    clock = Clock()
    limits = RateLimits(clock=clock)
    for number in range(8):
        clock.now_s += 1
        assert limits.wait_s(str(number), 1) == 0.0
    assert limits.wait_s("new", 1) == 0.0  # in the place of client 0
    assert limits.wait_s("7", 1) == pytest.approx(60.0)
    assert limits.wait_s("0", 1) == 0.0
