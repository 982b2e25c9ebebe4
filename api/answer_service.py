"""The noun AnswerService: one question over HTTP, from its words to a stored answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from api.answer_note import AnswerNote
from api.dependencies import ChatPool
from api.errors import RequestInvalid, ScopeNeeded, StreamGone, TookTooLong
from api.model_failure import for_clients
from api.observing.metrics import Metrics
from api.streams.broadcast import STOPPED, Broadcast
from rag.answer import Verdict
from rag.errors import AnswerMissing, ModelUnavailable
from rag.models.generator import Generator
from rag.quoting.extractive import MODEL as EXTRACTIVE
from rag.settings import Settings
from rag.storing.answer_record import AnswerRecord
from rag.storing.answers import Answers
from rag.storing.conversation import ConversationPage
from rag.storing.conversations import Conversations
from rag.storing.database import Database
from rag.storing.feedbacks import Feedbacks
from rag.storing.identifier import new_id
from rag.storing.underway import Underway
from rag.turn import exchanges
from rag.writing.answer_event import AnswerEvent, Finished
from rag.writing.answering import Answering, Asked, Writing
from rag.writing.draft import Enough
from rag.writing.prompt import HISTORY_TURNS

T = TypeVar("T")

DATABASE_THREADS = 4
CHECKED_FOR_S = 1.0  # how long a database that could be read counts as one that can

ToEvents = Callable[[Sequence[AnswerEvent]], list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question over HTTP.

    Attributes:
        question: as it was asked.
        owner: id of the API key that asks, or "".
        llm: who should answer; None: as configured.
        conversation_id: of the conversation; "" keeps none.
        begins: whether the conversation is a new one.
        said: what was said before, as (role, text) pairs, where the client keeps the conversation.
        answer_id: under which the answer is stored.
        enough: tells when no more of what a model writes is wanted; None: all of it is.
    """

    question: str
    owner: str
    llm: str | None = None
    conversation_id: str = ""
    begins: bool = False
    said: Sequence[tuple[str, str]] = ()
    answer_id: str = ""
    enough: Enough | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """The last event: the answer is complete and stored.

    Attributes:
        conversation_id: "" when no conversation is kept.
    """

    finished: Finished
    answer_id: str
    conversation_id: str


class AnswerService:
    """Answers questions over HTTP: searches, writes, verifies, stores, counts."""

    def __init__(
        self,
        pool: ChatPool,
        settings: Settings,
        generator: Generator | None,
        database: Database,
        metrics: Metrics,
    ) -> None:
        self.pool = pool
        self.settings = settings
        self.generator = generator
        self.conversations = Conversations(
            database, settings.conversation_turns, settings.conversation_days
        )
        self.answers = Answers(database)
        self.feedbacks = Feedbacks(database)
        self.underway = Underway(database)
        self.metrics = metrics
        self._database = database
        self._threads = CapacityLimiter(DATABASE_THREADS)
        self._checked_s = float("-inf")
        self._broadcasts: set[Broadcast[AnswerEvent | Stored]] = set()

    @property
    def models(self) -> tuple[str, ...]:
        """Return who can answer here, the configured one first."""
        return (self.generator.name, EXTRACTIVE) if self.generator else (EXTRACTIVE,)

    @property
    def snapshot_id(self) -> str:
        """Return the id of the snapshot that answers."""
        return self.pool.live.chat().index.snapshot_id

    def is_shared(self, owner: str) -> bool:
        """Tell whether strangers may have the same owner: then only an id leads anywhere."""
        return not owner and self.settings.keys == "open"

    async def list_conversations(
        self, owner: str, limit: int, after: str | None = None, search: str = ""
    ) -> ConversationPage:
        """Return a page of the owner's conversations; none where strangers may be the owner.

        Raises:
            RequestInvalid: `after` is no `next` of a page.
        """
        if self.is_shared(owner):
            return ConversationPage((), None)
        try:
            return await self.in_database(
                lambda: self.conversations.list(owner, limit, after, search)
            )
        except ValueError as error:
            raise RequestInvalid(f"query.after: {error}") from None

    async def delete_conversations(self, owner: str) -> None:
        """Delete every conversation of the owner.

        Raises:
            ScopeNeeded: strangers may be the owner.
        """
        if self.is_shared(owner):
            raise ScopeNeeded(
                "this server is open to everyone, who would all lose their conversations; "
                "delete them one by one, by their ids"
            )
        await self.in_database(lambda: self.conversations.delete_all(owner))

    async def in_database(self, work: Callable[[], T]) -> T:
        """Return `work()`, run in a thread beside those that answer."""
        return await to_thread.run_sync(work, limiter=self._threads)

    async def check_database(self) -> None:
        """Make sure that answers can be stored.

        Raises:
            DatabaseUnusable: they cannot.
        """
        if time.monotonic() - self._checked_s > CHECKED_FOR_S:
            await self.in_database(self._database.check)
            self._checked_s = time.monotonic()

    def check_model(self, llm: str | None) -> None:
        """Refuse a model that is not served here.

        Raises:
            ModelUnavailable: the message names those that are.
        """
        if llm not in (None, self.settings.llm, *self.models):
            served = " and ".join(map(repr, self.models))
            raise ModelUnavailable(f"llm {llm!r} is not served here; this server has {served}")

    def broadcast(
        self, ask: Ask, abandon_s: float, to_events: ToEvents | None = None
    ) -> Broadcast[AnswerEvent | Stored]:
        """Begin to answer; the events can be followed by several readers.

        With `to_events`, readers may come through other processes too, and stop it there.
        """
        events = self.events(ask, to_events)
        if to_events:
            note = AnswerNote(ask.answer_id, ask.owner, ask.conversation_id)
            events = note.during(events, self.underway, self.in_database)
        begun = Broadcast(events, abandon_s)
        self._broadcasts.add(begun)
        begun.when_over(lambda: self._broadcasts.discard(begun))
        return begun

    def end_all(self, reason: str) -> None:
        """End what is being streamed; readers hear why."""
        for broadcast in self._broadcasts:
            broadcast.cancel(reason)

    async def finish(self, within_s: float) -> None:
        """Wait until everything has been streamed; end what has not after `within_s` seconds."""
        await asyncio.gather(*(broadcast.ended(within_s) for broadcast in self._broadcasts))

    async def events(
        self, ask: Ask, to_events: ToEvents | None = None
    ) -> AsyncGenerator[AnswerEvent | Stored, None]:
        """Yield what happens until the answer is stored.

        `to_events` makes of them what is kept for clients that lose the connection.
        """
        self.check_model(ask.llm)
        asked = await self._asked(ask)
        past: list[AnswerEvent] = []
        generator = None if ask.llm == EXTRACTIVE else self.generator
        with self.pool.answering(), self.metrics.answering():
            answering = Answering(self.pool.run, generator, Writing.of(self.settings))
            async with aclosing(answering.events(asked)) as events:
                async for event in events:
                    past.append(event)
                    if isinstance(event, Finished):
                        past[-1] = event = for_clients(event)
                        yield await self._store(ask, event, to_events(past) if to_events else ())
                    else:
                        yield event

    async def answer(self, ask: Ask) -> Stored:
        """Answer a question and return the stored answer.

        Raises:
            TookTooLong: it took longer than a language model and its searches may take.
        """
        limit_s = self._longest_s
        deadline_s = time.monotonic() + limit_s
        async with aclosing(self.events(ask)) as events:
            async for event in events:
                if isinstance(event, Stored):
                    return event
                if time.monotonic() > deadline_s:
                    break
        raise TookTooLong(f"no answer after {limit_s:g} s; ask again, or raise AIFACTORY_REQUEST_S")

    @property
    def _longest_s(self) -> float:
        return self.settings.request_s + (self.settings.llm_total_s if self.generator else 0)

    async def _asked(self, ask: Ask) -> Asked:
        if ask.conversation_id and not ask.begins:
            recalled = await self.in_database(
                lambda: self.conversations.recall(ask.conversation_id, ask.owner, HISTORY_TURNS)
            )
            return Asked(ask.question, turns=recalled.turns, history=recalled.said)
        return Asked(ask.question, said=ask.said, history=_pairs(ask.said), enough=ask.enough)

    async def _store(
        self, ask: Ask, finished: Finished, events: Sequence[dict[str, Any]]
    ) -> Stored:
        self._count(finished)
        trace = finished.trace
        record = AnswerRecord.of(
            finished.answer,
            answer_id=ask.answer_id or new_id(),
            messages=trace.prompt,
            raw_text=trace.raw,
            verdicts=trace.judged,
            events=events,
        )
        try:
            await self.in_database(lambda: self._keep(ask, record))
        except AnswerMissing:  # somebody stopped it through another process
            raise StreamGone(STOPPED) from None
        return Stored(finished, record.answer_id, ask.conversation_id)

    def _keep(self, ask: Ask, record: AnswerRecord) -> None:
        if not ask.conversation_id:
            self.answers.keep(record, ask.owner)
        elif ask.begins:
            self.conversations.begin(ask.owner, record, ask.conversation_id)
        else:
            self.conversations.append(ask.conversation_id, ask.owner, record)

    def _count(self, finished: Finished) -> None:
        self.metrics.observe_answer(finished.answer)
        for judged in finished.trace.judged:
            if judged["verdict"]:
                self.metrics.verdict(Verdict(judged["verdict"]))
        if kind := finished.trace.failure_kind:
            self.metrics.model_failed(kind)
        if finished.trace.failure:
            self.metrics.fell_back()


def _pairs(said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (question, answer) pairs of (role, text) pairs, without unanswered questions."""
    return [pair for pair in exchanges(said) if pair[1]]


def answer_service(request: Request) -> AnswerService:
    """Return the service of the application behind a request."""
    service: AnswerService = request.app.state.answer_service
    return service


AnswerServiceDep = Annotated[AnswerService, Depends(answer_service)]
