"""The noun ClientPlaces: how many requests of one client may go on at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from api.errors import TooManyRequests


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
