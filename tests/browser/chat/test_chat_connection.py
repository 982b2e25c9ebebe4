"""Slow, refused, offline, gone and back: what the page does when the server does not answer."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat.conftest import LONG, QUESTION, TOLD, Chat, OpenChat
from tests.browser.conftest import Server, Watched, serving
from tests.services.scripted_model import ScriptedModel

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

STREAM = "**/chat/stream"


def refused(status: int, kind: str, message: str, **headers: str) -> dict[str, object]:
    body = json.dumps({"error": {"type": kind, "message": message}})
    return {"status": status, "content_type": "application/json", "body": body, "headers": headers}


def test_a_slow_search_says_that_it_goes_on(chat: Chat) -> None:
    held: list[Route] = []
    chat.page.route(STREAM, lambda route: held.append(route))
    chat.begin()
    progress = chat.pending.locator(".progress-text")
    expect(progress).to_have_text("Searching the glossary…")
    expect(progress).to_have_text("Still searching…")
    expect(chat.page.locator("#status")).to_have_text("Still searching…")
    held[0].continue_()
    chat.turns.first.wait_for()


def test_too_many_questions_wait_as_long_as_the_server_says(chat: Chat, watched: Watched) -> None:
    watched.allowed.append("429")
    answers = [refused(429, "TooManyRequests", "wait", **{"Retry-After": "1"})]
    chat.page.route(STREAM, lambda r: r.fulfill(**answers.pop()) if answers else r.continue_())
    chat.begin()
    expect(chat.pending.locator(".progress-text")).to_contain_text("Trying again in 1 s")
    chat.turns.first.wait_for()


def test_a_refusal_is_told_and_the_question_can_be_asked_again(
    chat: Chat, watched: Watched
) -> None:
    watched.allowed.append("500")
    chat.page.route(STREAM, lambda r: r.fulfill(**refused(500, "Unexpected", "Its log says what")))
    chat.begin()
    expect(chat.pending.locator(".trouble-text")).to_have_text("Its log says what")
    chat.page.unroute(STREAM)
    chat.pending.get_by_role("button", name="Ask again").click()
    chat.turns.first.wait_for()
    expect(chat.page.locator(".turn")).to_have_count(1)


def test_an_answer_goes_on_when_the_page_is_online_again(chat: Chat, watched: Watched) -> None:
    watched.allowed.append("ERR_INTERNET_DISCONNECTED")
    chat.says(LONG, pace_s=0.08)
    chat.begin()
    chat.pending.locator(".answer p").first.wait_for()
    chat.page.context.set_offline(True)
    expect(chat.pending.locator(".progress-text")).to_contain_text("You are offline")
    chat.page.context.set_offline(False)
    turn = chat.turns.first
    turn.wait_for()
    expect(turn.locator(".answer > p")).to_have_count(2)
    assert len(chat.model.requests) == 1


def test_a_server_that_is_killed_and_comes_back_answers_after_all(
    open_chat: OpenChat, chat_home: Path, model: ScriptedModel, watched: Watched
) -> None:
    watched.allowed.append("ERR_")
    watched.allowed.append("404")
    with serving(chat_home, AIFACTORY_LLM=model.llm) as first:
        chat = open_chat(base_url=first.url)
        chat.says(LONG, pace_s=0.2)
        chat.begin()
        chat.pending.locator(".answer p").first.wait_for()
        first.process.send_signal(signal.SIGKILL)
        expect(chat.pending.locator(".progress-text")).to_contain_text("The connection was lost")
        expect(chat.pending.locator(".answer")).to_contain_text("A yardstick sample")
        first.process.wait()
    chat.says(TOLD)
    with serving(chat_home, port=urlsplit(first.url).port or 0, AIFACTORY_LLM=model.llm):
        chat.page.get_by_role("button", name="Try now").click()
        expect(chat.turns.first.locator(".answer")).to_contain_text("A yardstick sample")
        expect(chat.turns.first.locator(".asked")).to_have_text(QUESTION)
        expect(chat.turns).to_have_count(1)


def test_a_conversation_that_was_deleted_meanwhile_is_told(chat: Chat, watched: Watched) -> None:
    watched.allowed.append("404")
    chat.ask()
    chat.page.request.delete("/conversations")
    chat.begin("What formulas does it have?")
    trouble = chat.pending.locator(".trouble")
    expect(trouble).to_contain_text("This conversation is not here.")
    expect(trouble.get_by_role("button")).to_have_count(1)
    trouble.get_by_role("button", name="Ask in a new conversation").click()
    expect(chat.turns.locator(".asked")).to_have_text("What formulas does it have?")


def test_a_full_conversation_leads_to_a_new_one(chat: Chat, watched: Watched) -> None:
    watched.allowed.append("409")
    full = refused(409, "ConversationFull", "the conversation has 200 turns, at most 200")
    chat.page.route(STREAM, lambda route: route.fulfill(**full))
    chat.begin()
    expect(chat.pending.locator(".trouble-text")).to_have_text("This conversation is full.")
    chat.page.unroute(STREAM)
    chat.pending.get_by_role("button", name="Ask in a new conversation").click()
    expect(chat.turns.locator(".asked")).to_have_text(QUESTION)


def test_an_address_of_a_deleted_conversation_carries_its_question_over(
    open_chat: OpenChat, watched: Watched
) -> None:
    watched.allowed.append("404")
    chat = open_chat(f"/?c={'0' * 32}&q=What+is+a+yardstick+sample%3F")
    expect(chat.page.get_by_role("alert")).to_contain_text("This conversation is not here.")
    chat.page.get_by_role("link", name="Ask in a new conversation").click()
    expect(chat.turns.locator(".asked")).to_have_text(QUESTION)


def test_a_glossary_that_is_missing_is_not_waited_for(chat: Chat, watched: Watched) -> None:
    watched.allowed.append("503")
    asked: list[Route] = []
    missing = refused(503, "SnapshotMissing", "no snapshot", **{"Retry-After": "1"})

    def refuse(route: Route) -> None:
        asked.append(route)
        route.fulfill(**missing)

    chat.page.route(STREAM, refuse)
    chat.begin()
    expect(chat.pending.locator(".trouble-text")).to_contain_text("has no glossary yet")
    assert len(asked) == 1


def test_what_the_browser_says_of_a_lost_connection_is_not_shown(
    chat: Chat, watched: Watched
) -> None:
    watched.allowed.append("ERR_FAILED")
    turn = chat.ask()
    chat.page.route("**/feedback", lambda route: route.abort())
    turn.get_by_role("button", name="Good answer").click()
    told = "Your rating could not be kept. The server cannot be reached."
    expect(chat.page.locator("#toast")).to_have_text(told)


def test_without_a_glossary_the_page_says_how_to_get_one(
    open_chat: OpenChat, empty_server: Server, watched: Watched
) -> None:
    watched.allowed.append("503")
    chat = open_chat(base_url=empty_server.url)
    expect(chat.page.get_by_role("alert")).to_contain_text("aifactory ingest")
    expect(chat.box).to_be_disabled()
