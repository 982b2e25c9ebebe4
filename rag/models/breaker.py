"""A circuit breaker: a model that failed again and again is left alone for a while."""

from __future__ import annotations

import time
from collections.abc import Callable

from rag.errors import ModelResting

FAILURES = 5
PAUSE_S = 15.0


class Breaker:
    """Counts failures in a row.

    After `failures` of them nobody may ask for `pause_s` seconds; then one request may try, and the
    others wait for what becomes of it. Its first text lets them in again, its failure starts the
    next pause.
    """

    def __init__(
        self,
        failures: int = FAILURES,
        pause_s: float = PAUSE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._pause_s = pause_s
        self._clock = clock
        self._failed = 0
        self._resting_until = 0.0
        self._probing = False

    def enter(self, name: str) -> Visit:
        """Return the leave to ask the model once; the caller tells it how that went.

        Raises:
            ModelResting: the model may not be asked now.
        """
        if self._failed < self._limit:
            return Visit(self, probe=False)
        wait_s = self._resting_until - self._clock()
        if wait_s > 0 or self._probing:
            raise ModelResting(
                f"language model {name} failed {self._failed} times in a row and is left alone for "
                f"{max(1, round(wait_s))} s more; check its server"
            )
        self._probing = True
        return Visit(self, probe=True)

    def _succeed(self) -> None:
        self._failed = 0

    def _fail(self, probe: bool) -> None:
        self._failed += 1
        if probe or self._failed == self._limit:
            self._resting_until = self._clock() + self._pause_s

    def _half_close(self) -> None:
        self._probing = False
        self._failed = self._limit - 1

    def _end_probe(self) -> None:
        self._probing = False


class Visit:
    """One request to the model. Leaving without an outcome counts neither way."""

    def __init__(self, breaker: Breaker, probe: bool) -> None:
        self._breaker = breaker
        self._probe = probe

    def spoke(self) -> None:
        """Tell that the model said something."""
        if self._probe:
            self._breaker._half_close()
            self._probe = False

    def succeeded(self) -> None:
        """Tell that the answer is whole."""
        self._breaker._succeed()

    def failed(self) -> None:
        """Tell that the model failed."""
        self._breaker._fail(self._probe)

    def left(self) -> None:
        """Tell that the request is over, after its outcome or without one."""
        if self._probe:
            self._breaker._end_probe()
            self._probe = False
