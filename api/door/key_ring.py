"""The noun KeyRing: the keys as requests look them up, without a database on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from api.door.api_keys import ApiKey, parts_of
from rag.errors import DatabaseUnusable

FRESH_S = 3.0  # how long a revoked key may go on working
STALE_S = 60.0  # how long the keys last read are good for while the database does not answer
_PATIENCE_S = 2.0
_RETRY_S = 1.0


class KeyRing:
    """Keeps all keys in memory and reads them again, in a thread, when they are `FRESH_S` old.

    Only one request at a time reads; a key that does not exist never reaches the database.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[ApiKey]],
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._read = read
        self._clock = clock
        self._wall_clock = wall_clock
        self._keys: dict[str, ApiKey] = {}
        self._read_at = self._tried_at = float("-inf")
        self._failure = ""
        self._lock = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "keys")
        self._reading: asyncio.Future[list[ApiKey]] | None = None

    async def find(self, token: str) -> ApiKey | None:
        """Return the working key that a token opens, or None.

        Raises:
            DatabaseUnusable: the keys could not be read for longer than `STALE_S`.
        """
        parts = parts_of(token)
        if parts is None:
            return None
        if not self._is_fresh():
            await self._refresh()
        key_id, secret = parts
        key = self._keys.get(key_id)
        if key is None or not key.opens_with(secret) or not key.works(self._wall_clock()):
            return None
        return key

    def _is_fresh(self) -> bool:
        now = self._clock()
        if now - self._read_at < FRESH_S:
            return True
        return now - self._tried_at < _RETRY_S and now - self._read_at < STALE_S

    async def _refresh(self) -> None:
        async with self._lock:
            if self._clock() - self._tried_at >= _RETRY_S and not self._is_fresh():
                await self._try_to_read()
            if self._clock() - self._read_at >= STALE_S:
                raise DatabaseUnusable(self._failure)

    async def _try_to_read(self) -> None:
        """Read the keys; a database that hangs occupies one thread, however often it is tried."""
        self._tried_at = begun = self._clock()
        if self._reading is None:
            loop = asyncio.get_running_loop()
            self._reading = loop.run_in_executor(self._thread, lambda: list(self._read()))
        await asyncio.wait([self._reading], timeout=_PATIENCE_S)
        if not self._reading.done():
            self._failure = f"the API keys could not be read within {_PATIENCE_S:g} s"
            return
        done, self._reading = self._reading, None
        try:
            self._keys = {key.key_id: key for key in done.result()}
            self._read_at = begun
        except DatabaseUnusable as error:
            self._failure = str(error)
