"""The noun Store: the snapshots of one home."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from indexes.disk import writing
from indexes.embedder import Fingerprint, Progress
from indexes.errors import (
    EmbedderMismatch,
    HomeUnwritable,
    IndexesError,
    SnapshotCorrupt,
    SnapshotMissing,
)
from indexes.history import CURRENT, History
from indexes.known_vectors import KnownVectors
from indexes.local import LocalIndex
from indexes.lock import ingestion_lock
from indexes.manifest import Counts, Manifest
from indexes.refusals import (
    mismatch,
    nothing_before,
    nothing_live,
    nothing_named,
    nothing_with_id,
)
from indexes.snapshot import Contents, identify_snapshot, write_snapshot
from indexes.staging import discard, put_in_place, remove_litter, staging

LOCK = "ingest.lock"
SnapshotIds = list[str]
SNAPSHOT_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """What a listing says of a snapshot; `problem` is None unless it is corrupt.

    A snapshot whose manifest cannot be read has no creation time and no counts.
    """

    snapshot_id: str
    is_live: bool
    created_at: str | None
    counts: Counts | None
    size_bytes: int | None
    model: str | None
    problem: str | None


Listing = list[SnapshotInfo]


class Store:
    """The snapshots below one home folder: published whole, verified, one of them live.

    Reading needs no write permission. Publishing is safe beside other publishers; an ingestion
    holds `lock` from `clean` to `activate`.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self._history = History(home)
        self._lock_holder: int | None = None

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the home's ingestion lock, creating the home; IngestionRunning when it is held."""
        self._create_home()
        with ingestion_lock(self.home / LOCK):
            self._lock_holder = threading.get_ident()
            try:
                yield
            finally:
                self._lock_holder = None

    def clean(self) -> None:
        """Remove what killed processes left behind; call it under `lock`."""
        self._create_home()
        self._history.clean()
        with writing(self.home):
            remove_litter(self.home)

    def publish(self, contents: Contents, progress: Progress | None = None) -> str:
        """Write a snapshot and return its id; it is not live yet.

        A sound snapshot of the same id is kept and nothing written. Raises HomeUnwritable and
        leaves nothing behind when the disk refuses. `progress` counts entries and passages.
        """
        snapshot_id = identify_snapshot(
            contents.entries, contents.fingerprint, contents.configuration
        )
        if self.is_sound(snapshot_id):
            return snapshot_id
        self._create_home()
        with writing(self.home), staging(self.home) as folder:
            write_snapshot(contents, snapshot_id, folder, progress)
            put_in_place(folder, self.home / snapshot_id, lambda: self.is_sound(snapshot_id))
        return snapshot_id

    def is_sound(self, snapshot_id: str) -> bool:
        """Tell whether a snapshot is there and verifies."""
        try:
            self.verify(snapshot_id)
        except (SnapshotMissing, SnapshotCorrupt):
            return False
        return True

    def verify(self, snapshot_id: str) -> Manifest:
        """Return the manifest of a sound snapshot.

        Raises SnapshotMissing, or SnapshotCorrupt naming a file, the expected and the found.
        """
        folder = self._folder(snapshot_id)
        manifest = Manifest.read(folder)
        manifest.verify(folder)
        return manifest

    def activate(self, snapshot_id: str) -> None:
        """Verify a snapshot and make it live."""
        self.verify(snapshot_id)
        self._history.activate(snapshot_id)

    def current(self) -> str | None:
        """Return the id of the live snapshot, or None before the first activation."""
        return self._history.live()

    def rollback(self) -> str:
        """Make the sound snapshot that was live before this one live again; return its id."""
        live = self.current()
        for earlier in reversed(self._history.until_live()):
            if earlier != live and self.is_sound(earlier):
                self._history.step_back(earlier)
                return earlier
        if live is None:
            raise SnapshotMissing(nothing_live(self.home, self._ids()))
        raise SnapshotMissing(nothing_before(self.home, live, self._ids()))

    def prune(self, keep: int) -> SnapshotIds:
        """Remove all but `keep` snapshots, and return the ids removed.

        The live one always stays; then those activated last before it, then the youngest.
        """
        if keep < 1:
            raise ValueError(f"keep must be 1 or more, not {keep}")
        with self._locked():
            removed = self._by_worth()[keep:]
            with writing(self.home):
                for snapshot_id in removed:
                    discard(self.home / snapshot_id)
            self._history.forget(removed)
        return removed

    def list(self) -> Listing:
        """Describe every snapshot, oldest first, verifying each; corrupt ones say why."""
        infos = [self._describe(snapshot_id) for snapshot_id in self._ids()]
        return sorted(infos, key=lambda info: (info.created_at or "", info.snapshot_id))

    def open(
        self,
        snapshot_id: str | None = None,
        embedder_fingerprint: Fingerprint | None = None,
        gpu: bool = False,
    ) -> LocalIndex:
        """Verify and open a snapshot, the live one when no id is given.

        Raises SnapshotMissing, SnapshotCorrupt, or EmbedderMismatch when `embedder_fingerprint` is
        given and its queries cannot search this snapshot.
        """
        snapshot_id = snapshot_id or self._live()
        folder = self._folder(snapshot_id)
        manifest = Manifest.read(folder)
        if embedder_fingerprint and not embedder_fingerprint.serves(manifest.fingerprint):
            raise EmbedderMismatch(mismatch(manifest, embedder_fingerprint))
        manifest.verify(folder)
        return LocalIndex(folder, manifest, gpu)

    def known_vectors(self, fingerprint: Fingerprint) -> KnownVectors:
        """Return the live snapshot's vectors for re-use; none when model or runtime differ."""
        live = self.current()
        if live and self.is_sound(live):
            folder = self._folder(live)
            if Manifest.read(folder).fingerprint == fingerprint:
                return KnownVectors.of_snapshot(folder)
        return KnownVectors.none(fingerprint.dimension)

    def _create_home(self) -> None:
        if self.home.exists() and not self.home.is_dir():
            raise HomeUnwritable(nothing_live(self.home, []))
        with writing(self.home):
            self.home.mkdir(parents=True, exist_ok=True)

    def _locked(self) -> AbstractContextManager[None]:
        mine = self._lock_holder == threading.get_ident()
        return nullcontext() if mine else self.lock()

    def _live(self) -> str:
        live = self.current()
        if live is None:
            raise SnapshotMissing(nothing_live(self.home, self._ids()))
        if live not in self._ids():
            raise SnapshotMissing(nothing_named(self.home / CURRENT, live, self._ids()))
        return live

    def _folder(self, snapshot_id: str) -> Path:
        folder = self.home / snapshot_id
        if not (SNAPSHOT_ID.fullmatch(snapshot_id) and folder.is_dir()):
            raise SnapshotMissing(nothing_with_id(self.home, snapshot_id, self._ids()))
        return folder

    def _ids(self) -> SnapshotIds:
        if not self.home.is_dir():
            return []
        folders = (path for path in self.home.iterdir() if path.is_dir())
        return [folder.name for folder in folders if SNAPSHOT_ID.fullmatch(folder.name)]

    def _by_worth(self) -> SnapshotIds:
        """Return the ids of all snapshots, the most worth keeping first."""
        present = {snapshot_id: _created_at(self.home / snapshot_id) for snapshot_id in self._ids()}
        youngest = sorted(present, key=lambda snapshot_id: present[snapshot_id], reverse=True)
        worth = dict.fromkeys([*reversed(self._history.until_live()), *youngest])
        return [snapshot_id for snapshot_id in worth if snapshot_id in present]

    def _describe(self, snapshot_id: str) -> SnapshotInfo:
        manifest, problem = None, None
        try:
            manifest = Manifest.read(self.home / snapshot_id)
            manifest.verify(self.home / snapshot_id)
        except IndexesError as error:
            problem = str(error)
        return SnapshotInfo(
            snapshot_id=snapshot_id,
            is_live=snapshot_id == self.current(),
            created_at=manifest.created_at if manifest else None,
            counts=manifest.counts if manifest else None,
            size_bytes=manifest.size_bytes if manifest else None,
            model=manifest.fingerprint.model if manifest else None,
            problem=problem,
        )


def _created_at(folder: Path) -> str:
    try:
        return Manifest.read(folder).created_at
    except SnapshotCorrupt:
        return ""
