"""Percentiles of durations, and the memory of this process."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

from eval.figures import Figure


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the nearest-rank percentile: the smallest value that `percent` % do not exceed.

    Raises:
        ValueError: there are no values, or `percent` is not in (0, 100].
    """
    if not values or not 0 < percent <= 100:
        raise ValueError(f"no {percent}th percentile of {len(values)} values")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def percentile_figures(name: str, values_ms: Sequence[float]) -> list[Figure]:
    """Return the 50th, 95th and 99th percentile of durations in milliseconds."""
    return [Figure(f"{name} p{p}", percentile(values_ms, p), "ms") for p in (50, 95, 99)]


def memory_mb() -> tuple[float, float]:
    """Return resident memory of this process in MiB: now, and at its peak. Linux only."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kib = {name: int(value) for name, value in re.findall(r"(?m)^(Vm\w+):\s+(\d+) kB", status)}
    return kib["VmRSS"] / 1024, kib["VmHWM"] / 1024
