"""Which snapshot is live, and which were before it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from indexes.disk import exclusive, replace_text, writing
from indexes.errors import SnapshotCorrupt

CURRENT = "CURRENT"
HISTORY = "HISTORY"


class History:
    """The files CURRENT (one line, the live id) and HISTORY (ids in order of activation).

    HISTORY may name ids past the live one after a crash; what counts is what precedes it.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    def live(self) -> str | None:
        """Return the id in CURRENT, or None when nothing was activated yet."""
        lines = self._lines(CURRENT)
        return lines[0] if lines else None

    def until_live(self) -> list[str]:
        """Return the activated ids, oldest first, the live one last; one may occur repeatedly."""
        live, activated = self.live(), self._lines(HISTORY)
        if live is None:
            return activated
        while activated and activated[-1] != live:
            activated.pop()
        return activated or [*self._lines(HISTORY), live]

    def activate(self, snapshot_id: str) -> None:
        """Make a snapshot live and remember the one before it."""
        with writing(self._home), exclusive(self._home):
            if snapshot_id != self.live():
                self._write(HISTORY, [*self.until_live(), snapshot_id])
                self._write(CURRENT, [snapshot_id])

    def step_back(self, snapshot_id: str) -> None:
        """Make an earlier snapshot live again and forget what came after it."""
        with writing(self._home), exclusive(self._home):
            activated = self.until_live()
            if self.live() is not None:
                activated.pop()
            while activated and activated[-1] != snapshot_id:
                activated.pop()
            self._write(CURRENT, [snapshot_id])
            self._write(HISTORY, activated)

    def forget(self, snapshot_ids: Iterable[str]) -> None:
        """Drop removed snapshots from the history."""
        removed = set(snapshot_ids)
        with writing(self._home), exclusive(self._home):
            self._write(HISTORY, [line for line in self.until_live() if line not in removed])

    def clean(self) -> None:
        """Remove what a process killed while writing left; nobody writes meanwhile."""
        with writing(self._home), exclusive(self._home):
            for aside in self._home.glob(".*.tmp"):
                aside.unlink()

    def _lines(self, name: str) -> list[str]:
        try:
            return (self._home / name).read_text("utf-8", errors="replace").split()
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise SnapshotCorrupt(
                f"{self._home / name} cannot be read ({error.strerror}); permit it, or remove it "
                "and run `aifactory snapshots activate ID`"
            ) from None

    def _write(self, name: str, lines: list[str]) -> None:
        replace_text(self._home / name, "".join(f"{line}\n" for line in lines))
