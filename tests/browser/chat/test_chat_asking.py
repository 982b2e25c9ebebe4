"""Asking: type-ahead, the streamed answer, its citations, stop and retry."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Route, expect

from api.pages.turn_view import INSTEAD
from tests.browser.chat.conftest import LONG, QUESTION, TOLD, Chat, OpenChat
from tests.services.scripted_model import dies, says

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
QUOTE = TOLD.removesuffix(" [1].") + "."


def test_an_answer_streams_in_without_moving_what_is_there(chat: Chat) -> None:
    chat.page.evaluate(SHIFTS)
    first, *more = LONG.partition("\n- Write")
    chat.replies(says(first, "".join(more), pace_s=1.5))
    chat.begin()
    expect(chat.pending.locator(".answer p").first).to_contain_text("A yardstick sample")
    expect(chat.pending.locator("button.marker").first).to_be_visible()
    turn = chat.turns.first
    expect(turn.locator(".answer ul > li")).to_have_count(2)
    assert chat.pending.count() == 0
    assert chat.page.evaluate("window.shifted") < 0.01


def test_the_finished_answer_reads_as_the_streamed_one(chat: Chat) -> None:
    chat.replies(says(f"{LONG}\n\n", LONG, pace_s=1.5))
    chat.begin()
    chat.pending.locator(".answer p").nth(1).wait_for()
    expect(chat.pending.locator(".answer ul > li > strong")).to_have_text("weigh")
    streamed = chat.pending.locator(".answer").inner_text().split()
    finished = chat.turns.first.locator(".answer").inner_text().split()
    assert finished[: len(streamed)] == streamed


def test_the_highlighted_characters_are_the_quote(chat: Chat) -> None:
    turn = chat.ask()
    answer_id = turn.get_attribute("data-answer")
    record = chat.page.request.get(f"/answers/{answer_id}").json()
    assert record["citations"][0]["quote"] == QUOTE
    turn.locator("button.marker").first.click()
    panel = chat.page.get_by_role("dialog", name="Source 1")
    expect(panel.locator("mark")).to_have_text(QUOTE)
    expect(panel.locator(".prose table").first).to_be_visible()
    with chat.page.expect_navigation():
        panel.get_by_role("link", name="Open the entry").click()
    expect(chat.page.locator("mark#quote")).to_have_text(QUOTE)


def test_hovering_a_marker_shows_the_quote_in_its_context(chat: Chat) -> None:
    turn = chat.ask()
    turn.locator("button.marker").first.hover()
    tip = chat.page.get_by_role("tooltip")
    expect(tip.locator("mark")).to_have_text(QUOTE)
    expect(tip).to_contain_text("The mean is")
    chat.page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_a_follow_up_says_what_was_searched_for(chat: Chat) -> None:
    chat.ask()
    turn = chat.ask("What formulas does it have?")
    expect(turn.locator(".searched")).to_contain_text("yardstick sample")
    assert chat.page.url.count("?c=") == 1


def test_an_unanswerable_question_offers_the_nearest_terms(chat: Chat) -> None:
    turn = chat.ask("Who won the football world cup?")
    expect(turn).to_have_class(re.compile("unanswerable"))
    expect(turn.locator(".source")).to_have_count(0)
    expect(turn.locator(".answer")).to_have_text("The glossary does not answer this question.")
    expect(turn.locator(".how > summary")).to_contain_text("No answer found, searched in")
    term = turn.locator(".nearest a").first
    asked = term.get_attribute("data-question")
    term.click()
    expect(chat.turns.nth(1).locator(".asked")).to_have_text(asked or "")


def test_an_example_is_asked_with_a_click(chat: Chat) -> None:
    example = chat.page.locator(".examples a").first
    question = example.inner_text()
    example.click()
    expect(chat.turns.first.locator(".asked")).to_have_text(question)


def test_a_shared_link_asks_again(open_chat: OpenChat) -> None:
    chat = open_chat("/?q=What+is+a+yardstick+sample%3F")
    expect(chat.turns.first.locator(".asked")).to_have_text(QUESTION)
    expect(chat.page).to_have_url(re.compile(r"\?c=[0-9a-f]{32}$"))


def test_stopping_stops_the_model_and_leaves_what_was_written(chat: Chat) -> None:
    chat.says(LONG * 9, pace_s=0.05)
    chat.begin()
    chat.pending.locator(".answer p").first.wait_for()
    chat.page.get_by_role("button", name="Stop").click()
    expect(chat.pending.locator(".trouble-text")).to_contain_text("Stopped")
    expect(chat.pending.locator(".answer")).to_contain_text("A yardstick sample")
    assert chat.model.requests[0].has_hung_up()
    chat.says(TOLD)
    chat.pending.get_by_role("button", name="Ask again").click()
    expect(chat.turns.first.locator(".answer")).to_contain_text("A yardstick sample")


def test_stopping_before_the_first_event_stops_the_model_too(chat: Chat) -> None:
    chat.says(LONG * 9, pace_s=0.05)
    held: list[Route] = []
    chat.page.route("**/chat/stream", lambda route: held.append(route))
    chat.begin()
    expect(chat.pending.locator(".progress-text")).to_be_visible()
    chat.page.get_by_role("button", name="Stop").click()
    expect(chat.pending.locator(".trouble-text")).to_have_text("Stopped.")
    with chat.page.expect_response(lambda response: response.request.method == "DELETE") as told:
        held[0].continue_()
    assert told.value.status == 204
    assert all(request.has_hung_up() for request in chat.model.requests)  # if it was asked at all


def test_enter_while_an_answer_is_written_says_why_nothing_is_asked(chat: Chat) -> None:
    chat.says(LONG * 9, pace_s=0.05)
    chat.begin()
    chat.pending.locator(".answer p").first.wait_for()
    chat.begin("What formulas does it have?")
    expect(chat.page.locator("#toast")).to_contain_text("still being written")
    expect(chat.box).to_have_value("What formulas does it have?")
    chat.page.get_by_role("button", name="Stop").click()


def test_a_question_that_is_too_long_stays_in_the_box(chat: Chat) -> None:
    room = chat.page.locator("#room")
    chat.box.fill("x" * 1799)
    expect(room).to_be_hidden()
    chat.box.fill("x" * 1900)
    expect(room).to_have_text("100 of 2,000 characters left")
    chat.box.fill("x" * 2001)
    expect(room).to_have_text("1 characters too many: a question may have 2,000.")
    chat.box.press("Enter")
    assert len(chat.box.input_value()) == 2001
    expect(chat.page.locator(".turn")).to_have_count(0)


def test_of_a_long_question_the_beginning_is_shown_until_all_of_it_is_wanted(chat: Chat) -> None:
    turn = chat.ask("What is a yardstick sample and what is it for? " * 40)
    asked = turn.locator(".asked")
    height = "element => element.clientHeight"
    assert asked.evaluate(height) < 200
    turn.get_by_role("button", name="Show the whole question").click()
    assert asked.evaluate(height) > 400
    turn.get_by_role("button", name="Show the beginning only").click()
    assert asked.evaluate(height) < 200


def test_the_progress_stands_under_the_question(chat: Chat) -> None:
    held: list[Route] = []
    chat.page.route("**/chat/stream", lambda route: held.append(route))
    chat.begin()
    asked = chat.pending.locator(".asked").bounding_box()
    progress = chat.pending.locator(".progress").bounding_box()
    assert asked
    assert progress
    assert 0 <= progress["y"] - asked["y"] - asked["height"] < 40
    held[0].continue_()
    chat.turns.first.wait_for()


def test_quotes_of_one_entry_share_a_card(chat: Chat) -> None:
    turn = chat.ask()
    expect(turn.locator(".source-card")).to_have_count(1)
    expect(turn.locator(".source-card .source .number")).to_have_text(["1", "2", "3"])
    turn.locator(".source .number").nth(1).click()
    expect(chat.page.get_by_role("dialog", name="Source 2").locator("mark").first).to_be_visible()


def test_a_stopped_question_can_be_edited(chat: Chat) -> None:
    chat.says(LONG * 9, pace_s=0.05)
    chat.begin()
    chat.pending.locator(".answer p").first.wait_for()
    chat.page.get_by_role("button", name="Stop").click()
    chat.pending.get_by_role("button", name="Edit the question").click()
    expect(chat.box).to_have_value(QUESTION)
    expect(chat.box).to_be_focused()


def test_when_the_model_fails_quotes_stand_in_and_it_is_said(chat: Chat) -> None:
    chat.replies(dies("Not "))
    turn = chat.ask()
    expect(turn.get_by_role("note")).to_have_text(INSTEAD)
    turn.locator(".how > summary").click()
    expect(turn.locator(".cause")).to_contain_text("language model")
    expect(turn.locator(".source").first).to_be_visible()


def test_terms_are_offered_while_typing_and_taken_with_the_keyboard(chat: Chat) -> None:
    chat.box.press_sequentially("What is a yards")
    options = chat.page.get_by_role("option")
    expect(options.first).to_contain_text("Yardstick sample")
    chat.box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert chat.box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    chat.box.press("Enter")
    expect(chat.box).to_have_value("What is a Yardstick sample")
    expect(options).to_have_count(0)
    assert chat.pending.count() == 0
    chat.box.press("Shift+Enter")
    expect(chat.box).to_have_value("What is a Yardstick sample\n")
    chat.box.press("Enter")
    chat.turns.first.wait_for()


def test_the_details_tell_the_model_the_stages_and_the_candidates(chat: Chat) -> None:
    chat.says(TOLD + " It was invented in 1850 in Toronto [1].")
    turn = chat.ask()
    turn.locator(".how > summary").click()
    expect(turn.locator(".how > summary")).to_contain_text("scripted")
    expect(turn.locator(".stages")).to_contain_text("Writing and checking")
    expect(turn.locator(".inspected tbody th").first).to_have_text("Yardstick sample")
    expect(turn.locator(".withheld li")).to_contain_text("invented in 1850")
    expect(turn.locator(".message summary").first).to_have_text("system")


def test_an_answer_is_copied_as_markdown_and_shared_as_a_link(open_chat: OpenChat) -> None:
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"])
    turn = chat.ask()
    turn.get_by_role("button", name="Copy as Markdown").click()
    toast = chat.page.locator("#toast")
    expect(toast).to_contain_text("Copied as Markdown")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"**{QUESTION}**\n\n{QUOTE} [1]\n\n")
    assert re.search(
        r"1\. \[Yardstick sample\]\(http\S+/glossary/yardstick-sample\?\S+#quote\)", copied
    )
    turn.get_by_role("button", name="Copy a link").click()
    expect(toast).to_contain_text("stays private")
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    assert copied.endswith("/?q=What+is+a+yardstick+sample%3F")


def test_the_link_of_a_follow_up_asks_what_was_searched_for(open_chat: OpenChat) -> None:
    chat = open_chat(permissions=["clipboard-read", "clipboard-write"])
    chat.ask()
    turn = chat.ask("What formulas does it have?")
    searched = turn.locator(".searched q").inner_text()
    assert "yardstick sample" in searched.lower()
    turn.get_by_role("button", name="Copy a link").click()
    expect(chat.page.locator("#toast")).to_contain_text("stays private")
    copied = urlsplit(chat.page.evaluate("navigator.clipboard.readText()"))
    assert parse_qs(copied.query) == {"q": [searched]}
