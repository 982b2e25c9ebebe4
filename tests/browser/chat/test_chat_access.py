"""For everybody: keyboard alone, screen readers, both themes, narrow pages, paper, no script."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.chat.conftest import LONG, Chat, OpenChat
from tests.browser.conftest import OpenPage, Server, Watched

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

Violations = Callable[[Page], list[str]]
STREAM = "**/chat/stream"
REFUSALS = {
    "gone": (404, "ConversationMissing"),
    "full": (409, "ConversationFull"),
    "failed": (500, "Unexpected"),
}
EXPECTED = ["404", "409", "500", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 640}


def in_every_state(chat: Chat, look: Callable[[str], None]) -> None:
    """Take the page through its states; `look` is called in each with its name."""
    page = chat.page
    look("welcome")
    chat.box.press_sequentially("yards")
    page.get_by_role("option").first.wait_for()
    chat.box.press("ArrowDown")
    look("suggestions")
    held: list[Route] = []
    page.route(STREAM, lambda route: held.append(route))
    chat.begin()
    look("searching")
    chat.says(LONG, pace_s=0.25)
    held[0].continue_()
    page.unroute(STREAM)
    chat.pending.locator(".answer li").first.wait_for()
    look("streaming")
    page.get_by_role("button", name="Stop").click()
    chat.pending.locator(".trouble").wait_for()
    look("stopped")
    chat.says(LONG)
    turn = chat.ask()
    look("answered")
    turn.locator(".how > summary").click()
    turn.locator(".inspected").wait_for()
    turn.get_by_role("button", name="Bad").click()
    turn.locator(".feedback").wait_for()
    look("details and feedback")
    turn.locator("button.marker").first.hover()
    page.get_by_role("tooltip").locator("mark").wait_for()
    look("tip")
    turn.locator("button.marker").first.click()
    page.locator("#panel .entry-part").wait_for()
    look("panel")
    page.keyboard.press("Escape")
    chat.ask("Who won the football world cup?")
    look("unanswerable")
    chat.ask("What is a yardstick sample and what is it for? " * 10)
    look("long question")
    for state, (status, kind) in REFUSALS.items():
        body = json.dumps({"error": {"type": kind, "message": "That did not work."}})
        page.route(STREAM, partial(Route.fulfill, status=status, body=body))
        chat.begin()
        chat.pending.locator(".trouble").wait_for()
        look(state)
        page.unroute(STREAM)
    in_every_wait(chat, look)


def in_every_wait(chat: Chat, look: Callable[[str], None]) -> None:
    """Take the page through what it waits for."""
    page = chat.page
    page.route(STREAM, lambda route: route.abort())
    chat.begin()
    page.get_by_role("button", name="Try now").wait_for()
    look("waiting")
    page.get_by_role("button", name="Stop").click()
    page.unroute(STREAM)
    page.context.set_offline(True)
    chat.begin()
    expect(chat.pending.locator(".progress-text")).to_contain_text("You are offline")
    look("offline")
    page.get_by_role("button", name="Stop").click()
    page.context.set_offline(False)


def test_no_state_has_a_barrier_in_either_theme(
    open_chat: OpenChat, violations: Violations, watched: Watched
) -> None:
    watched.allowed.extend(EXPECTED)
    chat = open_chat(color_scheme="light", viewport=WIDE)
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        found[state] = violations(chat.page)
        chat.page.emulate_media(color_scheme="dark")
        found[f"{state}, dark"] = violations(chat.page)
        chat.page.emulate_media(color_scheme="light")

    in_every_state(chat, look)
    assert {state: problems for state, problems in found.items() if problems} == {}


def test_no_state_is_wider_than_a_narrow_window(
    open_chat: OpenChat, violations: Violations, watched: Watched
) -> None:
    watched.allowed.extend(EXPECTED)
    chat = open_chat(viewport=NARROW)
    found: dict[str, list[str]] = {}

    def look(state: str) -> None:
        problems = violations(chat.page) if state == "panel" else []
        found[state] = problems + overflow(chat.page)

    in_every_state(chat, look)
    chat.page.get_by_role("button", name="Conversations").click()
    found["drawer"] = violations(chat.page) + overflow(chat.page)
    assert {state: problems for state, problems in found.items() if problems} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_without_a_glossary_has_no_barrier(
    open_chat: OpenChat, empty_server: Server, violations: Violations, watched: Watched, theme: str
) -> None:
    watched.allowed.append("503")
    chat = open_chat(base_url=empty_server.url, color_scheme=theme)
    assert violations(chat.page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_a_deleted_conversation_has_no_barrier(
    open_chat: OpenChat, violations: Violations, watched: Watched, theme: str
) -> None:
    watched.allowed.append("404")
    chat = open_chat(f"/?c={'0' * 32}&q=What+is+it%3F", color_scheme=theme)
    assert violations(chat.page) == []


def test_the_skip_links_lead_past_the_conversations(chat: Chat) -> None:
    chat.ask()
    chat.page.reload()
    keyboard = chat.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Enter")
    keyboard.press("Tab")
    assert chat.page.evaluate("document.activeElement.closest('#column') !== null")
    chat.page.reload()
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.press("Enter")
    expect(chat.box).to_be_focused()


def overflow(page: Page) -> list[str]:
    width = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{width} px wider than the window"] if width > 0 else []


def test_everything_can_be_done_with_the_keyboard_alone(chat: Chat) -> None:
    keyboard = chat.page.keyboard
    expect(chat.box).to_be_focused()
    keyboard.press("Shift+Tab")
    keyboard.press("/")
    expect(chat.box).to_be_focused()
    keyboard.type("What is a yardstick sample?")
    keyboard.press("Enter")
    turn = chat.turns.first
    turn.wait_for()
    marker = turn.locator("button.marker").first
    keyboard.press("Escape")
    until_focused(chat, "button.marker")
    expect(marker).to_be_focused()
    expect(chat.page.get_by_role("tooltip")).to_be_visible()
    keyboard.press("Enter")
    panel = chat.page.get_by_role("dialog")
    expect(panel.get_by_role("heading", name="Source 1")).to_be_focused()
    keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(marker).to_be_focused()
    keyboard.press("/")
    expect(chat.box).to_be_focused()


def until_focused(chat: Chat, selector: str) -> None:
    """Go back with Shift+Tab to the first element of the thread that matches."""
    for _ in range(60):
        chat.page.keyboard.press("Shift+Tab")
        first = f"document.activeElement === document.querySelector('#thread {selector}')"
        if chat.page.evaluate(first):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def test_screen_readers_hear_the_stages_and_the_end_but_not_every_word(chat: Chat) -> None:
    chat.page.evaluate(
        "() => { const status = document.getElementById('status'); window.heard = [];"
        " new MutationObserver(() => window.heard.push(status.textContent))"
        " .observe(status, { childList: true }); }"
    )
    chat.says(LONG, pace_s=0.01)
    chat.ask()
    expect(chat.page.locator("#status")).to_have_text("Answered, with 3 sources.")
    assert chat.page.evaluate("window.heard") == [
        "Searching the glossary.",
        "Answered, with 3 sources.",
    ]


def test_on_paper_there_is_the_answer_with_its_sources_and_nothing_else(chat: Chat) -> None:
    turn = chat.ask()
    chat.page.emulate_media(media="print")
    expect(turn.locator(".answer")).to_be_visible()
    expect(turn.locator(".source").first).to_be_visible()
    for hidden in (".composer", ".history", ".tools", ".how", ".site-header"):
        expect(chat.page.locator(hidden).first).to_be_hidden()


def test_without_scripts_a_question_and_its_follow_up_are_answered(
    open_page: OpenPage, chat_server: Server
) -> None:
    page = open_page("/", java_script_enabled=False, base_url=chat_server.url)
    page.get_by_label("Your question").fill("What is a yardstick sample?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".turn .answer")).to_contain_text("A yardstick sample")
    page.get_by_label("Your question").fill("What formulas does it have?")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator(".turn[data-answer]")).to_have_count(2)
    page.locator("a.marker").first.click()
    expect(page.locator(".source:target")).to_be_visible()
    expect(page.locator(".tools").first).to_be_hidden()
    page.locator(".source-term").first.click()
    expect(page.locator("mark#quote")).to_be_visible()


def test_a_shared_link_leads_to_the_answer_without_scripts(
    open_page: OpenPage, chat_server: Server
) -> None:
    path = "/?q=What+is+a+yardstick+sample%3F"
    page = open_page(path, java_script_enabled=False, base_url=chat_server.url)
    page.get_by_role("link", name="Show the answer").click()
    expect(page.locator(".turn .answer")).to_contain_text("A yardstick sample")
