from __future__ import annotations

import pytest

from api.live import CHECK_EVERY_S, RETRY_AFTER_S, LiveChat
from indexes.errors import SnapshotCorrupt, SnapshotMissing
from tests.api.fake_chat import FakeChat


class Home:
    """A home whose live snapshot the test sets, with a clock that the test moves."""

    def __init__(self, live: str | None) -> None:
        self.live = live
        self.corrupt = False
        self.now_s = 100.0
        self.opened: list[str | None] = []
        self.chat = LiveChat(self._open, lambda: self.live, lambda: self.now_s)

    def _open(self) -> FakeChat:
        self.opened.append(self.live)
        if self.live is None:
            raise SnapshotMissing("nothing is live; run `aifactory ingest`")
        if self.corrupt:
            raise SnapshotCorrupt(f"snapshot {self.live} is damaged")
        return FakeChat(self.live)

    def answers_from(self) -> str:
        return self.chat.chat().index.snapshot_id


def test_the_snapshot_is_opened_once() -> None:
    home = Home("a")
    assert [home.answers_from() for _ in range(3)] == ["a", "a", "a"]
    assert home.opened == ["a"]


def test_a_new_snapshot_is_picked_up_at_the_next_check() -> None:
    home = Home("a")
    home.answers_from()
    home.live = "b"
    assert home.answers_from() == "a"
    home.now_s += CHECK_EVERY_S
    assert home.answers_from() == "b"


def test_a_first_ingestion_is_picked_up() -> None:
    home = Home(None)
    with pytest.raises(SnapshotMissing, match="nothing is live"):
        home.answers_from()
    home.live = "a"
    home.now_s += CHECK_EVERY_S
    assert home.answers_from() == "a"
    assert home.chat.failure is None


def test_a_failing_reopen_keeps_the_old_snapshot_and_is_told() -> None:
    home = Home("a")
    home.answers_from()
    home.live, home.corrupt = "b", True
    home.now_s += CHECK_EVERY_S
    assert home.answers_from() == "a"
    assert str(home.chat.failure) == "snapshot b is damaged"


def test_a_failing_reopen_is_not_tried_again_at_once() -> None:
    home = Home("a")
    home.answers_from()
    home.live, home.corrupt = "b", True
    home.now_s += CHECK_EVERY_S
    home.answers_from()
    home.corrupt = False
    home.now_s += CHECK_EVERY_S
    assert home.answers_from() == "a"
    home.now_s += RETRY_AFTER_S
    assert home.answers_from() == "b"
    assert home.opened == ["a", "b", "b"]


def test_every_caller_gets_an_exception_of_its_own() -> None:
    home = Home(None)
    with pytest.raises(SnapshotMissing) as first:
        home.answers_from()
    with pytest.raises(SnapshotMissing) as second:
        home.answers_from()
    assert first.value is not second.value
