"""`aifactory ask` and `chat` with a language model, over the small glossary of tests/rag."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import rag.opening
from api.cli import app
from indexes.store import Store
from rag.chat import Chat
from rag.ingestion import Ingestion, Request
from rag.settings import Settings
from tests.fakes import WordEmbedder
from tests.rag.conftest import WORDS, write_glossary
from tests.services.scripted_model import Script, dies, says, scripted_model
from tests.services.tiny_model import make_tiny_model

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

QUESTION = "What is a table lamp?"
FAITHFUL = "A table lamp is a small light for a desk [1]."
Asked = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Run a command over the small glossary with a language model."""
    embedder = WordEmbedder(*WORDS.split())
    store = Store(tmp_path / "home")
    Ingestion(store, embedder).run(Request((write_glossary(tmp_path / "glossary"),)))

    def opened(_: Settings, *__: object) -> Chat:
        return Chat(store.open(), embedder)

    monkeypatch.setattr(rag.opening, "open_chat", opened)
    return lambda *words, **more: CliRunner().invoke(app, list(words), **more)


def scripted(ask: Asked, script: Script, *words: str, **more: str) -> Result:
    with scripted_model(script) as server:
        return ask(*words, "--llm", server.llm, **more)


def test_ask_prints_what_the_model_wrote_and_the_sources_support(ask: Asked) -> None:
    said = f"Sure! {FAITHFUL} It was invented on Mars [1]."
    answer = json.loads(scripted(ask, says(said), "ask", QUESTION, "--json").stdout)
    assert answer["answer"] == "A table lamp is a small light for a desk. [1]"
    assert answer["model"] == "openai-compatible:scripted"
    assert [c["quote"] for c in answer["citations"]] == [
        "A table lamp is a small light for a desk."
    ]
    assert answer["notice"] == ""


def test_ask_falls_back_to_quotes_and_says_so(ask: Asked) -> None:
    result = scripted(ask, dies("A table la"), "ask", QUESTION)
    assert result.exit_code == 0
    assert "A table lamp is a small light for a desk." in result.stdout
    assert "Note: language model openai-compatible:scripted" in " ".join(result.stdout.split())


def test_a_model_that_says_nothing_supported_is_replaced_by_quotes(ask: Asked) -> None:
    result = scripted(ask, says("Lamps run on moonlight [1]."), "ask", QUESTION, "--json")
    answer = json.loads(result.stdout)
    assert "moonlight" not in answer["answer"]
    assert answer["model"] == "extractive"
    assert "supported by the sources" in answer["notice"]


def test_a_question_that_the_glossary_does_not_answer_is_not_put_to_the_model(ask: Asked) -> None:
    with scripted_model(says("Paris.")) as server:
        result = ask("ask", "What is the capital of France?", "--llm", server.llm, "--json")
    assert json.loads(result.stdout)["answerable"] is False
    assert server.requests == []


def test_chat_keeps_what_was_said_for_the_model(ask: Asked) -> None:
    with scripted_model(says(FAITHFUL)) as server:
        lines = f"{QUESTION}\nWhat are its parts?\n"
        result = ask("chat", "--llm", server.llm, "--json", input=lines)
    assert len(result.stdout.splitlines()) == 2
    said = [(m["role"], m["content"]) for m in server.requests[1].messages]
    assert ("user", QUESTION) in said
    assert ("assistant", "A table lamp is a small light for a desk.") in said
    assert "table lamp" in said[-1][1].lower().rpartition("question:")[2]


def test_a_model_that_cannot_be_had_is_told_in_one_line(ask: Asked) -> None:
    result = ask("ask", QUESTION, "--llm", "nobody:knows")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert "nobody:knows" in result.stderr


def test_a_transformers_model_in_this_process_answers(ask: Asked, tmp_path: Path) -> None:
    model = make_tiny_model(tmp_path / "tiny", positions=4096)
    answer = json.loads(ask("ask", QUESTION, "--llm", f"transformers:{model}", "--json").stdout)
    # Its random weights write nothing that a source supports.
    assert answer["answer"].startswith("A table lamp is a small light for a desk. [1]")
    assert "transformers:tiny" in answer["notice"]  # it may also not have come to an end
    assert answer["notice"].endswith("what stands here instead are quotes")
