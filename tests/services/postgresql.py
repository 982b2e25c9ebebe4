"""A real PostgreSQL server for tests: its own data, a Unix socket, no network."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

MISSING = "PostgreSQL is not installed here; on Debian and Ubuntu: apt-get install postgresql"
STARTING_S = 30
FOR_TESTS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "16MB",
    "autovacuum": "off",
}


class PostgresqlServer:
    """A running server; every call of `new_database` gives the URL of an empty database."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes]) -> None:
        self._folder = folder
        self.process = process
        self._names = (f"test{number}" for number in itertools.count(1))

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def new_database(self) -> str:
        name = next(self._names)
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + STARTING_S
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    raise
                time.sleep(0.02)


@contextmanager
def running_postgresql() -> Iterator[PostgresqlServer]:
    """Yield a server with a fresh cluster; both are gone afterwards."""
    programs = _programs()
    account = _account()
    # A socket's path may have 107 bytes, and the server's account must be able to enter it.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if account:
            os.chown(folder, pwd.getpwnam(account).pw_uid, pwd.getpwnam(account).pw_gid)
        _run(account, programs / "initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8",
             "--locale=C", "--no-sync", "-D", folder / "data")  # fmt: skip
        options = [f"--{name}={value}" for name, value in FOR_TESTS.items()]
        process = _start(
            account, programs / "postgres", "-D", folder / "data", "-k", folder, *options
        )
        server = PostgresqlServer(folder, process)
        try:
            server.wait_until_ready()
            yield server
        finally:
            process.send_signal(signal.SIGQUIT)  # nothing of it is worth writing down
            process.wait(STARTING_S)
    finally:
        shutil.rmtree(folder)


def _programs() -> Path:
    """Return the folder of the newest server here; Debian keeps it out of PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parts[-2]))
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    complete = [folder for folder in folders if (folder / "postgres").is_file()]
    if not complete:
        pytest.skip(MISSING)
    return complete[-1]


def _account() -> str | None:
    """Return who runs the server, which refuses to run as root; None is ourselves."""
    if os.geteuid() != 0:
        return None
    names = {account.pw_name for account in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _start(account: str | None, *command: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*map(str, command)],
        cwd="/",
        user=account,
        group=None if account is None else pwd.getpwnam(account).pw_gid,
        extra_groups=None if account is None else [],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _run(account: str | None, *command: object) -> None:
    process = _start(account, *command)
    if code := process.wait(2 * STARTING_S):
        pytest.fail(f"{command[0]} left with {code}")
