"""Snapshots as people and programs read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.plain_text import single_line
from indexes.store import SnapshotInfo


def snapshot_json(snapshot: SnapshotInfo) -> dict[str, Any]:
    """Return what is known of a snapshot as plain JSON data."""
    return asdict(snapshot)


def print_snapshots(console: Console, found: list[SnapshotInfo]) -> None:
    """Print one row per snapshot, then what is wrong with the corrupt ones."""
    if not found:
        console.print("No snapshot yet; run `aifactory ingest`.")
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("snapshot", "", "created", "entries", "MB", "model"):
        table.add_column(name, overflow="fold", justify="right" if name == "MB" else "left")
    for snapshot in found:
        table.add_row(*_cells(snapshot))
    console.print(table)
    for snapshot in found:
        if snapshot.problem:
            console.print(Text(single_line(snapshot.problem), style="yellow"), soft_wrap=True)


def _cells(snapshot: SnapshotInfo) -> tuple[Text, ...]:
    state = "corrupt" if snapshot.problem else "live" if snapshot.is_live else ""
    counts, size_bytes = snapshot.counts, snapshot.size_bytes
    cells = (
        snapshot.snapshot_id,
        state,
        (snapshot.created_at or "")[:19].replace("T", " "),
        str(counts.entries) if counts else "",
        f"{size_bytes / 1e6:.1f}" if size_bytes is not None else "",
        snapshot.model or "",
    )
    return tuple(Text(single_line(cell)) for cell in cells)
