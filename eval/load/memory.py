"""How much memory a server holds, all its processes together (Linux)."""

from __future__ import annotations

from pathlib import Path


def tree_mib(process: int) -> float:
    """Return the proportional memory of a process and its descendants in MiB; 0 elsewhere."""
    return sum(map(_own_mib, [process, *_descendants(process)]))


def _descendants(process: int) -> list[int]:
    children: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        children += map(int, path.read_text().split())
    return [*children, *(below for child in children for below in _descendants(child))]


def _own_mib(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended, or this is no Linux
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
