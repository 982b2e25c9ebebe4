from __future__ import annotations

import gc
import os
import threading
import time
import weakref
from pathlib import Path

import pytest

from api.live import REREAD_AFTER_S, RETRY_AFTER_S, LiveChat, WatchedId
from indexes.errors import SnapshotCorrupt, SnapshotMissing
from tests.api.fake_chat import FakeChat


class Home:
    """A home whose live snapshot the test sets, with a clock that the test moves."""

    def __init__(self, live: str | None) -> None:
        self.live = live
        self.corrupt = False
        self.now_s = 100.0
        self.opened: list[str | None] = []
        self.may_open = threading.Event()
        self.may_open.set()
        self.chat = LiveChat(self._open, lambda: self.live, lambda: self.now_s)

    def _open(self) -> FakeChat:
        live = self.live
        self.opened.append(live)
        assert self.may_open.wait(timeout=10)
        if live is None:
            raise SnapshotMissing("nothing is live; run `aifactory ingest`")
        if self.corrupt:
            raise SnapshotCorrupt(f"snapshot {live} is damaged")
        return FakeChat(live)

    def answers_from(self) -> str:
        return self.chat.chat().index.snapshot_id

    def answers_at_last_from(self) -> str:
        """Ask until another snapshot answers than before; the test's own timeout bounds it."""
        before = self.answers_from()
        end = time.monotonic() + 10
        while self.answers_from() == before and time.monotonic() < end:
            time.sleep(0.001)
        return self.answers_from()


def test_the_snapshot_is_opened_once() -> None:
    home = Home("a")
    assert [home.answers_from() for _ in range(3)] == ["a", "a", "a"]
    assert home.opened == ["a"]


def test_a_new_snapshot_is_opened_beside_the_requests() -> None:
    home = Home("a")
    home.answers_from()
    with home.chat.watching():
        home.may_open.clear()
        home.live = "b"
        assert [home.answers_from() for _ in range(3)] == ["a", "a", "a"]
        home.may_open.set()
        assert home.answers_at_last_from() == "b"
    assert home.opened == ["a", "b"]


def test_a_new_snapshot_is_opened_even_when_nobody_asks() -> None:
    home = Home("a")
    home.answers_from()
    with home.chat.watching():
        home.live = "b"
        end = time.monotonic() + 10
        while home.opened != ["a", "b"] and time.monotonic() < end:
            time.sleep(0.001)
    assert home.answers_from() == "b"


def test_after_a_refresh_nobody_gets_the_old_snapshot() -> None:
    home = Home("a")
    home.answers_from()
    home.live = "b"
    assert home.answers_from() == "a"
    home.chat.refresh()
    assert home.answers_from() == "b"


def test_a_refresh_waits_for_an_opening_that_is_under_way() -> None:
    home = Home("a")
    home.answers_from()
    home.may_open.clear()
    home.live = "b"
    opening = threading.Thread(target=home.chat.refresh)
    opening.start()
    while len(home.opened) < 2:
        time.sleep(0.001)
    home.live = "c"
    threading.Timer(0.05, home.may_open.set).start()
    home.chat.refresh()
    assert home.answers_from() == "c"
    opening.join()


def test_a_first_ingestion_is_picked_up() -> None:
    home = Home(None)
    with pytest.raises(SnapshotMissing, match="nothing is live"):
        home.answers_from()
    home.live = "a"
    assert home.answers_from() == "a"
    assert home.chat.failure is None


def test_a_failing_reopen_keeps_the_old_snapshot_and_is_told() -> None:
    home = Home("a")
    home.answers_from()
    home.live, home.corrupt = "b", True
    home.chat.refresh()
    assert home.answers_from() == "a"
    assert str(home.chat.failure) == "snapshot b is damaged"


def test_a_failing_reopen_is_not_tried_again_at_once() -> None:
    home = Home("a")
    home.answers_from()
    home.live, home.corrupt = "b", True
    home.chat.refresh()
    home.corrupt = False
    home.now_s += REREAD_AFTER_S
    home.chat.refresh()
    assert home.answers_from() == "a"
    home.now_s += RETRY_AFTER_S
    home.chat.refresh()
    assert home.answers_from() == "b"
    assert home.opened == ["a", "b", "b"]


def test_yet_another_snapshot_is_tried_at_once_after_a_failure() -> None:
    home = Home("a")
    home.answers_from()
    home.live, home.corrupt = "b", True
    home.chat.refresh()
    home.live, home.corrupt = "c", False
    home.chat.refresh()
    assert home.answers_from() == "c"


def test_going_back_to_the_open_snapshot_ends_a_failure() -> None:
    home = Home("a")
    home.answers_from()
    home.live, home.corrupt = "b", True
    home.chat.refresh()
    home.live = "a"
    home.chat.refresh()
    assert home.chat.failure is None
    assert home.opened == ["a", "b"]


def test_every_caller_gets_an_exception_of_its_own() -> None:
    home = Home(None)
    with pytest.raises(SnapshotMissing) as first:
        home.answers_from()
    with pytest.raises(SnapshotMissing) as second:
        home.answers_from()
    assert first.value is not second.value


def test_what_is_derived_is_made_once_for_every_snapshot_and_before_it_is_used() -> None:
    home = Home("a")
    made: list[str] = []

    def derive(chat: FakeChat) -> str:
        made.append(chat.index.snapshot_id)
        return f"table of {chat.index.snapshot_id}"

    for _ in range(2):
        assert home.chat.derived(home.chat.chat(), derive) == "table of a"
    home.live = "b"
    home.chat.refresh()
    assert made == ["a", "b"]
    assert home.chat.derived(home.chat.chat(), derive) == "table of b"
    assert made == ["a", "b"]


def test_a_replaced_chat_is_forgotten_although_it_refers_to_itself() -> None:
    home = Home("a")
    old = home.chat.chat()
    old.own = old
    home.chat.derived(old, lambda chat: [chat.index])
    forgotten = weakref.ref(old)
    del old
    gc.disable()
    try:
        home.live = "b"
        home.chat.refresh()
    finally:
        gc.enable()
    assert forgotten() is None


def test_the_file_of_the_live_snapshot_is_read_only_when_it_changed(tmp_path: Path) -> None:
    current, reads = tmp_path / "CURRENT", []

    def read() -> str | None:
        reads.append(current.exists())
        return current.read_text() if current.exists() else None

    watched = WatchedId(current, read)
    assert [watched(), watched()] == [None, None]
    current.write_text("a")
    assert [watched(), watched()] == ["a", "a"]
    aside = tmp_path / "aside"
    aside.write_text("b")
    os.replace(aside, current)  # noqa: PTH105
    assert watched() == "b"
    assert reads == [False, True, True]
