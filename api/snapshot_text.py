"""Snapshots as people and programs read them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.plain_text import single_line
from indexes.store import SnapshotInfo

_WIDTH = 72  # characters that a full row takes
_COLUMNS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("snapshot", "left"),
    ("", "left"),
    ("entries", "right"),
    ("created", "left"),
    ("MB", "right"),
    ("model", "left"),
)


def snapshot_json(snapshot: SnapshotInfo) -> dict[str, Any]:
    """Return what is known of a snapshot as plain JSON data."""
    return asdict(snapshot)


def print_snapshots(console: Console, found: list[SnapshotInfo]) -> None:
    """Print one row per snapshot, then what is wrong with the corrupt ones."""
    if not found:
        console.print("No snapshot yet; run `aifactory ingest`.")
        return
    console.print(_table(found, narrow=console.width < _WIDTH))
    if not any(snapshot.is_live for snapshot in found):
        console.print("None of them is live; `aifactory snapshots activate ID` makes one live.")
    for snapshot in found:
        if snapshot.problem:
            console.print(Text(single_line(snapshot.problem), style="yellow"), soft_wrap=True)


def _table(found: list[SnapshotInfo], narrow: bool) -> Table:
    """Return one row per snapshot; a narrow table leaves out what an id can do without."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, justify in _COLUMNS[:3] if narrow else _COLUMNS:
        table.add_column(name, justify=justify, overflow="fold", no_wrap=name == "snapshot")
    for snapshot in found:
        table.add_row(*_cells(snapshot)[: len(table.columns)])
    return table


def _cells(snapshot: SnapshotInfo) -> tuple[Text, ...]:
    marks = ("live" if snapshot.is_live else "", "corrupt" if snapshot.problem else "")
    state = ", ".join(mark for mark in marks if mark)
    counts, size_bytes = snapshot.counts, snapshot.size_bytes
    cells = (
        snapshot.snapshot_id,
        state,
        str(counts.entries) if counts else "",
        (snapshot.created_at or "")[:19].replace("T", " "),
        f"{size_bytes / 1e6:.1f}" if size_bytes is not None else "",
        snapshot.model or "",
    )
    return tuple(Text(single_line(cell)) for cell in cells)
