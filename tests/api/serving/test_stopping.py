"""How a server starts, replaces its workers, bounds its connections and stops: real processes."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

import api.serving.http_protocol

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ROOT = Path(__file__).resolve().parents[3]
LONGEST_S = 30


class Served:
    """A server in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.port = int(process.stdout.readline())
        self.opened = ExitStack()

    def connection(self) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_S)
        return self.opened.enter_context(closing(made))

    def get(self, path: str) -> http.client.HTTPResponse:
        """Send a request on a connection of its own; return the response, its body unread."""
        connection = self.connection()
        connection.request("GET", path)
        return self.opened.enter_context(connection.getresponse())

    def started(self) -> Served:
        """Wait until it answers."""
        self.until(lambda: self.get("/ready").status == 200)
        return self

    def until(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + LONGEST_S
        while time.monotonic() < end:
            try:
                if holds():
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.02)
        raise AssertionError("it did not happen in time")

    def is_closed(self) -> bool:
        try:
            self.connection().connect()
        except ConnectionRefusedError:
            return True
        return False

    def ended(self) -> tuple[int, str]:
        """Return the exit code and what was printed since the port."""
        printed, _ = self.process.communicate(timeout=LONGEST_S)
        return self.process.returncode, printed


@contextmanager
def serving(workers: int = 1, grace_s: float = 20) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.api.slow_server", str(workers), str(grace_s)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        served = Served(process)
        with served.opened:
            yield served.started()
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stream_is_finished_while_the_server_tells_that_it_goes(workers: int) -> None:
    with serving(workers) as served:
        stream = served.get("/stream?lines=8")
        assert stream.readline() == b"0\n"
        served.process.send_signal(signal.SIGTERM)
        served.until(lambda: served.get("/ready").status == 503)
        lines = stream.read().splitlines()
        assert lines[-2:] == [b"7", b"end"]
        code, printed = served.ended()
        assert code == 0
        assert "closed" in printed
        assert printed.endswith(f"stopped by {int(signal.SIGTERM)}\n")


def test_a_request_that_never_ends_is_cut_off_and_nothing_new_is_accepted() -> None:
    with serving(grace_s=1) as served:
        stuck = served.connection()
        stuck.request("GET", "/stuck")
        served.process.send_signal(signal.SIGTERM)
        served.until(served.is_closed)
        code, printed = served.ended()
        assert code == 0
        assert "closed" in printed


@pytest.mark.parametrize("workers", [1, 2])
def test_a_second_signal_ends_at_once(workers: int) -> None:
    with serving(workers, grace_s=3600) as served:
        stuck = served.connection()
        stuck.request("GET", "/stuck")
        time.sleep(0.2)
        served.process.send_signal(signal.SIGTERM)
        served.until(lambda: served.get("/ready").status == 503)
        served.process.send_signal(signal.SIGTERM)
        served.ended()
        assert served.is_closed()


def test_an_idle_server_stops_without_waiting() -> None:
    with serving(grace_s=3600) as served:
        idle = served.connection()
        idle.request("GET", "/process")
        idle.getresponse().read()
        served.process.send_signal(signal.SIGINT)
        assert served.ended()[1].endswith(f"stopped by {int(signal.SIGINT)}\n")


def test_a_worker_that_dies_is_replaced() -> None:
    with serving(workers=2) as served:

        def processes() -> set[bytes]:
            return {served.get("/process").read() for _ in range(20)}

        served.until(lambda: len(processes()) == 2)
        before = processes()
        killed = next(iter(before))
        os.kill(int(killed), signal.SIGKILL)
        served.until(lambda: len(processes() - before) == 1)
        served.process.send_signal(signal.SIGTERM)
        assert served.ended()[0] == 0


def test_workers_end_when_their_supervisor_is_killed() -> None:
    with serving(workers=2) as served:
        served.process.kill()
        served.until(served.is_closed)


def test_a_head_without_end_is_refused() -> None:
    with serving() as served, socket.create_connection(("127.0.0.1", served.port)) as raw:
        raw.settimeout(LONGEST_S)
        raw.sendall(b"GET /process HTTP/1.1\r\nHost: a\r\nX: ")
        for _ in range(api.serving.http_protocol.MAX_HEAD_BYTES // 16_384 + 1):
            raw.sendall(b"x" * 16_384)
        assert raw.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_request_after_a_large_body_is_not_taken_for_a_large_head() -> None:
    with serving() as served:
        connection = served.connection()
        for _ in range(2):
            connection.request("GET", "/process", body=b"x" * 200_000)
            assert connection.getresponse().read() == str(served.process.pid).encode()
