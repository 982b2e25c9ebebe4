"""A server with a scripted language model, and the chat page open on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page
from pytest_socket import enable_socket

from tests.browser.conftest import OpenPage, Server, serving
from tests.services.scripted_model import Reply, ScriptedModel, by_words, scripted_model

QUESTION = "What is a yardstick sample?"
TOLD = "A yardstick sample shows every notation that an entry can use [1]."
LONG = "\n\n".join([TOLD, "- First **weigh** the yardstick [1].\n- Write both down [1].", TOLD])


@dataclass(frozen=True)
class Chat:
    """The chat page as a person uses it."""

    page: Page
    model: ScriptedModel

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Your question")

    @property
    def turns(self) -> Locator:
        """The answered questions."""
        return self.page.locator(".turn[data-answer]")

    @property
    def pending(self) -> Locator:
        return self.page.locator(".turn.pending").last

    def begin(self, question: str = QUESTION) -> None:
        """Ask, and do not wait for the answer."""
        self.box.fill(question)
        self.box.press("Enter")

    def ask(self, question: str = QUESTION) -> Locator:
        """Ask and return the answered turn."""
        number = self.turns.count()
        self.begin(question)
        turn = self.turns.nth(number)
        turn.wait_for()
        return turn

    def says(self, text: str, pace_s: float = 0) -> None:
        """Make the model say a text word by word."""
        self.replies(by_words(text, pace_s))

    def replies(self, *replies: Reply) -> None:
        self.model.script = list(replies)
        self.model.requests.clear()


@pytest.fixture(scope="session")
def model() -> Iterator[ScriptedModel]:
    enable_socket()
    with scripted_model(by_words(LONG)) as running:
        yield running


@pytest.fixture(scope="session")
def chat_home(glossary_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the glossary with conversations of its own."""
    home = tmp_path_factory.mktemp("chat") / "home"
    shutil.copytree(glossary_home, home, ignore=shutil.ignore_patterns("conversations*"))
    return home


@pytest.fixture(scope="session")
def chat_server(chat_home: Path, model: ScriptedModel) -> Iterator[Server]:
    with serving(chat_home, AIFACTORY_LLM=model.llm) as running:
        yield running


OpenChat = Callable[..., Chat]


@pytest.fixture
def open_chat(open_page: OpenPage, chat_server: Server, model: ScriptedModel) -> OpenChat:
    """Open the chat page in a fresh context; the model answers faithfully at once."""

    def open_path(path: str = "/", **options: Any) -> Chat:
        model.script = by_words(LONG)
        model.requests.clear()
        given = {"base_url": chat_server.url, "reduced_motion": "reduce", **options}
        return Chat(open_page(path, **given), model)

    return open_path


@pytest.fixture
def chat(open_chat: OpenChat) -> Chat:
    return open_chat()
