"""Folders in the making: written aside, put in place whole, never left behind."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from indexes.disk import sync, sync_tree

STAGING = ".staging-"
DISCARDED = ".discarded-"


@contextmanager
def staging(home: Path) -> Iterator[Path]:
    """Provide an empty folder inside `home`, removed at the end unless it was put in place.

    The folder is locked as long as its process lives; that tells it from litter.
    """
    folder, descriptor = _locked_folder(home)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def put_in_place(folder: Path, final: Path, is_sound: Callable[[], bool]) -> None:
    """Flush `folder` and rename it to `final`, unless a sound one already stands there.

    An unsound one is moved away first and removed afterwards.
    """
    sync_tree(folder)
    while not _renamed(folder, final) and not is_sound():
        discard(final)
    sync(final.parent)


def discard(folder: Path) -> None:
    """Remove a folder so that nobody ever sees half of it under its name."""
    aside = folder.with_name(f"{DISCARDED}{secrets.token_hex(4)}")
    try:
        folder.rename(aside)
    except FileNotFoundError:
        return
    shutil.rmtree(aside, ignore_errors=True)


def remove_litter(home: Path) -> None:
    """Remove the folders that killed processes left; those of living ones stay."""
    for folder in home.glob(f"{STAGING}*"):
        _remove_if_abandoned(folder)
    for folder in home.glob(f"{DISCARDED}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _locked_folder(home: Path) -> tuple[Path, int]:
    while True:
        folder = home / f"{STAGING}{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir()
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if folder.exists():  # else a cleaning came between the two lines above
            return folder, descriptor
        os.close(descriptor)


def _renamed(folder: Path, final: Path) -> bool:
    try:
        folder.rename(final)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            return False
        raise
    return True


def _remove_if_abandoned(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
