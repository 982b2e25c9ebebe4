"""One answer from its question to its last event, with a model that says what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import TypeVar

from rag.chat import Chat
from rag.errors import ModelTimedOut
from rag.models.generator import Message
from rag.writing.answer_event import AnswerEvent, Cited, Delta, Finished, Found, Status
from rag.writing.answering import LONGEST_ANSWER_CHARS, Answering, Asked, Writing

T = TypeVar("T")
QUESTION = "What is a kettle?"
TRUE = "A kettle heats water until it is steam."


class Told:
    """A language model that says these texts, then fails when told so."""

    name = "told"

    def __init__(self, *texts: str, fails: bool = False) -> None:
        self.texts = texts
        self.fails = fails
        self.prompts: list[Sequence[Message]] = []
        self.said = 0

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        self.prompts.append(messages)
        for text in self.texts:
            self.said += 1
            yield text
        if self.fails:
            raise ModelTimedOut("told sent no end")


def events(chat: Chat, model: Told | None, writing: Writing | None = None) -> list[AnswerEvent]:
    def run(work: Callable[[Chat], T], patience: int = 0) -> Awaitable[T]:
        async def done() -> T:
            return work(chat)

        return done()

    async def collect() -> list[AnswerEvent]:
        answering = Answering(run, model, writing or Writing())
        return [event async for event in answering.events(Asked(QUESTION))]

    return asyncio.run(collect())


def finished(happened: Sequence[AnswerEvent]) -> Finished:
    last = happened[-1]
    assert isinstance(last, Finished)
    deltas = "".join(event.text for event in happened if isinstance(event, Delta))
    assert deltas == last.answer.text
    cited = tuple(event.citation for event in happened if isinstance(event, Cited))
    assert cited == last.answer.citations
    return last


def test_what_a_source_supports_is_shown_with_its_citation(chat: Chat) -> None:
    happened = events(chat, Told(TRUE, " [1]. It was sold", " for 50 dollars [1]."))
    answer = finished(happened).answer
    assert answer.text == f"{TRUE} [1]"
    assert (answer.model, answer.notice) == ("told", "")
    assert [type(event) for event in happened] == [Status, Found, Status, Delta, Cited, Finished]


def test_without_a_model_the_answer_is_that_of_ask(chat: Chat) -> None:
    answer, asked = finished(events(chat, None)).answer, chat.ask(QUESTION)
    assert (answer.text, answer.citations, answer.model) == (
        asked.text,
        asked.citations,
        "extractive",
    )


def test_a_model_of_which_nothing_is_supported_is_replaced_by_quotes(chat: Chat) -> None:
    last = finished(events(chat, Told("It was sold for 50 dollars.")))
    assert last.answer.text == chat.ask(QUESTION).text
    assert last.answer.notice.startswith("nothing of what told wrote is supported by the sources")


def test_quotes_follow_on_what_a_failing_model_left(chat: Chat) -> None:
    last = finished(events(chat, Told(f"{TRUE} ", "And it ", fails=True)))
    assert last.answer.text.startswith(f"{TRUE} [1]\n\n")
    assert last.trace.failure == "told sent no end"


def test_a_model_that_never_ends_is_not_listened_to_for_ever(chat: Chat) -> None:
    model = Told(f"{TRUE} ", *["And on and on "] * 20_000)
    assert finished(events(chat, model)).answer.text == f"{TRUE} [1]"
    assert model.said * 14 < LONGEST_ANSWER_CHARS + 100


def test_a_context_without_room_for_a_source_asks_no_model(chat: Chat) -> None:
    model = Told(TRUE)
    last = finished(events(chat, model, Writing(context_tokens=100)))
    assert model.prompts == []
    assert last.answer.notice.startswith("a context of 100 tokens has no room for a source")
