"""Past conversations and ratings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.api.contract.serving import until
from tests.browser.chat.conftest import LONG, QUESTION, Chat, OpenChat

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def opened(chat: Chat) -> Chat:
    """A conversation of one question, alone in the list."""
    chat.page.request.delete("/conversations")
    chat.ask()
    return chat


def feedback_of(chat: Chat) -> dict[str, str] | None:
    conversation_id = chat.page.url.partition("?c=")[2]
    turns = chat.page.request.get(f"/conversations/{conversation_id}").json()["turns"]
    found: dict[str, str] | None = turns[-1]["feedback"]
    return found


def test_a_reload_shows_the_conversation_again(opened: Chat) -> None:
    opened.page.reload()
    expect(opened.turns.locator(".asked")).to_have_text(QUESTION)
    current = opened.page.locator('.conversations a[aria-current="page"]')
    expect(current).to_have_text(QUESTION)
    opened.ask("What formulas does it have?")
    expect(opened.turns).to_have_count(2)


def test_a_reload_in_the_middle_of_an_answer_goes_on_with_it(chat: Chat) -> None:
    chat.says(LONG, pace_s=0.06)
    chat.begin()
    chat.pending.locator(".answer p").first.wait_for()
    chat.page.reload()
    chat.turns.first.wait_for()
    expect(chat.turns).to_have_count(1)
    assert len(chat.model.requests) == 1


def test_the_way_back_leads_to_the_first_page(opened: Chat) -> None:
    opened.page.go_back()
    expect(opened.page.locator(".welcome")).to_be_visible()


def test_a_conversation_is_renamed_in_place(opened: Chat) -> None:
    item = opened.page.locator(".conversations li").first
    item.hover()
    item.get_by_role("button", name="Rename").click()
    title = opened.page.get_by_label("Title of the conversation")
    title.fill("About <b>yardsticks</b>")
    title.press("Enter")
    expect(item.locator("a")).to_have_text("About <b>yardsticks</b>")
    opened.page.reload()
    expect(opened.page.locator(".conversations a").first).to_have_text("About <b>yardsticks</b>")


def test_renaming_can_be_given_up(opened: Chat) -> None:
    item = opened.page.locator(".conversations li").first
    item.hover()
    item.get_by_role("button", name="Rename").click()
    opened.page.get_by_label("Title of the conversation").fill("Something else")
    opened.page.keyboard.press("Escape")
    expect(item.locator("a")).to_have_text(QUESTION)
    expect(item.get_by_role("button", name="Rename")).to_be_focused()


def test_a_deleted_conversation_can_be_had_back_and_is_gone_otherwise(opened: Chat) -> None:
    item = opened.page.locator(".conversations li").first
    item.hover()
    item.get_by_role("button", name="Delete").click()
    expect(item).to_be_hidden()
    opened.page.get_by_role("button", name="Undo").click()
    expect(item).to_be_visible()
    item.get_by_role("button", name="Delete").click()
    opened.page.goto("about:blank")  # the page is left before the time to undo is over
    assert until(lambda: not opened.page.request.get("/conversations").json()["conversations"])


def test_asking_in_a_conversation_takes_its_deletion_back(opened: Chat) -> None:
    item = opened.page.locator(".conversations li").first
    item.hover()
    item.get_by_role("button", name="Delete").click()
    expect(item).to_be_hidden()
    opened.ask("What formulas does it have?")
    expect(item).to_be_visible()
    opened.page.goto("about:blank")  # would delete what is still to be deleted
    listed = opened.page.request.get("/conversations").json()["conversations"]
    assert [conversation["turn_count"] for conversation in listed] == [2]


def test_the_title_is_that_of_the_conversation_from_its_first_answer_on(opened: Chat) -> None:
    heading = opened.page.locator("h1")
    expect(heading).to_have_text(QUESTION)
    expect(opened.page).to_have_title(f"{QUESTION} – AI Factory Chat")
    item = opened.page.locator(".conversations li").first
    item.hover()
    item.get_by_role("button", name="Rename").click()
    opened.page.get_by_label("Title of the conversation").fill("Yardsticks")
    item.get_by_role("button", name="Save").click()
    expect(heading).to_have_text("Yardsticks")
    expect(opened.page).to_have_title("Yardsticks – AI Factory Chat")


def test_a_title_is_kept_when_its_field_is_left_and_not_when_it_is_cancelled(opened: Chat) -> None:
    item = opened.page.locator(".conversations li").first
    title = opened.page.get_by_label("Title of the conversation")
    item.hover()
    item.get_by_role("button", name="Rename").click()
    title.fill("Given up")
    item.get_by_role("button", name="Cancel").click()
    expect(item.locator("a")).to_have_text(QUESTION)
    item.get_by_role("button", name="Rename").click()
    title.fill("Left")
    opened.box.click()
    expect(title).to_have_count(0)
    expect(item.locator("a")).to_have_text("Left")


def test_a_conversation_is_one_stop_and_the_arrows_lead_on(opened: Chat) -> None:
    opened.page.goto("/")
    opened.ask("What is a zebra?")
    rows = opened.page.locator(".conversations li")
    keyboard = opened.page.keyboard
    rows.nth(0).locator("a").focus()
    keyboard.press("Tab")
    expect(rows.nth(1).locator("a")).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("ArrowRight")
    expect(rows.nth(0).get_by_role("button", name="Rename")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(rows.nth(0).get_by_role("button", name="Delete")).to_be_focused()
    keyboard.press("ArrowLeft")
    keyboard.press("ArrowLeft")
    expect(rows.nth(0).locator("a")).to_be_focused()


def test_conversations_are_found_by_their_title(opened: Chat) -> None:
    search = opened.page.get_by_label("Search conversations")
    search.fill("no such title")
    none = opened.page.locator(".history .none")
    expect(none).to_have_text("No conversation has “no such title” in its title.")
    search.fill("YARDSTICK")
    expect(opened.page.locator(".conversations li")).to_have_count(1)


def test_an_answer_is_rated_with_a_reason(opened: Chat) -> None:
    turn = opened.turns.first
    up, down = turn.get_by_role("button", name="Good"), turn.get_by_role("button", name="Bad")
    opened.page.set_viewport_size({"width": 1280, "height": 420})  # the tools are low in it
    up.click()
    expect(up).to_have_attribute("aria-pressed", "true")
    assert (feedback_of(opened) or {})["rating"] == "up"
    down.click()
    expect(up).to_have_attribute("aria-pressed", "false")
    form, composer = turn.locator(".feedback").bounding_box(), opened.page.locator(".composer")
    box = composer.bounding_box()
    assert form
    assert box
    assert form["y"] + form["height"] <= box["y"]
    turn.get_by_label("What was wrong").fill("Too short")
    turn.get_by_role("button", name="Send").click()
    expect(opened.page.locator("#toast")).to_contain_text("Thank you")
    assert (feedback_of(opened) or {})["reason"] == "Too short"
    down.click()
    expect(down).to_have_attribute("aria-pressed", "false")
    assert feedback_of(opened) is None


def test_on_a_narrow_page_the_list_is_a_drawer(open_chat: OpenChat) -> None:
    chat = open_chat(viewport={"width": 320, "height": 640})
    chat.ask()
    history = chat.page.get_by_label("Conversations", exact=True)
    expect(history).to_be_hidden()
    chat.page.get_by_role("button", name="Conversations").click()
    expect(history).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(history).to_be_hidden()


def test_earlier_questions_of_a_long_conversation_come_on_demand(
    open_chat: OpenChat, chat: Chat
) -> None:
    chat.ask()
    conversation_id = chat.page.url.partition("?c=")[2]
    for number in range(21):
        body = {
            "question": f"What is yardstick {number}?",
            "conversation_id": conversation_id,
            "llm": "extractive",
        }
        assert chat.page.request.post("/chat", data=body).ok
    chat.page.reload()
    expect(chat.turns).to_have_count(20)
    chat.page.get_by_role("link", name="Show earlier").click()
    expect(chat.turns).to_have_count(22)
    expect(chat.turns.first.locator(".asked")).to_have_text(QUESTION)
    assert re.fullmatch(r".*\?c=[0-9a-f]{32}", chat.page.url)
