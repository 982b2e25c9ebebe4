"""Nothing that is asked, written or stored runs as a script or becomes markup."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.chat.conftest import TOLD, Chat, OpenChat
from tests.browser.conftest import Watched

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SCRIPT = "<script>window.ran = 1</script>"
IMAGE = '<img src=x onerror="window.ran = 1">'
ZEBRA = "What is a Zebra <script>window.ran = 1</script>?"


def assert_nothing_ran(chat: Chat) -> None:
    assert chat.page.evaluate("window.ran") is None
    assert chat.page.locator("#thread :is(script, img, iframe, [onerror])").count() == 0


@pytest.mark.parametrize("question", [f"{SCRIPT} yardstick", f'"> {IMAGE} yardstick'])
def test_a_hostile_question_stays_text(chat: Chat, question: str) -> None:
    turn = chat.ask(question)
    expect(turn.locator(".asked")).to_have_text(question)
    assert_nothing_ran(chat)
    chat.page.reload()
    expect(turn.locator(".asked")).to_have_text(question)
    expect(chat.page.locator(".conversations a").first).to_have_text(question)
    assert_nothing_ran(chat)


def test_a_hostile_question_in_a_link_stays_text(open_chat: OpenChat) -> None:
    question = '"><img src=x onerror=window.ran=1> yardstick'
    chat = open_chat("/?" + urlencode({"q": question}))
    expect(chat.turns.first.locator(".asked")).to_have_text(question)
    assert_nothing_ran(chat)


def test_hostile_output_of_a_model_stays_text(chat: Chat) -> None:
    traps = f"{IMAGE} {SCRIPT} [click](javascript:window.ran=1) `{SCRIPT}`"
    chat.says(f"{TOLD} {traps} ![x](http://elsewhere.test/p.png) [1].\n")
    turn = chat.ask()
    assert turn.locator('a[href^="javascript:"]').count() == 0
    assert_nothing_ran(chat)


def test_a_hostile_entry_stays_text_in_answers_tips_panel_and_list(chat: Chat) -> None:
    chat.says("A zebra entry tries to run scripts [1].")
    turn = chat.ask(ZEBRA)
    turn.locator(".source").first.wait_for()
    turn.locator("button.marker").first.hover()
    expect(chat.page.get_by_role("tooltip").locator("mark").first).to_be_visible()
    turn.locator("button.marker").first.click()
    panel = chat.page.get_by_role("dialog")
    expect(panel.locator(".prose table")).to_be_visible()
    assert panel.locator("script, img, iframe, [onload], a[href^='javascript:']").count() == 0
    turn.locator(".how > summary").click()
    expect(turn.locator(".inspected")).to_be_visible()
    chat.page.keyboard.press("Escape")
    chat.box.press_sequentially("zebr")
    expect(chat.page.get_by_role("option").first).to_contain_text("<script>")
    assert_nothing_ran(chat)


def test_html_can_be_made_of_strings_by_nobody_else(chat: Chat, watched: Watched) -> None:
    watched.allowed.append("TrustedHTML")
    assert (
        chat.page.evaluate(
            "() => { try { document.body.innerHTML = '<b>x</b>'; return 'made'; }"
            " catch (error) { return error.name; } }"
        )
        == "TypeError"
    )
