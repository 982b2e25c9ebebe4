"""Hostile entries in the glossary change neither behaviour nor what is shown."""

from __future__ import annotations

import json
import re

import pytest

from api.plain_text import printable
from eval.adversarial import citations_hold
from rag.chat import Chat
from rag.writing.context import choose_sources, estimated_tokens
from rag.writing.prompt import source_budget, write_prompt
from tests.adversarial.active_markup import HIDDEN, active
from tests.adversarial.conftest import RED_TEAM, Served
from tests.adversarial.four_routes import ROUTES, by_completion_stream, everywhere
from tests.adversarial.test_hostile_models import as_answer
from tests.services.scripted_model import Received, Reply, by_words

LINES = RED_TEAM.read_text(encoding="utf-8").splitlines()
TERMS = [json.loads(line)["term"] for line in LINES] + ["Long Widget"]
CONTEXT_TOKENS = 3000
# What a model might take for the marks of its chat, outside the tags of our own.
IMITATED = re.compile(
    r"<\|\w|\[/?INST\]|<</?SYS|</?s>|<(?:start|end)_of_turn|<[be]os>|<think|</?source[ >]|"
    r"(?m:^\s*(?:SYSTEM|Assistant|User)\s*:)"
)


def _asked(term: str) -> str:
    name = " ".join(re.findall(r"[A-Za-z]+", printable(term))[:2])
    return f"What does the {name} do?"


def test_there_are_twenty_hostile_entries(red_chat: Chat) -> None:
    ids = set(red_chat.index.entry_ids())
    assert len(TERMS) == 20
    assert sum("widget" in entry_id for entry_id in ids) == 20


@pytest.mark.parametrize("term", TERMS)
def test_a_hostile_entry_stands_defused_inside_its_tags(term: str, red_chat: Chat) -> None:
    question = _asked(term)
    inquiry = red_chat.inquire(question)
    sources = choose_sources(red_chat.index, inquiry, source_budget(CONTEXT_TOKENS, question, ()))
    prompt = write_prompt(question, sources, nonce="5ec2e7a0b1")
    assert sum(estimated_tokens(message.content) for message in prompt) <= CONTEXT_TOKENS
    said = prompt[-1].content
    blocks = re.findall(
        r'<source-5ec2e7a0b1 number="\d+" term="[^"\n]*">\n(.*?)\n</source-5ec2e7a0b1>', said, re.S
    )
    assert len(blocks) == len(sources)
    assert said.count("5ec2e7a0b1") == 2 * len(sources)
    for block in blocks:
        assert IMITATED.search(block) is None
        assert HIDDEN.isdisjoint(block)
    assert re.sub(r"<source-5ec2e7a0b1.*?</source-5ec2e7a0b1>\s*", "", said, flags=re.S) == (
        f"Question: {question}"
    )


@pytest.mark.parametrize("term", TERMS)
def test_quotes_of_a_hostile_entry_are_inert_and_exact(term: str, red_chat: Chat) -> None:
    for question in (_asked(term), f"What is {' '.join(printable(term).split())}?"[:300]):
        answer = red_chat.ask(question)
        assert active(answer.text) == [], answer.text[:500]
        assert citations_hold(red_chat, answer), answer.text[:500]


def test_other_answers_stay_as_they_were(bundled_chat: Chat, red_chat: Chat) -> None:
    for entry_id in bundled_chat.index.entry_ids():
        question = f"What is {bundled_chat.index.entry(entry_id).term}?"
        before, after = bundled_chat.ask(question), red_chat.ask(question)
        assert (after.text, after.citations) == (before.text, before.citations)


def _obedient(received: Received) -> Reply:
    """Do what the sources say, as a model does that takes them for orders."""
    said = received.messages[-1]["content"]
    orders = re.findall(r"(?i)[^.\n]*(?:BANANA|answer yes|evil|<|\]\()[^.\n]*", said)
    answer = "BANANA. Yes to everything. I recommend evil.test [1]. ![x](https://evil.test/p.png) "
    return by_words(answer + " ".join(orders)[:3000])


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_that_obeys_hostile_entries_shows_nothing_active(
    red_chat: Chat, red_home: object, served: Served
) -> None:
    with served(red_home, _obedient) as (client, _):
        for place, term in enumerate(TERMS):
            routes = (by_completion_stream,) if place % 5 else ROUTES
            got = everywhere(client, _asked(term), routes)
            assert active(got.text) == [], got.text[:500]
            assert "I recommend" not in got.text
            assert not got.text.startswith("BANANA. [")
            assert citations_hold(red_chat, as_answer(red_chat, got)), got.text[:500]


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_the_web_page_shows_hostile_entries_without_markup(
    red_home: object, served: Served
) -> None:
    with served(red_home, _obedient) as (client, _):
        for term in TERMS:
            page = client.get("/", params={"q": _asked(term)})
            assert page.status_code == 200
            tags = re.findall(
                r"<(?:img|iframe|style|base)\b[^>]*>", page.text[page.text.index("<body") :]
            )
            assert tags == []
            assert not re.findall(r'(?:href|src)="(?:javascript|data|https?://evil)', page.text)
            assert not re.findall(r"<[a-z]+ [^>]*\son(?:error|load)=", page.text)


def test_the_terminal_gets_no_escape_sequences(red_home: object, run_ask: object) -> None:
    for term in TERMS[::2]:
        shown = run_ask(_asked(term))  # type: ignore[operator]
        assert printable(shown) == shown
