"""Start a server in processes of its own and wait until it is ready."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

READY_S = 120.0
_ROOT = Path(__file__).resolve().parent.parent.parent
_COMMAND = "from api.cli import main; main()"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def our_server(
    home: Path, workers: int, environment: Mapping[str, str] | None = None
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run `aifactory serve` on a free port; yield the port and the process."""
    port = free_port()
    arguments = ["serve", "--home", str(home), "--port", str(port), "--workers", str(workers)]
    command = [sys.executable, "-c", _COMMAND, *arguments]
    with server(command, port, "/health/ready", environment) as process:
        yield port, process


@contextmanager
def server(
    command: Sequence[str], port: int, ready: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server until the block ends; it is ready when the path `ready` answers.

    Raises:
        RuntimeError: it is not ready in time, or has ended.
    """
    process = subprocess.Popen(
        command,
        cwd=_ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # so that `resting` reaches its workers too
    )
    try:
        _wait(process, f"http://127.0.0.1:{port}{ready}")
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def resting(process: subprocess.Popen[bytes] | None) -> Iterator[None]:
    """Stop a server and its workers during the block, so that another one has the machine alone.

    An idle PyTorch server still spins its threads for a while after each request.
    """
    if process:
        os.killpg(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        if process:
            os.killpg(process.pid, signal.SIGCONT)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline_s = time.monotonic() + READY_S
    while time.monotonic() < deadline_s:
        if process.poll() is not None:
            raise RuntimeError(f"the server left with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  our own loopback URL
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server was not ready after {READY_S:g} s")
