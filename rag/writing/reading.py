"""The noun Reading: a model's text on its way through cutter and release, in jobs of bounded size.

However long a chunk is, the event loop and each thread of the pool are held for a moment only.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from rag.chat import Chat
from rag.models.generator import Ending
from rag.writing.answer_event import AnswerEvent
from rag.writing.draft import Draft
from rag.writing.pieces import Piece, PieceCutter
from rag.writing.release import Release
from rag.writing.thoughts import Thoughts

T = TypeVar("T")

BEGINNING, VERIFYING = 1, 2  # degrees of patience
LONGEST_ANSWER_CHARS = 60_000  # a model that goes on after it is not listened to
CUT_AT_ONCE_CHARS = 2000  # in one job of the pool
CUT_HERE_CHARS = 200  # on the event loop: less work than to hand it to a thread
CHECKED_AT_ONCE = 8  # pieces in one job of the pool
_TOO_LONG = f"was stopped after {LONGEST_ANSWER_CHARS} characters"
_TOO_SLOW = "was stopped after {seconds:g} s (AIFACTORY_LLM_TOTAL_S)"
_ENDLESS = "was stopped in the middle of its thoughts"
_UNENDED = "ended in the middle of its thoughts"


class Run(Protocol):
    """Runs synchronous work on the live Chat, somewhere that does not block the event loop."""

    def __call__(self, work: Callable[[Chat], T], patience: int = 0) -> Awaitable[T]:
        """Return what `work` returns; what has more `patience` may wait until others are served."""
        ...


class Reading:
    """Reads one answer; `draft.cut` tells when no more of it is wanted.

    Args:
        draft: what grows.
        release: what checks each piece.
        run: where cutting and checking are done.
        longest_s: seconds from the first text until the rest is left out.
    """

    def __init__(self, draft: Draft, release: Release, run: Run, longest_s: float) -> None:
        self._draft = draft
        self._release = release
        self._run = run
        self._longest_s = longest_s
        self._stop_at_s = float("inf")
        self._cutter = PieceCutter()
        self._thoughts = Thoughts()
        self._left_chars = LONGEST_ANSWER_CHARS

    async def feed(self, received: str) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what a chunk of the model's text adds to the answer."""
        if self._stop_at_s == float("inf"):
            self._draft.mark("first_token")
            self._stop_at_s = time.monotonic() + self._longest_s
        text = self._taken(received)
        for start in range(0, len(text), CUT_AT_ONCE_CHARS):
            pieces = await self._cut(text[start : start + CUT_AT_ONCE_CHARS])
            async for event in self._checked(pieces):
                yield event
            if self._draft.cut:
                return
        if not self._left_chars:
            self._draft.cut_off(Ending.LENGTH, _TOO_LONG)

    async def finish(self) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what the end of the text adds, when the model says that it is the end."""
        if self._thoughts.is_thinking:
            self._draft.cut_off(Ending.LENGTH, _UNENDED)
            return
        self._draft.enough = None  # nothing is left to stop
        pieces = [*self._cutter.feed(self._thoughts.finish()), *self._cutter.finish()]
        async for event in self._checked(pieces):
            yield event

    def _taken(self, received: str) -> str:
        """Return what of a chunk is still read, without thoughts and halves of characters."""
        text = without_halves(received)
        self._draft.raw.append(text)
        answer = self._thoughts.feed(text)
        if self._thoughts.starts_over:
            self._start_over()
        answer = answer[: self._left_chars]
        self._left_chars -= len(answer)
        if self._thoughts.is_endless:
            self._draft.cut_off(Ending.LENGTH, _ENDLESS)
        return answer

    def _start_over(self) -> None:
        """Forget what is not shown yet: it was thought, not said."""
        self._draft.has_thought_aloud = bool(self._draft.text)
        self._cutter = PieceCutter()
        self._release.start_over()
        self._left_chars = LONGEST_ANSWER_CHARS

    async def _cut(self, text: str) -> Sequence[Piece]:
        if len(text) <= CUT_HERE_CHARS:
            return self._cutter.feed(text)
        return await self._run(lambda _: self._cutter.feed(text), VERIFYING)

    async def _checked(self, pieces: Sequence[Piece]) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what pieces add to the answer; those that come too late add nothing."""
        for start in range(0, len(pieces), CHECKED_AT_ONCE):
            if time.monotonic() > self._stop_at_s:
                self._draft.cut_off(Ending.LENGTH, _TOO_SLOW.format(seconds=self._longest_s))
                return
            for event in await self._run(
                self._job(pieces[start : start + CHECKED_AT_ONCE]), VERIFYING
            ):
                yield event
            if self._draft.cut:
                return

    def _job(self, pieces: Sequence[Piece]) -> Callable[[Chat], list[AnswerEvent]]:
        def check(_: Chat) -> list[AnswerEvent]:
            events: list[AnswerEvent] = []
            for piece in pieces:
                if not self._draft.cut:
                    events += self._draft.check(self._release, piece)
            return events

        return check


def without_halves(text: str) -> str:
    """Leave out halves of characters (lone surrogates), which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "ignore").decode("utf-8")
