"""Time the stages of one question."""

from __future__ import annotations

import time
from collections.abc import Callable


class Stopwatch:
    """Collects milliseconds per stage; each lap starts where the last one ended."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._begin = self._last = clock()
        self.timings_ms: dict[str, float] = {}

    def lap(self, stage: str) -> None:
        """Book the time since the last lap under `stage`."""
        now = self._clock()
        spent = self.timings_ms.get(stage, 0.0) + (now - self._last) * 1e3
        self.timings_ms[stage] = round(spent, 3)
        self._last = now

    def total(self) -> dict[str, float]:
        """Return the laps and the `total` since the start."""
        return {**self.timings_ms, "total": round((self._clock() - self._begin) * 1e3, 3)}
