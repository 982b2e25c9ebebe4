"""The story of one answer as it is written: found, generated, verified, released.

Retrieval and verification are synchronous and run where the caller says (`run`, a bounded pool);
only waiting for the language model is asynchronous. An answer that is not streamed goes the same
way, so it has the same text and the same citations.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from rag.answer import Answer
from rag.characters import visible
from rag.chat import Chat
from rag.citations import CitationList
from rag.errors import GenerationFailed, QuestionInvalid
from rag.inquiry import Inquiry
from rag.models.generator import Generator, Message
from rag.settings import Settings
from rag.turn import Turn
from rag.writing.answer_event import AnswerEvent, Cited, Delta, Finished, Found, Status, Trace
from rag.writing.context import choose_sources
from rag.writing.known_words import KnownWords
from rag.writing.pieces import Piece, PieceCutter
from rag.writing.prompt import (
    History,
    recent_turns,
    source_budget,
    write_prompt,
    write_rewrite_prompt,
)
from rag.writing.release import Policy, Release

T = TypeVar("T")

BEGINNING, VERIFYING = 1, 2  # degrees of patience
LONGEST_REWRITE_CHARS = 500
LONGEST_ANSWER_CHARS = 60_000  # a model that goes on after it is not listened to
_BLOCK = re.compile(r"\n\n|\n(?=[-|\d*])")
_NO_ROOM = "a context of {tokens} tokens has no room for a source"
_NOTHING_SHOWN = "nothing of what {model} wrote is supported by the sources"


class Run(Protocol):
    """Runs synchronous work on the live Chat, somewhere that does not block the event loop."""

    def __call__(self, work: Callable[[Chat], T], patience: int = 0) -> Awaitable[T]:
        """Return what `work` returns; what has more `patience` may wait until others are served."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what came before it.

    Attributes:
        question: as it was asked.
        turns: the turns before it, for the resolver; or
        said: the same as (role, text) pairs, when only their texts are left.
        history: (question, answer) pairs for a model's prompt, the oldest first.
    """

    question: str
    turns: Sequence[Turn] = ()
    said: Sequence[tuple[str, str]] = ()
    history: History = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language model is used."""

    policy: Policy = Policy.WITHHOLD
    context_tokens: int = 6000
    rewrites: bool = False  # whether the model makes follow-up questions complete

    @classmethod
    def of(cls, settings: Settings) -> Writing:
        """Return what the settings say."""
        return cls(
            Policy(settings.unsupported),
            settings.llm_context_tokens,
            rewrites=settings.follow_ups == "model",
        )


@dataclass(slots=True)
class _Draft:
    """An answer in the making."""

    chat: Chat
    inquiry: Inquiry
    citations: CitationList = field(default_factory=CitationList)
    text: str = ""
    raw: list[str] = field(default_factory=list)
    prompt: tuple[Message, ...] = ()
    release: Release | None = None
    failure: str = ""
    failure_kind: str = ""
    cited: int = 0
    begun_s: float = field(default_factory=time.perf_counter)
    timings_ms: dict[str, float] = field(default_factory=dict)

    def add(self, text: str) -> Iterator[AnswerEvent]:
        """Append released text; yield it with the citations that are new in it."""
        if not text:
            return
        self.mark("first_release")
        self.text += text
        yield Delta(text)
        citations = self.citations.citations()
        yield from map(Cited, citations[self.cited :])
        self.cited = len(citations)

    def mark(self, event: str) -> None:
        """Note when something happened for the first time, in milliseconds since retrieval."""
        since_ms = round((time.perf_counter() - self.begun_s) * 1e3, 3)
        self.timings_ms.setdefault(f"{event}_ms", since_ms)

    def trace(self) -> Trace:
        judged = self.release.judged if self.release else []
        return Trace(
            self.prompt,
            "".join(self.raw),
            tuple(one.to_json() for one in judged),
            self.failure,
            self.failure_kind,
            self.timings_ms,
        )


class Answering:
    """Answers questions, with a language model when there is one. Safe for many at once."""

    def __init__(self, run: Run, generator: Generator | None, writing: Writing) -> None:
        self._run = run
        self._generator = generator
        self._writing = writing

    async def events(self, asked: Asked) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what happens while a question is answered; closing it cancels the model.

        Raises:
            QuestionEmpty, QuestionTooLong: before anything is yielded but the first status.
        """
        yield Status("searching")
        rewritten = await self._rewritten(asked)
        draft = await self._run(lambda chat: _begin(chat, asked, rewritten), BEGINNING)
        inquiry = draft.inquiry
        yield Found(
            inquiry.standalone_question,
            inquiry.answerable,
            round(inquiry.probability, 4),
            inquiry.hits,
            inquiry.nearest_terms,
        )
        if self._generator is None or not inquiry.answerable:
            for event in await self._quoted(draft):
                yield event
            return
        yield Status("writing", self._generator.name)
        try:
            async with aclosing(self._written(draft, self._generator, asked)) as written:
                async for event in written:
                    yield event
        except GenerationFailed as failure:
            draft.failure = str(failure)
            draft.failure_kind = type(failure).__name__
        if not draft.text and not draft.failure:
            draft.failure = _NOTHING_SHOWN.format(model=self._generator.name)
        if draft.failure:
            yield Status("quoting")
            for event in await self._quoted(draft):
                yield event
            return
        yield await self._run(lambda _: _finished(draft, self._model_name))

    @property
    def _model_name(self) -> str:
        return self._generator.name if self._generator else ""

    async def _rewritten(self, asked: Asked) -> str | None:
        """Return the question as the model completes it, or None: the resolver does it then."""
        if not (self._generator and self._writing.rewrites and asked.history):
            return None
        said: list[str] = []
        history = recent_turns(asked.history, self._writing.context_tokens)
        prompt = write_rewrite_prompt(asked.question, history)
        try:
            async with aclosing(self._generator.stream(prompt)) as pieces:
                async for piece in pieces:
                    said.append(_without_halves(piece))
                    if sum(map(len, said)) > LONGEST_REWRITE_CHARS:
                        return None
        except GenerationFailed:
            return None
        text = visible("".join(said))
        lines = [line.strip(' "*') for line in text.splitlines() if line.strip()]
        return lines[-1] if lines and any(map(str.isalnum, lines[-1])) else None

    async def _written(
        self, draft: _Draft, generator: Generator, asked: Asked
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what the model writes, each piece once it is verified."""
        release = await self._run(
            lambda _: _prepare(draft, asked.history, self._writing), BEGINNING
        )
        if release is None:
            draft.failure = _NO_ROOM.format(tokens=self._writing.context_tokens)
            return
        cutter = PieceCutter()
        written = 0
        async with aclosing(generator.stream(draft.prompt)) as texts:
            async for received in texts:
                text = _without_halves(received)
                draft.mark("first_token")
                draft.raw.append(text)
                written += len(text)
                if pieces := cutter.feed(text):
                    for event in await self._released(draft, release, pieces):
                        yield event
                if written > LONGEST_ANSWER_CHARS:
                    return
        if pieces := cutter.finish():
            for event in await self._released(draft, release, pieces):
                yield event
        draft.mark("generation")

    async def _released(
        self, draft: _Draft, release: Release, pieces: Sequence[Piece]
    ) -> list[AnswerEvent]:
        def check(_: Chat) -> list[AnswerEvent]:
            return [event for piece in pieces for event in draft.add(release.feed(piece))]

        return await self._run(check, VERIFYING)

    async def _quoted(self, draft: _Draft) -> list[AnswerEvent]:
        """Answer with quotes: all of it, or what follows on the text a model left unfinished."""

        def quote(_: Chat) -> list[AnswerEvent]:
            answer = draft.chat.quote(draft.inquiry, draft.citations, draft.text)
            answer = _noticed(answer, draft.failure)
            return [*_pieces_of(answer, draft), Finished(answer, draft.trace())]

        return await self._run(quote)


def _without_halves(text: str) -> str:
    """Leave out halves of characters (lone surrogates), which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def _begin(chat: Chat, asked: Asked, rewritten: str | None) -> _Draft:
    turns = asked.turns or (chat.turns_of(asked.said) if asked.said else ())
    if rewritten:
        try:
            return _Draft(chat, chat.inquire(asked.question, turns, rewritten))
        except QuestionInvalid:
            pass
    return _Draft(chat, chat.inquire(asked.question, turns))


def _prepare(draft: _Draft, history: History, writing: Writing) -> Release | None:
    """Choose the sources, write the prompt, and make what will check the answer.

    None when not one passage fits into the context of the model.
    """
    question = draft.inquiry.standalone_question
    history = recent_turns(history, writing.context_tokens)
    budget = source_budget(writing.context_tokens, question, history)
    sources = choose_sources(draft.chat.index, draft.inquiry, budget)
    if not sources:
        return None
    draft.prompt = tuple(write_prompt(question, sources, history))
    known_words = KnownWords(draft.chat.index, draft.chat.terms, draft.inquiry.question, sources)
    draft.release = Release(
        draft.chat.verifier, known_words, sources, writing.policy, draft.citations
    )
    draft.inquiry.watch.lap("prompt")
    draft.mark("asked")
    return draft.release


def _finished(draft: _Draft, model: str) -> Finished:
    draft.inquiry.watch.lap("generation")
    answer = draft.chat.answered(draft.inquiry, draft.text, draft.citations, model)
    return Finished(answer, draft.trace())


def _noticed(answer: Answer, failure: str) -> Answer:
    if not failure:
        return answer
    return replace(answer, notice=f"{failure}; what stands here instead are quotes")


def _pieces_of(answer: Answer, draft: _Draft) -> Iterator[AnswerEvent]:
    """Yield the text of a composed answer block by block, each citation after its marker."""
    rest = answer.text[len(draft.text) :]
    shown = {citation.number for citation in answer.citations[: draft.cited]}
    start = 0
    ends = [*(match.end() for match in _BLOCK.finditer(rest)), len(rest)]
    for end in ends:
        block, start = rest[start:end], end
        if not block:
            continue
        yield Delta(block)
        for citation in answer.citations:
            if citation.number not in shown and f"[{citation.number}]" in block:
                shown.add(citation.number)
                yield Cited(citation)
