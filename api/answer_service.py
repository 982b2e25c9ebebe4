"""The noun AnswerService: one question over HTTP, from its words to a stored answer."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Request

from api.dependencies import ChatPool
from api.errors import RequestInvalid, ScopeNeeded, TookTooLong
from api.observing.metrics import Metrics
from api.streams.broadcast import Broadcast
from rag.answer import Verdict
from rag.errors import ModelUnavailable
from rag.models.generator import Generator
from rag.quoting.extractive import MODEL as EXTRACTIVE
from rag.settings import Settings
from rag.storing.answer_record import AnswerRecord
from rag.storing.answers import Answers
from rag.storing.conversation import ConversationPage
from rag.storing.conversations import Conversations
from rag.storing.feedbacks import Feedbacks
from rag.storing.identifier import new_id
from rag.turn import Turn, exchanges
from rag.writing.answer_event import AnswerEvent, Finished
from rag.writing.answering import Answering, Asked, Writing
from rag.writing.prompt import HISTORY_TURNS

T = TypeVar("T")

_SAID_BY_SERVER = re.compile(r" \(.*\)(?=; )")
_log = logging.getLogger("aifactory")

DATABASE_THREADS = 4

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
    """

    question: str
    owner: str
    llm: str | None = None
    conversation_id: str = ""
    begins: bool = False
    said: Sequence[tuple[str, str]] = ()
    answer_id: str = ""


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
        conversations: Conversations,
        answers: Answers,
        feedbacks: Feedbacks,
        metrics: Metrics,
        *,
        has_other_workers: bool = False,
    ) -> None:
        self.pool = pool
        self.settings = settings
        self.generator = generator
        self.conversations = conversations
        self.answers = answers
        self.feedbacks = feedbacks
        self.metrics = metrics
        self.has_other_workers = has_other_workers
        self._database = CapacityLimiter(DATABASE_THREADS)

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
        return await to_thread.run_sync(work, limiter=self._database)

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
        """Begin to answer; the events can be followed by several readers."""
        return Broadcast(self.events(ask, to_events), abandon_s)

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
        with self.pool.answering(), self.metrics.streaming():
            answering = Answering(self.pool.run, generator, Writing.of(self.settings))
            async with aclosing(answering.events(asked)) as events:
                async for event in events:
                    past.append(event)
                    if isinstance(event, Finished):
                        past[-1] = event = _for_clients(event)
                        yield await self._store(ask, event, to_events(past) if to_events else ())
                    else:
                        yield event

    async def answer(self, ask: Ask) -> Stored:
        """Answer a question and return the stored answer.

        Raises:
            TookTooLong: it took longer than a language model and its searches may take.
        """
        limit_s = self.settings.request_s + (self.settings.llm_total_s if self.generator else 0)
        deadline_s = time.monotonic() + limit_s
        async with aclosing(self.events(ask)) as events:
            async for event in events:
                if isinstance(event, Stored):
                    return event
                if time.monotonic() > deadline_s:
                    break
        raise TookTooLong(f"no answer after {limit_s:g} s; ask again, or raise AIFACTORY_REQUEST_S")

    async def _asked(self, ask: Ask) -> Asked:
        if ask.conversation_id and not ask.begins:
            turns, history = await self.in_database(lambda: self._remembered(ask))
            return Asked(ask.question, turns=turns, history=history)
        return Asked(ask.question, said=ask.said, history=_pairs(ask.said))

    def _remembered(self, ask: Ask) -> tuple[Sequence[Turn], Sequence[tuple[str, str]]]:
        self.conversations.find_with_room(ask.conversation_id, ask.owner)
        return (
            self.conversations.turns(ask.conversation_id, ask.owner),
            _pairs(self.conversations.history(ask.conversation_id, ask.owner, HISTORY_TURNS)),
        )

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
        await self.in_database(lambda: self._keep(ask, record))
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


def _for_clients(finished: Finished) -> Finished:
    """Leave out what a model's server said: it may name keys, accounts and machines."""
    if not finished.trace.failure:
        return finished
    _log.warning(
        "the language model did not deliver", extra={"fields": {"failure": finished.trace.failure}}
    )
    notice = _SAID_BY_SERVER.sub("", finished.answer.notice)
    return replace(finished, answer=replace(finished.answer, notice=notice))


def _pairs(said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return (question, answer) pairs of (role, text) pairs, without unanswered questions."""
    return [pair for pair in exchanges(said) if pair[1]]


def answer_service(request: Request) -> AnswerService:
    """Return the service of the application behind a request."""
    service: AnswerService = request.app.state.answer_service
    return service


AnswerServiceDep = Annotated[AnswerService, Depends(answer_service)]
