"""The noun UploadFolder: where an upload lies below the home while it is received and ingested."""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from indexes.disk import writing
from indexes.errors import IngestionRunning
from indexes.staging import STAGING

NAME = f"{STAGING}upload"  # swept with what killed ingestions leave behind


@dataclass(frozen=True, slots=True)
class UploadFolder:
    """The one folder for uploads of a home: locked, and removed when it is closed.

    Its path is always the same, so that a file uploaded again replaces the one of that name. The
    kernel keeps the lock for every process that has the descriptor, and frees it when they end,
    however they end; what they leave is removed by the next ingestion or start of a server.
    """

    path: Path
    descriptor: int

    @classmethod
    def take(cls, home: Path) -> UploadFolder:
        """Lock the folder and empty it.

        Raises:
            IngestionRunning: another upload is being received or ingested.
            HomeUnwritable.
        """
        path = home.resolve() / NAME
        with writing(home):
            descriptor = _locked(path)
            try:
                for left in path.iterdir():
                    shutil.rmtree(left) if left.is_dir() else left.unlink()
            except OSError:
                os.close(descriptor)
                raise
        return cls(path, descriptor)

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.descriptor)


def _locked(path: Path) -> int:
    while True:
        path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(path, descriptor):  # else a cleaning came in between
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            raise IngestionRunning(
                f"another upload is being ingested in {path.parent}; wait for it to finish"
            ) from None
        os.close(descriptor)


def _is_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
