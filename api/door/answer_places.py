"""The noun AnswerPlaces: how many answers may be in the making at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import Overloaded


class AnswerPlaces:
    """Bounds the answers that are in the making in this process, streams included."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold a place until the answer is given in full.

        Raises:
            Overloaded: as many answers are in the making as are allowed.
        """
        if self._held >= self._most:
            raise Overloaded(
                f"{self._held} answers are in the making, which is the limit of "
                "AIFACTORY_MAX_ANSWERING; ask again in a moment"
            )
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
