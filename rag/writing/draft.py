"""The noun Draft: an answer in the making, and how it came to be so far."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from rag.chat import Chat
from rag.citations import CitationList
from rag.inquiry import Inquiry
from rag.models.generator import Ending, Message
from rag.writing.answer_event import AnswerEvent, Cited, Delta, Finished, Trace
from rag.writing.pieces import Piece
from rag.writing.release import MARKED, Release
from rag.writing.repeats import Repeats

_THOUGHT = "thought aloud before its answer, and part of that stands above it"
_ENOUGH = "was stopped where the request ends the answer"
_MARK_IMITATED = re.compile(
    rf"(?i)\s{{0,3}}[*_]{{0,3}}[(\[（［]\s*{re.escape(MARKED.strip('*()'))}[\s.]*[)\]）］][*_]{{0,3}}"
)

Enough = Callable[[str, Callable[[str], int]], Ending | None]
"""Takes the text as it grows and a counter of tokens; tells how it ends once no more is wanted."""


@dataclass(slots=True)
class Draft:
    """An answer in the making.

    Attributes:
        failure: why the model did not deliver, or "".
        cut: why its text is no whole answer, as in "the model {cut}", or "".
        has_thought_aloud: whether its text begins with what the model only thought.
        enough: tells when whoever asked takes no more of what the model writes.
    """

    chat: Chat
    inquiry: Inquiry
    citations: CitationList = field(default_factory=CitationList)
    text: str = ""
    raw: list[str] = field(default_factory=list)
    prompt: tuple[Message, ...] = ()
    release: Release | None = None
    failure: str = ""
    failure_kind: str = ""
    ending: Ending = Ending.STOP
    cut: str = ""
    has_thought_aloud: bool = False
    enough: Enough | None = None
    repeats: Repeats = field(default_factory=Repeats)
    cited: int = 0
    begun_s: float = field(default_factory=time.perf_counter)
    timings_ms: dict[str, float] = field(default_factory=dict)

    def check(self, release: Release, piece: Piece) -> Iterator[AnswerEvent]:
        """Yield what a piece of the model's text adds to the answer, if anything."""
        new = self.repeats.new(piece)
        if new is None:
            return
        text = release.feed(replace(new, text=_MARK_IMITATED.sub("", new.text)))
        if text:
            self.repeats.shown(new)
        yield from self.add(text)

    def cut_off(self, ending: Ending, why: str) -> None:
        """Note that the model's text is no whole answer."""
        self.ending, self.cut = ending, why

    def finished(self, model: str) -> Finished:
        """Return the end of an answer that a model wrote."""
        self.inquiry.watch.lap("generation")
        notice = f"{model} {_THOUGHT}" if self.has_thought_aloud else ""
        if self.cut:
            notice = f"{model} {self.cut}; the answer may be incomplete"
        answer = self.chat.answered(self.inquiry, self.text, self.citations, model, notice)
        return Finished(answer, self.trace(), self.ending)

    def add(self, text: str) -> Iterator[AnswerEvent]:
        """Append released text; yield it with the citations that are new in it."""
        if not text:
            return
        self.mark("first_release")
        self.text += text
        ending = self.enough and self.enough(text, self.chat.embedder.count_tokens)
        if ending:
            self.cut_off(ending, _ENOUGH)
        yield Delta(text)
        citations = self.citations.citations()
        yield from map(Cited, citations[self.cited :])
        self.cited = len(citations)

    def mark(self, event: str) -> None:
        """Note when something happened for the first time, in milliseconds since retrieval."""
        since_ms = round((time.perf_counter() - self.begun_s) * 1e3, 3)
        self.timings_ms.setdefault(f"{event}_ms", since_ms)

    def trace(self) -> Trace:
        """Return how the answer came to be so far."""
        judged = self.release.judged if self.release else []
        return Trace(
            self.prompt,
            "".join(self.raw),
            tuple(one.to_json() for one in judged),
            self.failure,
            self.failure_kind,
            self.timings_ms,
        )
