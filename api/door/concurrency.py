"""The noun Places: how much may go on at once, for one client or for the whole process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import Overloaded, TooManyRequests


class ClientPlaces:
    """Counts the requests of each client that are being answered by this process."""

    def __init__(self) -> None:
        self._held: dict[str, int] = {}

    @contextmanager
    def hold(self, client: str, most: int) -> Iterator[None]:
        """Hold a place of a client while the block runs; `most` 0 means any number.

        Raises:
            TooManyRequests: the client holds as many places as it may.
        """
        held = self._held.get(client, 0)
        if most and held >= most:
            raise TooManyRequests(
                f"{held} requests of this client are being answered, and it may have {most} at "
                "once; wait for one of them to end"
            )
        self._held[client] = held + 1
        try:
            yield
        finally:
            self._held[client] -= 1
            if not self._held[client]:
                del self._held[client]


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
