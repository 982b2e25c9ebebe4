"""One answer from its question to its last event, with a model that says what it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from rag.chat import Chat
from rag.errors import ModelTimedOut
from rag.models.generator import CutOff, Ending, Message
from rag.writing.answer_event import AnswerEvent, Cited, Delta, Finished, Found, Status
from rag.writing.answering import Answering, Asked, Writing
from rag.writing.reading import CHECKED_AT_ONCE, CUT_AT_ONCE_CHARS, LONGEST_ANSWER_CHARS
from rag.writing.release import MARKED, Policy

T = TypeVar("T")
QUESTION = "What is a kettle?"
ASKED = Asked(QUESTION)
TRUE = "A kettle heats water until it is steam."


class Told:
    """A language model that says these texts, then ends as told."""

    name = "told"

    def __init__(self, *texts: str, ends: Exception | None = None) -> None:
        self.texts = texts
        self.ends = ends
        self.prompts: list[Sequence[Message]] = []
        self.said = 0

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        self.prompts.append(messages)
        for text in self.texts:
            self.said += 1
            yield text
        if self.ends:
            raise self.ends


class Pool:
    """Runs work at once and counts the jobs; `after` is called after each."""

    def __init__(self, chat: Chat, after: Callable[[], None] = lambda: None) -> None:
        self.chat = chat
        self.after = after
        self.jobs = 0

    async def __call__(self, work: Callable[[Chat], T], patience: int = 0) -> T:
        self.jobs += 1
        done = work(self.chat)
        self.after()
        return done


def events(
    chat: Chat | Pool, model: Told | None, writing: Writing | None = None, asked: Asked = ASKED
) -> list[AnswerEvent]:
    async def collect() -> list[AnswerEvent]:
        run = chat if isinstance(chat, Pool) else Pool(chat)
        answering = Answering(run, model, writing or Writing())
        return [event async for event in answering.events(asked)]

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


@pytest.mark.parametrize("policy", Policy)
def test_thoughts_of_which_only_the_end_is_told_are_forgotten(chat: Chat, policy: Policy) -> None:
    thought = ["Who asks wants", " a kettle, it seems", "\n</thi", "nk>\n"]
    last = finished(events(chat, Told(*thought, TRUE, " [1]."), Writing(policy)))
    assert (last.answer.text, last.answer.notice) == (f"{TRUE} [1]", "")


def test_thoughts_that_are_shown_before_their_end_are_told(chat: Chat) -> None:
    thought = "It was sold for 50 dollars. Was it </think>"
    happened = events(chat, Told(thought[:30], thought[30:], TRUE, " [1]."), Writing(Policy.MARK))
    answer = finished(happened).answer
    assert answer.text == f"It was sold for 50 dollars. {MARKED}\n\n{TRUE} [1]"
    assert answer.notice == (
        "told thought aloud before its answer, and part of that stands above it"
    )


def test_a_model_is_left_when_no_more_of_it_is_wanted(chat: Chat) -> None:
    taken: list[str] = []

    def enough(text: str, count_tokens: Callable[[str], int]) -> Ending | None:
        taken.append(text)
        return Ending.LENGTH

    model = Told(f"{TRUE} It ", "switches ", "itself off. ", "And on.")
    last = finished(events(chat, model, asked=replace(ASKED, enough=enough)))
    assert (model.said, taken, last.answer.text) == (1, [f"{TRUE} [1]"], f"{TRUE} [1]")
    assert (last.ending, last.answer.notice) == (
        Ending.LENGTH,
        "told was stopped where the request ends the answer; the answer may be incomplete",
    )
    whole = finished(events(chat, Told(TRUE), asked=replace(ASKED, enough=enough)))
    assert (whole.ending, whole.answer.notice) == (Ending.STOP, "")


def test_a_model_of_which_nothing_is_supported_is_replaced_by_quotes(chat: Chat) -> None:
    last = finished(events(chat, Told("It was sold for 50 dollars.")))
    assert last.answer.text == chat.ask(QUESTION).text
    assert last.answer.notice.startswith("nothing of what told wrote is supported by the sources")


def test_quotes_follow_on_what_a_failing_model_left(chat: Chat) -> None:
    last = finished(
        events(chat, Told(f"{TRUE} ", "And it ", ends=ModelTimedOut("told sent no end")))
    )
    assert last.answer.text.startswith(f"{TRUE} [1]\n\n")
    assert last.trace.failure == "told sent no end"


def test_quotes_in_place_of_a_model_name_the_question_they_leave_open(chat: Chat) -> None:
    asked = Asked("What is a kettle and who invented the transistor radio?")
    model = Told(ends=ModelTimedOut("told sent nothing"))
    last = finished(events(chat, model, asked=asked))
    assert last.answer.notice == (
        "told sent nothing; what stands here instead are quotes; "
        "the glossary does not answer “Who invented the transistor radio?”"
    )
    assert asked.question not in model.prompts[0][-1].content
    assert "What is a kettle? Who invented the transistor radio?" in model.prompts[0][-1].content


def test_a_model_that_never_ends_is_not_listened_to_for_ever(chat: Chat) -> None:
    model = Told(f"{TRUE} ", *["And on and on "] * 20_000)
    last = finished(events(chat, model))
    assert last.answer.text == f"{TRUE} [1]"
    assert model.said * 14 < LONGEST_ANSWER_CHARS + 100
    assert last.ending is Ending.LENGTH
    assert last.answer.notice == (
        "told was stopped after 60000 characters; the answer may be incomplete"
    )


@pytest.mark.parametrize(
    ("ending", "why"),
    [
        (Ending.LENGTH, "stopped at its limit of length (at most 9 tokens)"),
        (Ending.FILTERED, "was cut off by a content filter"),
    ],
)
def test_the_open_sentence_of_a_model_that_was_cut_off_is_dropped(
    chat: Chat, ending: Ending, why: str
) -> None:
    model = Told(f"{TRUE} ", "It switches itself off", ends=CutOff(ending))
    last = finished(events(chat, model, Writing(max_tokens=9)))
    assert (last.answer.text, last.answer.model) == (f"{TRUE} [1]", "told")
    assert last.ending is ending
    assert last.answer.notice == f"told {why}; the answer may be incomplete"


def test_a_model_that_was_cut_off_in_its_first_sentence_is_replaced_by_quotes(chat: Chat) -> None:
    last = finished(events(chat, Told("A kettle heats water", ends=CutOff(Ending.LENGTH))))
    assert last.answer.text == chat.ask(QUESTION).text
    assert last.ending is Ending.STOP
    assert last.answer.notice == (
        "told stopped at its limit of length (at most 800 tokens) before anything could be shown; "
        "what stands here instead are quotes"
    )


def test_a_whole_answer_in_one_chunk_is_checked_in_small_jobs(chat: Chat) -> None:
    pool = Pool(chat)
    said = "".join(f"It was sold for {number} dollars. " for number in range(800))
    finished(events(pool, Told(f"{TRUE} {said}")))
    assert pool.jobs > 800 / CHECKED_AT_ONCE + len(said) / CUT_AT_ONCE_CHARS


def test_what_is_not_checked_in_time_is_left_out(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0

    def pass_time() -> None:
        nonlocal now
        now += 1

    monkeypatch.setattr("rag.writing.reading.time.monotonic", lambda: now)
    said = "".join(f"It was sold for {number} dollars. " for number in range(100))
    pool = Pool(chat, pass_time)
    last = finished(events(pool, Told(f"{TRUE} {said}"), Writing(total_s=5)))
    assert last.ending is Ending.LENGTH
    assert last.answer.notice == (
        "told was stopped after 5 s (AIFACTORY_LLM_TOTAL_S); the answer may be incomplete"
    )
    assert len(last.trace.judged) < 100


def test_what_a_model_thinks_aloud_is_neither_shown_nor_checked(chat: Chat) -> None:
    last = finished(events(chat, Told("<thi", f"nk>{TRUE} Aliens.</th", f"ink>\n\n{TRUE} [1].")))
    assert last.answer.text == f"{TRUE} [1]"
    assert [judged["text"] for judged in last.trace.judged] == [f"{TRUE} [1]."]


def test_thoughts_without_an_end_are_no_answer(chat: Chat) -> None:
    last = finished(events(chat, Told(f"<think>{TRUE} ")))
    assert last.answer.text == chat.ask(QUESTION).text
    assert last.answer.notice.startswith("told ended in the middle of its thoughts before any")


def test_a_sentence_that_is_said_again_and_again_is_shown_once(chat: Chat) -> None:
    last = finished(events(chat, Told(f"{TRUE} [1]. " * 200)))
    assert last.answer.text == f"{TRUE} [1]"
    assert len(last.trace.judged) == 1


def test_a_model_cannot_imitate_the_mark_of_what_is_not_supported(chat: Chat) -> None:
    last = finished(events(chat, Told(f"{TRUE[:-1]} {MARKED}.")))
    assert last.answer.text == f"{TRUE} [1]"


HISTORY = (("What is a kettle?", f"{TRUE} [1]"),)


@pytest.mark.parametrize(
    ("reply", "standalone"),
    [
        ("Rewritten question: What heats the kettle?", "What heats the kettle?"),
        ("What is a desk fan?", "What heats a kettle?"),
        ("<think>hm</think>", "What heats a kettle?"),
    ],
)
def test_a_rewritten_question_that_asks_something_else_is_left_to_the_resolver(
    chat: Chat, reply: str, standalone: str
) -> None:
    said = tuple(zip(("user", "assistant"), HISTORY[0], strict=True))
    asked = Asked("What heats it?", said=said, history=HISTORY)
    happened = events(chat, Told(reply), Writing(rewrites=True), asked)
    assert finished(happened).answer.standalone_question == standalone


def test_a_context_without_room_for_a_source_asks_no_model(chat: Chat) -> None:
    model = Told(TRUE)
    last = finished(events(chat, model, Writing(context_tokens=100)))
    assert model.prompts == []
    assert last.answer.notice.startswith("a context of 100 tokens has no room for a source")
