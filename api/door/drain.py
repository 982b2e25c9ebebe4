"""The noun Drain: the time between the wish to stop and the end."""

from __future__ import annotations

import time
from collections.abc import Callable

LAST_WORDS_S = 2.0


class Drain:
    """Tells whether the server is stopping, and when what still runs should say its last words.

    Running requests have `grace_s` seconds from `begin`; then they are cut off. `time_is_up` in the
    last `LAST_WORDS_S` of them: streams that still run end with an error that says why.
    """

    def __init__(self, grace_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.grace_s = grace_s
        self._clock = clock
        self._begun_at: float | None = None

    def begin(self) -> None:
        """Start to stop."""
        self._begun_at = self._clock()

    @property
    def begun(self) -> bool:
        """Whether the server is stopping."""
        return self._begun_at is not None

    @property
    def time_is_up(self) -> bool:
        """Whether what still runs should end now."""
        if self._begun_at is None:
            return False
        return self._clock() >= self._begun_at + self.grace_s - LAST_WORDS_S
