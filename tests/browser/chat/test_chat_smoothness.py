"""What is measured of a conversation while it is read and goes on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Server
from tests.browser.smoothness import LONG, conversation
from tests.services.scripted_model import ScriptedModel, by_words

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_every_moment_of_a_conversation_is_measured_and_nothing_shifts(
    browser: Browser, chat_server: Server, model: ScriptedModel
) -> None:
    model.script = by_words(LONG, 0.01)
    moments = {moment.name: moment for moment in conversation(browser, chat_server.url, 22)}
    assert list(moments) == [
        "opened",
        "earlier turns shown",
        "scrolled",
        "question typed",
        "answer written",
    ]
    assert len(moments["earlier turns shown"].results) == 1
    assert len(moments["answer written"].results) == 1
    assert all(moment.gaps for moment in moments.values())
    assert moments["answer written"].shift == 0
