"""The noun LiveChat: the Chat on whatever snapshot is live, reopened when another one goes live."""

from __future__ import annotations

import gc
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from api.errors import EXPECTED
from rag.chat import Chat

WATCH_EVERY_S = 0.25
REREAD_AFTER_S = 1.0
RETRY_AFTER_S = 10.0

_log = logging.getLogger("aifactory")
T = TypeVar("T")


class LiveChat:
    """Hands out the open Chat. Safe to use from several threads.

    Every call looks whether another snapshot is live. One that is gets opened by the thread of
    `watching`, which looks by itself too; until it is open, everybody goes on with the Chat that
    is. `refresh` opens it at once. A failure keeps the old Chat, is told by `failure`, and is tried
    again after `RETRY_AFTER_S` seconds, or as soon as yet another snapshot is live.
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
        self._noticed = threading.Event()
        self._chat: Chat | None = None
        self._failure: Exception | None = None
        self._failed_id: str | None = None
        self._next_try = float("-inf")
        self._derived: WeakKeyDictionary[Chat, dict[Callable[[Chat], Any], Any]]
        self._derived = WeakKeyDictionary()

    @property
    def failure(self) -> Exception | None:
        """Why the live snapshot could not be opened, or None when it is open."""
        return self._failure

    @property
    def snapshot_id(self) -> str | None:
        """The snapshot that is open, or None."""
        chat = self._chat
        return chat.index.snapshot_id if chat else None

    def chat(self) -> Chat:
        """Return the open Chat; raise why there is none."""
        if self._chat is None:
            self.refresh()
        elif self._is_due():
            self._noticed.set()
        if self._chat is None:
            raise _copy(self._failure)
        return self._chat

    def refresh(self) -> None:
        """Open what is live unless it is open; afterwards nobody gets an older Chat."""
        with self._lock:
            if self._is_due():
                self._open()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Keep a thread that opens whatever goes live, also when nobody asks."""
        stop = threading.Event()
        thread = threading.Thread(target=self._watch, args=(stop,), name="live", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            self._noticed.set()
            thread.join()

    def derived(self, chat: Chat, make: Callable[[Chat], T]) -> T:
        """Return `make(chat)`, made once for every Chat and forgotten with it.

        What is made must not hold the Chat itself.
        """
        made = self._derived.setdefault(chat, {})
        if make not in made:
            made[make] = make(chat)
        value: T = made[make]
        return value

    def _watch(self, stop: threading.Event) -> None:
        while not stop.is_set():
            self._noticed.wait(WATCH_EVERY_S)
            self._noticed.clear()
            if not stop.is_set():
                self.refresh()

    def _is_due(self) -> bool:
        """Tell whether the live snapshot is to be opened now."""
        try:
            live_id = self._live_id()
        except Exception:  # noqa: BLE001  opening meets it again, and keeps it
            return self._clock() >= self._next_try
        if self._failure is None:
            return self._chat is None or live_id != self._chat.index.snapshot_id
        return live_id != self._failed_id or self._clock() >= self._next_try

    def _open(self) -> None:
        live_id = None
        try:
            live_id = self._live_id()
            if self._chat is None or live_id != self._chat.index.snapshot_id:
                self._replace(self._open_chat())
            self._failure = None
        except Exception as failure:  # noqa: BLE001  kept, told by /health/ready and logged
            self._keep(failure)
            self._failed_id = live_id
            self._next_try = self._clock() + (RETRY_AFTER_S if live_id else REREAD_AFTER_S)

    def _replace(self, chat: Chat) -> None:
        """Hand out another Chat, with everything derived of it that was derived of the old one."""
        old, made = self._chat, {}
        if old is not None:
            made = {make: make(chat) for make in list(self._derived.get(old, {}))}
        self._derived[chat] = made
        self._chat = chat
        if old is not None:
            del old
            gc.collect()  # a Chat refers to itself; without this its memory stays for long

    def _keep(self, failure: Exception) -> None:
        if repr(failure) != repr(self._failure):
            unexpected = failure if not isinstance(failure, EXPECTED) else None
            _log.warning("cannot open the live snapshot: %s", failure, exc_info=unexpected)
        self._failure = failure


class WatchedId:
    """Tells which snapshot is live; reads the file that says so only when it changed.

    As two changes within one tick of the file system's clock may look alike, it is read again
    after `REREAD_AFTER_S` seconds in any case.
    """

    def __init__(self, path: Path, read: Callable[[], str | None]) -> None:
        self._path = path
        self._read = read
        self._known: tuple[tuple[int, ...], float, str | None] | None = None

    def __call__(self) -> str | None:
        """Return the id of the live snapshot; None when none is."""
        known, seen, now = self._known, _signature(self._path), time.monotonic()
        if known is None or known[0] != seen or now - known[1] >= REREAD_AFTER_S:
            known = (seen, now, self._read())
            self._known = known
        return known[2]


def _signature(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_ino, found.st_size


def _copy(failure: Exception | None) -> Exception:
    """Return an exception of one's own: a shared one would gather the tracebacks of all threads."""
    if isinstance(failure, EXPECTED):
        return type(failure)(*failure.args)
    return RuntimeError(f"the live snapshot cannot be opened: {failure!r}")
