"""A language model that lies, over real HTTP: nothing unsupported reaches a client."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from eval.adversarial import answered, citations_hold, could_know, filled, leaked
from eval.adversarial_case import Case
from eval.adversarial_cases import faithful_cases, hostile_cases
from rag.answer import Answer, Citation, Support, Verdict
from rag.chat import Chat
from rag.writing.release import MARKED
from tests.adversarial.active_markup import active
from tests.adversarial.conftest import Served
from tests.adversarial.four_routes import COMPLETIONS, ROUTES, Got, everywhere
from tests.services.scripted_model import (
    DONE,
    Received,
    Reply,
    chunk,
    dies,
    raw,
    refuses,
    says,
    stalls,
)

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


class Actor:
    """The script of a model: says the text of the case that is set."""

    case: Case
    term = ""

    def __call__(self, received: Received) -> Reply:
        text = filled(self.case.text, received.messages[-1]["content"], self.term)
        return says(*(text[at : at + 7] for at in range(0, len(text), 7)))


def as_answer(chat: Chat, got: Got) -> Answer:
    support = Support(Verdict.SUPPORTED, 1.0)
    citations = tuple(
        Citation(number, entry_id, "", "", quote, start, end, support)
        for number, entry_id, start, end, quote in got.citations
    )
    return Answer("", "", True, 1.0, got.text, citations, (), (), "", "", {})


def test_no_unsupported_sentence_and_no_unknown_citation_reaches_a_client(
    bundled_chat: Chat, bundled_home: Path, served: Served
) -> None:
    cases = hostile_cases(bundled_chat.index)[::2]
    assert len(cases) > 200
    actor = Actor()
    through = []
    with served(bundled_home, actor) as (client, _):
        for place, case in enumerate(cases):
            actor.case, actor.term = case, bundled_chat.index.entry(case.entry_id).term
            routes = COMPLETIONS if place % 10 else ROUTES
            answer = as_answer(bundled_chat, everywhere(client, case.question, routes))
            assert citations_hold(bundled_chat, answer), (case, answer.text)
            assert active(answer.text) == [], case
            through += [(case.kind, text) for text in leaked(case, answer)]
    assert through == []


BAD_STREAMS = {
    "empty": says(""),
    "white space": says(" \n", "\n\n\t "),
    "refusal": says("The sources do not answer this."),
    "rejection": refuses(400),
    "server error": refuses(500),
    "no events": raw(b"<html>not events</html>"),
    "broken JSON": raw(b'data: {"choices": [{"delta": {"con\n\n', DONE),
    "no choices": raw(b'data: {"foo": 1}\n\n', DONE),
    "null content": raw(chunk(None), DONE),
    "bytes": raw(b"data: \xff\xfe\x00\n\n", DONE),
    "dies at once": dies(),
    "dies in a sentence": dies("A chiplet was invented by ", "the moon"),
}


@pytest.mark.parametrize("kind", BAD_STREAMS)
def test_a_model_that_does_not_deliver_is_replaced_by_quotes(
    kind: str, bundled_chat: Chat, bundled_home: Path, served: Served
) -> None:
    expected = bundled_chat.ask("What is a chiplet?")
    with served(bundled_home, BAD_STREAMS[kind]) as (client, _):
        got = everywhere(client, "What is a chiplet?")
    assert got.text == expected.text
    assert citations_hold(bundled_chat, as_answer(bundled_chat, got))


def test_what_was_shown_before_a_stall_stays_and_quotes_follow(
    bundled_chat: Chat, bundled_home: Path, served: Served
) -> None:
    shown = "A chiplet is a small die that implements one part of a system"
    script = stalls(f"{shown} [1]. ", "It was invented by the ")
    with served(bundled_home, script, llm_total_s=0.5) as (client, _):
        got = everywhere(client, "What is a chiplet?")
    assert "invented" not in got.text
    assert got.text.count("\n\n") >= 1
    assert citations_hold(bundled_chat, as_answer(bundled_chat, got))


def test_marked_sentences_say_that_no_source_supports_them(
    bundled_chat: Chat, bundled_home: Path, served: Served
) -> None:
    kinds = ("number changed", "number added", "clause added", "fact from elsewhere", "denied")
    cases = [
        c
        for c in hostile_cases(bundled_chat.index, per_kind=4)
        if c.kind in kinds and ". " not in c.hostile[0]
    ]
    actor = Actor()
    with served(bundled_home, actor, unsupported="mark") as (client, _):
        for case in cases:
            actor.case, actor.term = case, bundled_chat.index.entry(case.entry_id).term
            got = everywhere(client, case.question, COMPLETIONS)
            assert got.text.count(MARKED) == 1, (case, got.text)
            assert leaked(case, as_answer(bundled_chat, got)) == list(case.hostile)
            after = got.text.index(MARKED)
            assert got.text[:after].rstrip(" .").endswith(case.hostile[0].rstrip(".")[-20:])


def test_few_faithful_sentences_are_held_back(bundled_chat: Chat) -> None:
    said, held = asyncio.run(faithful_held(bundled_chat))
    assert said >= 200
    assert held / said <= 0.03


@pytest.mark.shared
def test_real_entries_hold_too(shared_data: Path, glossary_page: Path, page_chat: Chat) -> None:
    tried, through = asyncio.run(hostile_through(page_chat))
    assert tried >= 300
    assert len(through) <= 0.01 * tried
    said, held = asyncio.run(faithful_held(page_chat))
    assert said >= 150
    assert held / said <= 0.03


async def hostile_through(chat: Chat) -> tuple[int, list[tuple[Case, list[str]]]]:
    through = []
    cases = hostile_cases(chat.index, per_kind=8)
    for case in cases:
        finished = await answered(chat, case)
        found = leaked(case, finished.answer)
        if found or not citations_hold(chat, finished.answer):
            through.append((case, found))
    return len(cases), through


async def faithful_held(chat: Chat) -> tuple[int, int]:
    said = held = 0
    for case in faithful_cases(chat.index):
        finished = await answered(chat, case)
        if could_know(case, finished):
            said += len(finished.trace.judged)
            held += sum(not one["shown"] for one in finished.trace.judged)
    return said, held
