"""The noun RateLimits: how often each client may ask, counted across all workers of a machine.

The generic cell rate algorithm (ITU-T I.371): a client has one number, the moment until which its
requests are accounted for. A request moves it on by 60 / rate seconds; it may lie ahead of now by
a minute's worth of requests, less one.
"""

from __future__ import annotations

import fcntl
import hashlib
import mmap
import os
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SLOTS = 65_536  # clients that are told apart at a time
MINUTE_S = 60.0

_SLOT = struct.Struct("<Qd")  # the client's number, and the moment until which it is accounted for
_SECRET_BYTES = 16
_NEIGHBOURS = 8
_TRIES_TO_LOCK = 200


class RateLimits:
    """A table of clients in a file that all workers map into memory.

    A worker that is killed leaves the file usable: the kernel takes its lock away, and a slot is
    right after every single write. A worker that is frozen while it holds the lock is not waited
    for; what can go wrong without the lock is one request too many.
    """

    def __init__(
        self, path: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Map the table in `path`, made by `create_table`; without a path, a table of one's own."""
        self._clock = clock
        self._file = os.open(path, os.O_RDWR) if path else None
        self._table = mmap.mmap(-1 if self._file is None else self._file, _table_bytes())
        if path is None:
            self._table[:_SECRET_BYTES] = os.urandom(_SECRET_BYTES)
        self._secret = self._table[:_SECRET_BYTES]

    def wait_s(self, client: str, per_minute: int) -> float:
        """Book a request of a client; return 0, or the seconds to wait when it may not ask yet.

        A request that has to wait is not booked. A rate of 0 means any.
        """
        if per_minute <= 0:
            return 0.0
        number = self._number(client)
        interval_s = MINUTE_S / per_minute
        with self._locked():
            now = self._clock()
            place, accounted = self._find(number)
            ahead_s = max(accounted - now, 0.0)
            over_s = ahead_s - (MINUTE_S - interval_s)
            if over_s > 1e-6:
                return over_s
            _SLOT.pack_into(self._table, place, number, now + ahead_s + interval_s)
        return 0.0

    def close(self) -> None:
        """Let go of the table."""
        self._table.close()
        if self._file is not None:
            os.close(self._file)

    def _number(self, client: str) -> int:
        """Return the number of a client: keyed, so that nobody can aim at another one's slot."""
        digest = hashlib.blake2b(client.encode(), digest_size=8, key=self._secret).digest()
        return int.from_bytes(digest, "little") or 1

    def _find(self, number: int) -> tuple[int, float]:
        """Return the place of a client's slot and its moment; a new client gets the oldest slot."""
        oldest, oldest_moment = 0, float("inf")
        for step in range(_NEIGHBOURS):
            place = _SECRET_BYTES + (number + step) % SLOTS * _SLOT.size
            owner, moment = _SLOT.unpack_from(self._table, place)
            if owner == number:
                return place, moment
            if moment < oldest_moment:
                oldest, oldest_moment = place, moment
        return oldest, 0.0

    @contextmanager
    def _locked(self) -> Iterator[None]:
        if self._file is None:
            yield
            return
        held = self._try_to_lock(self._file)
        try:
            yield
        finally:
            if held:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _try_to_lock(self, file: int) -> bool:
        for _ in range(_TRIES_TO_LOCK):
            with suppress(BlockingIOError):
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            os.sched_yield()
        return False


def create_table(path: Path) -> Path:
    """Write an empty table for the workers to share; return its path."""
    with path.open("wb") as file:
        file.write(os.urandom(_SECRET_BYTES))
        file.truncate(_table_bytes())
    return path


def _table_bytes() -> int:
    return _SECRET_BYTES + SLOTS * _SLOT.size
