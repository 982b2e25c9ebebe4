"""A server that asks for an API key: entered once for a tab, sent with every request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat.conftest import QUESTION, OpenChat
from tests.browser.conftest import Server, Watched, run, serving

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture(scope="module")
def key(chat_home: Path) -> str:
    told = run(chat_home, "keys", "create", "page").split()
    return next(word for word in told if word.startswith("aif_"))


@pytest.fixture(scope="module")
def locked(chat_home: Path, key: str) -> Iterator[Server]:
    with serving(chat_home, AIFACTORY_KEYS="required") as running:
        yield running


def test_the_page_asks_for_a_key_and_keeps_it_for_the_tab(
    open_chat: OpenChat, locked: Server, key: str, watched: Watched
) -> None:
    watched.allowed.append("401")
    chat = open_chat(base_url=locked.url)
    field = chat.page.get_by_label("API key")
    expect(field).to_be_focused()
    field.fill("aif_wrong")
    field.press("Enter")
    expect(chat.page.get_by_role("alert")).to_contain_text("unknown, revoked or expired")
    field.fill(key)
    field.press("Enter")
    turn = chat.ask()
    turn.locator("button.marker").first.click()
    expect(chat.page.locator("#panel mark").first).to_be_visible()
    chat.page.reload()
    expect(chat.turns.first.locator(".asked")).to_have_text(QUESTION)
    assert chat.page.evaluate("Object.values(sessionStorage)").count(key) == 1
    assert chat.page.evaluate("localStorage.length + document.cookie.length") == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_field_for_the_key_has_no_barrier(
    open_chat: OpenChat,
    locked: Server,
    watched: Watched,
    violations: Callable[[Page], list[str]],
    theme: str,
) -> None:
    watched.allowed.append("401")
    chat = open_chat(base_url=locked.url, color_scheme=theme)
    assert violations(chat.page) == []
