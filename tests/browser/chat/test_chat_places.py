"""Where the reader is: a new question far below, a way back, a reload."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.api.contract.serving import until
from tests.browser.chat.conftest import LONG, QUESTION, Chat, OpenChat

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

ASKING = "/?q=What+is+a+yardstick+sample%3F"
TOP = "element => Math.round(element.getBoundingClientRect().top)"


@pytest.fixture
def conversation(chat: Chat) -> Callable[[int], str]:
    """Return the address of a conversation with so many turns."""

    def begin(turns: int) -> str:
        chat.page.request.delete("/conversations")
        conversation_id = ""
        for number in range(turns):
            body = {"question": f"What is yardstick {number}?", "llm": "extractive"}
            if conversation_id:
                body["conversation_id"] = conversation_id
            conversation_id = chat.page.request.post("/chat", data=body).json()["conversation_id"]
        return f"/?c={conversation_id}"

    return begin


def is_at_top(turn: Locator) -> bool:
    """Whether a turn begins near the top; the last one may not reach it, as the page ends."""
    return 0 <= int(turn.evaluate(TOP)) < 120


def conversations(chat: Chat) -> int:
    return len(chat.page.request.get("/conversations").json()["conversations"])


@pytest.mark.parametrize("turns", [4, 20])
def test_a_question_asked_from_above_is_arrived_at_with_motion(
    open_chat: OpenChat, conversation: Callable[[int], str], turns: int
) -> None:
    chat = open_chat(conversation(turns), reduced_motion="no-preference")
    chat.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    turn = chat.ask()
    assert until(lambda: is_at_top(turn))


def test_the_last_of_two_hundred_questions_is_arrived_at(
    open_chat: OpenChat, conversation: Callable[[int], str]
) -> None:
    chat = open_chat(conversation(199), reduced_motion="no-preference")
    earlier = chat.page.get_by_role("link", name="Show earlier")
    for shown in range(40, 220, 20):
        earlier.click()
        expect(chat.turns).to_have_count(min(shown, 199))
    chat.page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    turn = chat.ask()
    assert until(lambda: is_at_top(turn))
    assert chat.turns.count() == 200


def test_the_way_back_from_an_entry_leads_to_where_the_reader_was(
    open_chat: OpenChat, conversation: Callable[[int], str]
) -> None:
    chat = open_chat(conversation(8))
    turn = chat.turns.nth(2)
    turn.locator(".source-term").first.scroll_into_view_if_needed()
    turn.locator("button.marker").first.click()
    link = chat.page.get_by_role("dialog").get_by_role("link", name="Open the entry")
    expect(link).to_be_visible()
    before = turn.evaluate(TOP)
    with chat.page.expect_navigation():
        link.click()
    expect(chat.page.locator("mark#quote")).to_be_visible()
    chat.page.go_back()
    chat.turns.nth(7).wait_for()
    assert until(lambda: abs(turn.evaluate(TOP) - before) < 40)


def test_a_conversation_opened_anew_begins_at_its_last_question(
    open_chat: OpenChat, conversation: Callable[[int], str]
) -> None:
    chat = open_chat(conversation(8))
    assert until(lambda: is_at_top(chat.turns.nth(7)))


def test_the_way_back_from_an_asking_link_leads_to_where_it_was_followed(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("/glossary")
    chat.page.goto(ASKING)
    expect(chat.page).to_have_url(re.compile(r"\?c=[0-9a-f]{32}$"))
    asked = conversations(chat)
    chat.page.go_back()
    expect(chat.page).to_have_url(re.compile(r"/glossary$"))
    assert conversations(chat) == asked


def test_a_reload_in_the_middle_of_an_asking_link_asks_nothing_twice(
    open_chat: OpenChat,
) -> None:
    chat = open_chat("/glossary")
    chat.page.request.delete("/conversations")
    chat.says(LONG, pace_s=0.06)
    chat.page.goto(ASKING)
    chat.pending.locator(".answer p").first.wait_for()
    chat.page.reload()
    expect(chat.turns.locator(".asked")).to_have_text(QUESTION)
    assert len(chat.model.requests) == 1
    assert conversations(chat) == 1
