"""A server that asks for an API key: signed in once, every page opens, with scripts and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat.conftest import QUESTION, Chat, OpenChat
from tests.browser.conftest import Server, Watched, run, serving

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SPAN = "/glossary/yardstick-sample?start=0&end=20"


@pytest.fixture(scope="module")
def key(chat_home: Path) -> str:
    told = run(chat_home, "keys", "create", "page").split()
    return next(word for word in told if word.startswith("aif_"))


@pytest.fixture(scope="module")
def locked(chat_home: Path, key: str) -> Iterator[Server]:
    with serving(chat_home, AIFACTORY_KEYS="required") as running:
        yield running


@pytest.fixture
def open_locked(open_chat: OpenChat, locked: Server, watched: Watched) -> OpenChat:
    watched.allowed.append("401")
    return lambda path="/", **options: open_chat(path, base_url=locked.url, **options)


def sign_in(page: Page, key: str) -> None:
    field = page.get_by_label("API key")
    expect(field).to_be_focused()
    field.fill(key)
    field.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.wait_for_load_state()


def test_one_key_opens_the_chat_and_every_page_it_leads_to(open_locked: OpenChat, key: str) -> None:
    chat = open_locked()
    page = chat.page
    page.get_by_label("API key").fill("aif_wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This API key is unknown, revoked or expired.")
    sign_in(page, key)
    expect(page).to_have_title("AI Factory Chat")
    turn = chat.ask()
    turn.locator("button.marker").first.click()
    expect(page.locator("#panel mark").first).to_be_visible()
    entry = page.locator("#panel").get_by_role("link", name="Open the entry")
    page.goto(entry.get_attribute("href") or "")
    expect(page.locator("mark#quote")).to_be_visible()
    for name, heading in (("Glossary", "AI Factory Glossary"), ("Evaluation", "Evaluation")):
        page.get_by_role("navigation", name="Pages").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.go_back()
    page.go_back()
    page.go_back()
    page.reload()
    expect(chat.turns.first.locator(".asked")).to_have_text(QUESTION)


def test_the_key_is_out_of_reach_for_scripts(open_locked: OpenChat, key: str) -> None:
    page = open_locked().page
    sign_in(page, key)
    kept = "Object.values(sessionStorage).concat(Object.values(localStorage), document.cookie)"
    assert key not in page.evaluate(f"{kept}.join()")
    cookie = page.context.cookies()[0]
    assert (cookie["value"], cookie["httpOnly"], cookie["sameSite"]) == (key, True, "Strict")
    assert cookie["expires"] == -1


def test_signing_in_works_without_scripts_and_leads_where_one_wanted(
    open_locked: OpenChat, key: str
) -> None:
    page = open_locked(f"{SPAN}", java_script_enabled=False).page
    sign_in(page, key)
    assert page.url.endswith(SPAN)
    expect(page.locator("mark#quote")).to_be_visible()
    page.get_by_role("link", name="Chat", exact=True).click()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".turn[data-answer] .asked")).to_have_text(QUESTION)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("API key")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_label("API key")).to_be_visible()


def test_signing_in_leads_to_the_quoted_words(open_locked: OpenChat, key: str) -> None:
    page = open_locked(f"{SPAN}#quote").page
    sign_in(page, key)
    assert page.url.endswith(f"{SPAN}#quote")


def test_a_link_on_a_page_elsewhere_opens_for_who_is_signed_in(
    open_locked: OpenChat, locked: Server, key: str
) -> None:
    page = open_locked().page
    sign_in(page, key)
    page.goto("about:blank")
    page.set_content(f'<a href="{locked.url}{SPAN}#quote">a glossary</a>')
    page.get_by_role("link").click()
    expect(page.locator("mark#quote")).to_be_visible()
    assert page.url == f"{locked.url}{SPAN}#quote"


def stop_key(chat: Chat) -> None:
    """Make the key stop working for the page, as signing out elsewhere does."""
    chat.page.context.clear_cookies()


def test_a_key_that_stops_working_can_be_replaced_and_no_question_is_lost(
    open_locked: OpenChat, key: str
) -> None:
    chat = open_locked()
    sign_in(chat.page, key)
    stop_key(chat)
    chat.begin()
    dialog = chat.page.get_by_role("dialog")
    field = dialog.get_by_label("API key")
    expect(field).to_be_focused()
    field.fill("aif_wrong")
    field.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("unknown, revoked or expired")
    field.fill(key)
    field.press("Enter")
    expect(chat.turns.first.locator(".asked")).to_have_text(QUESTION)
    expect(dialog).to_be_hidden()


def test_without_another_key_the_question_stays_to_be_asked_again(
    open_locked: OpenChat, key: str
) -> None:
    chat = open_locked()
    sign_in(chat.page, key)
    stop_key(chat)
    chat.begin()
    chat.page.get_by_role("button", name="Not now").click()
    expect(chat.page.locator(".turn.failed .asked")).to_have_text(QUESTION)
    expect(chat.page.locator(".turn.failed")).to_contain_text("an API key is needed")


def test_terms_typed_after_the_key_stopped_working_ask_for_one(
    open_locked: OpenChat, key: str, locked: Server
) -> None:
    chat = open_locked("/glossary")
    sign_in(chat.page, key)
    stop_key(chat)
    chat.page.get_by_label("Find a term").press_sequentially("chip")
    expect(chat.page.get_by_label("API key")).to_be_visible()
    sign_in(chat.page, key)
    assert chat.page.url == f"{locked.url}/glossary?q=chip"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_asking_for_a_key_has_no_barrier(
    open_locked: OpenChat, key: str, violations: Callable[[Page], list[str]], theme: str
) -> None:
    chat = open_locked(color_scheme=theme)
    assert violations(chat.page) == []
    chat.page.get_by_label("API key").fill("aif_wrong")
    chat.page.keyboard.press("Enter")
    expect(chat.page.get_by_role("alert")).not_to_be_empty()
    assert violations(chat.page) == []
    sign_in(chat.page, key)
    assert violations(chat.page) == []
    stop_key(chat)
    chat.begin()
    expect(chat.page.get_by_role("dialog")).to_be_visible()
    assert violations(chat.page) == []
