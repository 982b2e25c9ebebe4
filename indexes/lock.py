"""One ingestion at a time: the kernel's lock on a file of the home."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexes.disk import writing
from indexes.errors import IngestionRunning


@contextmanager
def ingestion_lock(path: Path) -> Iterator[None]:
    """Hold the ingestion lock; IngestionRunning when another ingestion does.

    The kernel releases the lock of a process that ends, however it ends. The file holds the
    number of the process that took it last, for the message.
    """
    with writing(path.parent):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(descriptor, path)
        with writing(path.parent):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        raise IngestionRunning(
            f"another ingestion (process {holder}) holds {path}; "
            "wait for it to finish, or end that process"
        ) from None
