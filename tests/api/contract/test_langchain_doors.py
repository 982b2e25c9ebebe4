"""Answers that Anthropic's and Ollama's models write, from their own wire to ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from indexes.openvino_embedder import OpenVinoEmbedder
from tests.api.contract.serving import (
    QUESTION,
    WITH_INVENTIONS,
    Served,
    application_of,
    read_events,
    served,
)
from tests.services import anthropic_messages, ollama_chat
from tests.services.scripted_model import scripted_model

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

FIRST = "A table lamp is a small light for a desk. [1]"


def door_of(wire: ModuleType) -> str:
    return "anthropic" if wire is anthropic_messages else "ollama"


@pytest.fixture(params=[anthropic_messages, ollama_chat], ids=["anthropic", "ollama"])
def wire(request: pytest.FixtureRequest) -> ModuleType:
    chosen: ModuleType = request.param
    return chosen


@pytest.fixture
def server(
    wire: ModuleType,
    small_home: Path,
    openvino_embedder: OpenVinoEmbedder,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Served]:
    """A server whose language model is reached through LangChain."""
    with scripted_model(wire.says("")) as model:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-12")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", model.root)
        monkeypatch.setenv("OLLAMA_HOST", model.root)
        llm = f"{door_of(wire)}:scripted"
        application = application_of(small_home, openvino_embedder, llm=llm, llm_retries=0)
        with served(application, model) as running:
            yield running


def test_the_text_streams_verified_and_cited_and_a_failure_brings_quotes(
    server: Served, wire: ModuleType
) -> None:
    said = [word + " " for word in WITH_INVENTIONS.split()]
    server.script(wire.says(*said, thoughts=("It was invented in 1850. ",)))
    events = read_events(server.post("/chat/stream", {"question": QUESTION}))
    deltas = [event.data["text"] for event in events if event.name == "delta"]
    assert deltas == [FIRST, " It needs a socket. [2]"]
    answer = events[-1].data
    assert [citation["quote"] for citation in answer["citations"]] == [
        "A table lamp is a small light for a desk.",
        "It needs a socket.",
    ]
    assert (answer["model"], answer["notice"]) == (f"{door_of(wire)}:scripted", "")

    cut = "max_tokens" if wire is anthropic_messages else "length"
    reason = {"stop_reason" if wire is anthropic_messages else "done_reason": cut}
    server.script(wire.says("A table lamp is a small light for a desk [1]. ", "It", **reason))
    answer = server.post("/chat", {"question": QUESTION}).json()
    assert answer["answer"] == FIRST
    assert "stopped at its limit of length" in answer["notice"]

    overloaded = (529, "overloaded_error", "Overloaded")
    server.script(wire.refuses(*(overloaded if wire is anthropic_messages else (503, "busy"))))
    answer = server.post("/chat", {"question": QUESTION}).json()
    assert answer["model"] == "extractive"
    assert answer["citations"]
    assert answer["notice"].endswith("; what stands here instead are quotes")
