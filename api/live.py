"""The noun LiveChat: the Chat on whatever snapshot is live, reopened when another one goes live."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from api.errors import EXPECTED
from rag.chat import Chat

CHECK_EVERY_S = 1.0
RETRY_AFTER_S = 10.0

_log = logging.getLogger("aifactory")


class LiveChat:
    """Hands out the open Chat. Safe to use from several threads.

    At most every `CHECK_EVERY_S` seconds one caller looks which snapshot is live and reopens when
    it changed; the others go on with the Chat that is open. A failure keeps the old Chat, is told
    by `failure`, and is tried again after `RETRY_AFTER_S` seconds.
    """

    def __init__(
        self,
        open_chat: Callable[[], Chat],
        live_id: Callable[[], str | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_chat = open_chat
        self._live_id = live_id
        self._clock = clock
        self._lock = threading.Lock()
        self._chat: Chat | None = None
        self._failure: Exception | None = None
        self._next_check = float("-inf")

    @property
    def failure(self) -> Exception | None:
        """Why the live snapshot could not be opened, or None when it is open."""
        return self._failure

    def chat(self) -> Chat:
        """Return the open Chat; raise why there is none."""
        if self._clock() >= self._next_check and self._lock.acquire(blocking=self._chat is None):
            try:
                self._check()
            finally:
                self._lock.release()
        if self._chat is None:
            raise _copy(self._failure)
        return self._chat

    def _check(self) -> None:
        if self._clock() < self._next_check:
            return  # another thread has just looked
        pause_s = CHECK_EVERY_S
        try:
            live_id = self._live_id()
            if self._chat is None or live_id != self._chat.index.snapshot_id:
                pause_s = RETRY_AFTER_S if live_id else CHECK_EVERY_S
                self._chat = self._open_chat()
                pause_s = CHECK_EVERY_S
            self._failure = None
        except Exception as failure:  # noqa: BLE001  kept, told by /health/ready and logged
            self._keep(failure)
        self._next_check = self._clock() + pause_s

    def _keep(self, failure: Exception) -> None:
        if repr(failure) != repr(self._failure):
            unexpected = failure if not isinstance(failure, EXPECTED) else None
            _log.warning("cannot open the live snapshot: %s", failure, exc_info=unexpected)
        self._failure = failure


def _copy(failure: Exception | None) -> Exception:
    """Return an exception of one's own: a shared one would gather the tracebacks of all threads."""
    if isinstance(failure, EXPECTED):
        return type(failure)(*failure.args)
    return RuntimeError(f"the live snapshot cannot be opened: {failure!r}")
