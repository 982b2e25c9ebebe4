"""The noun Workers: several processes that answer on one socket, and their supervisor."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType

POLL_S = 0.2
SHORT_LIFE_S = 5.0
LONGEST_PAUSE_S = 30.0

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_log = logging.getLogger("aifactory")


class Workers:
    """Runs `count` processes of `work` and replaces those that die.

    The first signal is handed on as SIGTERM and waited for, the second kills. A worker that dies
    soon after its start is replaced after a pause, which doubles every time.
    """

    def __init__(self, count: int, work: Callable[[], object]) -> None:
        self._count = count
        self._work = work
        self._context = multiprocessing.get_context("spawn")
        self._running: dict[SpawnProcess, float] = {}
        self._pause_s = 0.0
        self._start_after = 0.0
        self._stopped_by: int | None = None

    def run(self) -> int:
        """Supervise until a signal comes and all workers have ended; return the signal."""
        try:
            with self._listening():
                while self._stopped_by is None:
                    self._start_missing()
                    wait([worker.sentinel for worker in self._running], timeout=POLL_S)
                    self._bury_dead()
                for worker in list(self._running):
                    worker.join()
        finally:
            for worker in list(self._running):
                worker.kill()
        return self._stopped_by

    def _start_missing(self) -> None:
        if time.monotonic() < self._start_after:
            time.sleep(POLL_S)
            return
        while len(self._running) < self._count and not self._is_stopping():
            worker = self._context.Process(target=_run, args=(self._work,))
            with _ignoring_interrupts():
                worker.start()
            self._running[worker] = time.monotonic()
            if self._is_stopping():  # the signal came while this one was being started
                worker.terminate()

    def _is_stopping(self) -> bool:
        return self._stopped_by is not None

    def _bury_dead(self) -> None:
        for worker, begun in list(self._running.items()):
            if worker.is_alive() or self._stopped_by is not None:
                continue
            del self._running[worker]
            _log.error("worker %s died (exit code %s)", worker.pid, worker.exitcode)
            self._plan_replacement(time.monotonic() - begun)

    def _plan_replacement(self, lived_s: float) -> None:
        if lived_s >= SHORT_LIFE_S:
            self._pause_s = 0.0
            return
        self._pause_s = min(max(2 * self._pause_s, 1.0), LONGEST_PAUSE_S)
        self._start_after = time.monotonic() + self._pause_s

    @contextmanager
    def _listening(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, _: FrameType | None) -> None:
        send = signal.SIGTERM if self._stopped_by is None else signal.SIGKILL
        self._stopped_by = self._stopped_by or number
        for worker in list(self._running):
            if worker.pid is not None and worker.is_alive():
                os.kill(worker.pid, send)


def _run(work: Callable[[], object]) -> None:
    """Do the work of one worker, which ends when its supervisor is gone."""
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(target=_follow, args=(supervisor.sentinel,), daemon=True).start()
    work()


def _follow(sentinel: int) -> None:
    wait([sentinel])
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def _ignoring_interrupts() -> Iterator[None]:
    """Let a child be born deaf to Ctrl-C, which reaches it together with its supervisor."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
