"""What a Store says when it refuses: the thing, both values and the way out, on one line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from indexes.embedder import Fingerprint
from indexes.manifest import Manifest

_LONGEST_ID_CHARS = 40


def nothing_live(home: Path, present: Sequence[str]) -> str:
    """Say that no snapshot is live; `present` are the ids of those that could be."""
    if home.exists() and not home.is_dir():
        return f"{home} is a file where a folder is expected; choose another home"
    return f"{home} holds no live snapshot; {_ways_out(present)}"


def nothing_before(home: Path, live: str, present: Sequence[str]) -> str:
    """Say that there is nothing to roll back to."""
    return f"{home} keeps no sound snapshot from before {_id(live)}; {_ways_out(present)}"


def nothing_named(current: Path, live: str, present: Sequence[str]) -> str:
    """Say that the file CURRENT names a snapshot that is not there."""
    return f"{current} names {_id(live)!r}, and there is no such snapshot; {_ways_out(present)}"


def nothing_with_id(home: Path, snapshot_id: str, present: Sequence[str]) -> str:
    """Say that no snapshot has an id."""
    return f"{home} holds no snapshot {_id(snapshot_id)!r}; {_ways_out(present)}"


def mismatch(manifest: Manifest, embedder: Fingerprint) -> str:
    """Say that a snapshot was built by another embedder than the one at hand."""
    built, mine = asdict(manifest.fingerprint), asdict(embedder)
    differing = ", ".join(f for f in built if f != "runtime" and built[f] != mine[f])
    return (
        f"snapshot {manifest.snapshot_id} was built by {built['model']!r}, the embedder is "
        f"{mine['model']!r} (they differ in {differing}); choose the snapshot's model, "
        "or run `aifactory ingest` with this one"
    )


def _id(text: str) -> str:
    """Return an id as given, or its beginning when it is too long to be one."""
    return text if len(text) <= _LONGEST_ID_CHARS else f"{text[:_LONGEST_ID_CHARS]}…"


def _ways_out(present: Sequence[str]) -> str:
    if not present:
        return "run `aifactory ingest`"
    return (
        "see `aifactory snapshots list` and `aifactory snapshots activate ID`, "
        "or run `aifactory ingest`"
    )
