from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable

import pytest

import api.door.key_ring
from api.door.api_keys import ApiKey
from api.door.key_ring import FRESH_S, STALE_S, KeyRing
from rag.errors import DatabaseUnusable

TOKEN = "aif_one_secret"


def key(revoked_at: float | None = None, expires_at: float | None = None) -> ApiKey:
    secret = hashlib.sha256(b"secret").hexdigest()
    return ApiKey("one", "web", secret, ("ask",), None, None, 0.0, expires_at, revoked_at)


class Desk:
    """A database of keys that the test changes or breaks, with clocks that the test moves."""

    def __init__(self) -> None:
        self.keys = [key()]
        self.broken = False
        self.reads = 0
        self.now_s = 1000.0
        self.ring = KeyRing(self._read, lambda: self.now_s, lambda: self.now_s)

    def _read(self) -> list[ApiKey]:
        self.reads += 1
        if self.broken:
            raise DatabaseUnusable("the database is away")
        return self.keys


def run(story: Callable[[Desk], object]) -> None:
    asyncio.run(story(Desk()))


def test_a_key_is_found_and_read_once_for_many_requests() -> None:
    async def story(desk: Desk) -> None:
        found = await asyncio.gather(*(desk.ring.find(TOKEN) for _ in range(50)))
        assert {one.key_id for one in found} == {"one"}
        assert desk.reads == 1

    run(story)


def test_a_wrong_secret_and_an_unknown_id_find_nothing() -> None:
    async def story(desk: Desk) -> None:
        for token in ("aif_one_wrong", "aif_two_secret", "sk-other"):
            assert await desk.ring.find(token) is None
        assert desk.reads == 1

    run(story)


def test_a_revoked_key_stops_working_once_the_keys_are_read_again() -> None:
    async def story(desk: Desk) -> None:
        assert await desk.ring.find(TOKEN)
        desk.keys = [key(revoked_at=1.0)]
        desk.now_s += FRESH_S - 0.1
        assert await desk.ring.find(TOKEN)
        desk.now_s += 0.1
        assert await desk.ring.find(TOKEN) is None

    run(story)


def test_an_expired_key_stops_at_once() -> None:
    async def story(desk: Desk) -> None:
        desk.keys = [key(expires_at=1000.5)]
        assert await desk.ring.find(TOKEN)
        desk.now_s = 1000.5
        assert await desk.ring.find(TOKEN) is None
        assert desk.reads == 1

    run(story)


def test_a_database_that_fails_is_bridged_for_a_while_only() -> None:
    async def story(desk: Desk) -> None:
        assert await desk.ring.find(TOKEN)
        desk.broken = True
        desk.now_s += STALE_S - 0.1
        assert await desk.ring.find(TOKEN)
        desk.now_s += 0.1
        with pytest.raises(DatabaseUnusable, match="is away"):
            await desk.ring.find(TOKEN)
        desk.broken = False
        desk.now_s += 1
        assert await desk.ring.find(TOKEN)

    run(story)


def test_a_database_that_hangs_occupies_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.door.key_ring, "_PATIENCE_S", 0.01)
    release = threading.Event()
    reads = []

    def read() -> list[ApiKey]:
        reads.append(1)
        release.wait(10)
        return [key()]

    async def story() -> None:
        now = [0.0]
        ring = KeyRing(read, lambda: now[0], lambda: now[0])
        for _ in range(3):
            now[0] += 2
            with pytest.raises(DatabaseUnusable, match="could not be read within"):
                await ring.find(TOKEN)
        release.set()
        monkeypatch.setattr(api.door.key_ring, "_PATIENCE_S", 10)
        now[0] += 2
        assert await ring.find(TOKEN)

    asyncio.run(story())
    assert len(reads) == 1
