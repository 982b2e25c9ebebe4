"""The story of one answer as it is written: found, generated, verified, released.

Retrieval and verification are synchronous and run where the caller says (`run`, a bounded pool);
only waiting for the language model is asynchronous. An answer that is not streamed goes the same
way, so it has the same text and the same citations.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from rag.answer import Answer
from rag.chat import Chat
from rag.errors import GenerationFailed, QuestionInvalid
from rag.models.generator import CutOff, Ending, Generator
from rag.settings import Settings
from rag.turn import Turn
from rag.writing.answer_event import AnswerEvent, Cited, Delta, Finished, Found, Status
from rag.writing.context import choose_sources
from rag.writing.draft import Draft, Enough
from rag.writing.known_words import KnownWords
from rag.writing.prompt import (
    History,
    recent_turns,
    source_budget,
    write_prompt,
    write_rewrite_prompt,
)
from rag.writing.reading import BEGINNING, Reading, Run, without_halves
from rag.writing.release import Policy, Release
from rag.writing.rewriting import asks_the_same, read_rewritten
from rag.writing.thoughts import Thoughts

LONGEST_REWRITE_CHARS = 500
_BLOCK = re.compile(r"\n\n|\n(?=[-|\d*])")
_NO_ROOM = "a context of {tokens} tokens has no room for a source"
_NOTHING_SHOWN = "nothing of what {model} wrote is supported by the sources"
_CUTS = {
    Ending.LENGTH: "stopped at its limit of length (at most {tokens} tokens)",
    Ending.FILTERED: "was cut off by a content filter",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what came before it.

    Attributes:
        question: as it was asked.
        turns: the turns before it, for the resolver; or
        said: the same as (role, text) pairs, when only their texts are left.
        history: (question, answer) pairs for a model's prompt, the oldest first.
        enough: tells when no more of what a model writes is wanted; None: all of it is.
    """

    question: str
    turns: Sequence[Turn] = ()
    said: Sequence[tuple[str, str]] = ()
    history: History = ()
    enough: Enough | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """How a language model is used.

    Attributes:
        policy: what becomes of what no source supports.
        context_tokens: how long a prompt may be.
        rewrites: whether the model makes follow-up questions complete.
        max_tokens: longest answer, as the model was told.
        total_s: how long an answer is read and checked from its first text on.
    """

    policy: Policy = Policy.WITHHOLD
    context_tokens: int = 6000
    rewrites: bool = False
    max_tokens: int = 800
    total_s: float = 120

    @classmethod
    def of(cls, settings: Settings) -> Writing:
        """Return what the settings say."""
        return cls(
            Policy(settings.unsupported),
            settings.llm_context_tokens,
            rewrites=settings.follow_ups == "model",
            max_tokens=settings.llm_max_tokens,
            total_s=settings.llm_total_s,
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
        except CutOff as cut:
            why = _CUTS[cut.ending].format(tokens=self._writing.max_tokens)
            draft.cut_off(cut.ending, why)
        if not draft.text and not draft.failure:
            draft.failure = _nothing_shown(draft, self._generator.name)
        if draft.failure:
            yield Status("quoting")
            for event in await self._quoted(draft):
                yield event
            return
        yield await self._run(lambda _: draft.finished(self._model_name))

    @property
    def _model_name(self) -> str:
        return self._generator.name if self._generator else ""

    async def _rewritten(self, asked: Asked) -> str | None:
        """Return the question as the model completes it, or None: the resolver does it then."""
        if not (self._generator and self._writing.rewrites and asked.history):
            return None
        said = ""
        thoughts = Thoughts()
        history = recent_turns(asked.history, self._writing.context_tokens)
        prompt = write_rewrite_prompt(asked.question, history)
        try:
            async with aclosing(self._generator.stream(prompt)) as pieces:
                async for piece in pieces:
                    new = thoughts.feed(without_halves(piece))
                    said = new if thoughts.starts_over else said + new
                    if len(said) > LONGEST_REWRITE_CHARS or thoughts.is_endless:
                        return None
        except (GenerationFailed, CutOff):
            return None
        return read_rewritten(said + thoughts.finish()) or None

    async def _written(
        self, draft: Draft, generator: Generator, asked: Asked
    ) -> AsyncGenerator[AnswerEvent, None]:
        """Yield what the model writes, each piece once it is verified."""
        release = await self._run(
            lambda _: _prepare(draft, asked.history, self._writing), BEGINNING
        )
        if release is None:
            draft.failure = _NO_ROOM.format(tokens=self._writing.context_tokens)
            return
        draft.enough = asked.enough
        reading = Reading(draft, release, self._run, self._writing.total_s)
        async with aclosing(generator.stream(draft.prompt)) as texts:
            async for received in texts:
                async for event in reading.feed(received):
                    yield event
                if draft.cut:
                    return
        async for event in reading.finish():
            yield event
        draft.mark("generation")

    async def _quoted(self, draft: Draft) -> list[AnswerEvent]:
        """Answer with quotes: all of it, or what follows on the text a model left unfinished."""

        def quote(_: Chat) -> list[AnswerEvent]:
            answer = draft.chat.quote(draft.inquiry, draft.citations, draft.text)
            answer = _noticed(answer, draft.failure)
            return [*_pieces_of(answer, draft), Finished(answer, draft.trace())]

        return await self._run(quote)


def _begin(chat: Chat, asked: Asked, rewritten: str | None) -> Draft:
    turns = asked.turns or (chat.turns_of(asked.said) if asked.said else ())
    if rewritten and asks_the_same(chat.index, asked.question, rewritten, asked.history):
        try:
            return Draft(chat, chat.inquire(asked.question, turns, rewritten))
        except QuestionInvalid:
            pass
    return Draft(chat, chat.inquire(asked.question, turns))


def _prepare(draft: Draft, history: History, writing: Writing) -> Release | None:
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


def _nothing_shown(draft: Draft, model: str) -> str:
    """Return why nothing of what a model wrote is shown."""
    if draft.cut:
        return f"{model} {draft.cut} before anything could be shown"
    return _NOTHING_SHOWN.format(model=model)


def _noticed(answer: Answer, failure: str) -> Answer:
    if not failure:
        return answer
    told = (failure, "what stands here instead are quotes", answer.notice)
    return replace(answer, notice="; ".join(filter(None, told)))


def _pieces_of(answer: Answer, draft: Draft) -> Iterator[AnswerEvent]:
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
