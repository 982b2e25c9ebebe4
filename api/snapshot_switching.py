"""Make another snapshot live, without ever leaving the server with one that it cannot open."""

from __future__ import annotations

from dataclasses import dataclass

from api.errors import SnapshotUnknown
from indexes.errors import EmbedderMismatch, SnapshotMissing
from indexes.store import SNAPSHOT_ID, Store
from rag.embedding import open_question_embedder
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Switched:
    """Which snapshot is live now, and which was before."""

    snapshot_id: str
    previous: str | None


def activate(settings: Settings, snapshot_id: str) -> Switched:
    """Open a snapshot to see that it can be, and make it live; not during an ingestion.

    Raises:
        SnapshotUnknown: there is no such snapshot.
        SnapshotCorrupt, EmbedderMismatch: it cannot be used; nothing changed.
        IngestionRunning, HomeUnwritable.
    """
    store = Store(settings.home)
    if not (SNAPSHOT_ID.fullmatch(snapshot_id) and (settings.home / snapshot_id).is_dir()):
        raise SnapshotUnknown(
            f"no snapshot {snapshot_id[:40]!r}; GET /admin/snapshots lists those there are"
        )
    with store.lock():  # or an ingestion could remove it meanwhile as an old one
        previous = store.current()
        _open(store, settings, snapshot_id)
        store.activate(snapshot_id)
    return Switched(snapshot_id, previous)


def roll_back(settings: Settings) -> Switched:
    """Make the sound snapshot live that was before this one; not during an ingestion.

    Raises:
        SnapshotUnknown: there is nothing to go back to.
        EmbedderMismatch: it cannot be used; what was live still is.
        IngestionRunning, HomeUnwritable.
    """
    store = Store(settings.home)
    if store.current() is None:
        raise SnapshotUnknown("no snapshot is live; ingest a glossary first")
    with store.lock():
        previous = store.current()
        try:
            snapshot_id = store.rollback()
        except SnapshotMissing as error:
            raise SnapshotUnknown(str(error)) from None
        try:
            _open(store, settings, snapshot_id)
        except EmbedderMismatch:
            if previous is not None:
                store.activate(previous)
            raise
    return Switched(snapshot_id, previous)


def _open(store: Store, settings: Settings, snapshot_id: str) -> None:
    fingerprint = open_question_embedder(settings).fingerprint
    store.open(snapshot_id, fingerprint).close()
