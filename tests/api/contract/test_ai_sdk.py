"""The Vercel AI SDK under Node, with both of its providers that speak to OpenAI's interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.contract.node import PROJECT, install_ai_sdk, run_node
from tests.api.contract.serving import Served, faithful
from tests.services.scripted_model import stalls

pytestmark = [
    pytest.mark.slow,
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

CLIENT = PROJECT / "client.mjs"
DELTAS = [
    "A table lamp is a small light for a desk. [1]",
    " It needs a socket. [2]",
    "\n\n- The **bulb** gives light. [3]",
    "\n- The **shade** softens the light. [4]",
]


@pytest.fixture(scope="module")
def ai_sdk() -> Path:
    return install_ai_sdk()


@pytest.fixture(scope="module")
def heard(ai_sdk: Path, with_model: Served) -> Any:
    """What the AI SDK made of a whole answer, a stream, an error and embeddings."""
    with_model.script(faithful())
    return run_node(ai_sdk, CLIENT, "all", with_model.url)


@pytest.mark.parametrize("provider", ["compatible", "openai"])
def test_text_usage_and_reason_arrive_whole_and_streamed(heard: Any, provider: str) -> None:
    whole, stream = heard[provider]["whole"], heard[provider]["stream"]
    assert whole["text"] == stream["text"] == "".join(DELTAS)
    assert stream["deltas"] == DELTAS
    assert (whole["finishReason"], stream["finishReason"]) == ("stop", "stop")
    assert whole["usage"]["totalTokens"] == stream["usage"]["totalTokens"] > 0


def test_citations_are_sources_of_openais_provider(heard: Any) -> None:
    whole, stream = heard["openai"]["whole"], heard["openai"]["stream"]
    assert [one["title"] for one in whole["sources"]] == ["Table Lamp"] * 4
    assert whole["sources"] == stream["sources"]
    assert [one["url"] for one in whole["sources"]] == whole["body"]["citations"]


def test_the_compatible_provider_keeps_citations_in_body_and_chunks(heard: Any) -> None:
    whole, stream = heard["compatible"]["whole"], heard["compatible"]["stream"]
    message = whole["body"]["choices"][0]["message"]
    assert len(message["context"]["citations"]) == 4
    assert message["annotations"] == stream["annotations"]


def test_an_unknown_model_is_an_error_that_is_not_tried_again(heard: Any) -> None:
    assert heard["failure"]["status"] == 404
    assert heard["failure"]["retryable"] is False
    assert heard["failure"]["message"].startswith("body.model is 'gpt-9'")


def test_embeddings_arrive(heard: Any) -> None:
    assert heard["embeddings"] == [384, 384]


def test_aborting_stops_the_model(ai_sdk: Path, server: Served) -> None:
    server.script(stalls("A table lamp is a small light for a desk [1]. ", "It "))
    assert run_node(ai_sdk, CLIENT, "abort", server.url) == {"deltas": DELTAS[:1]}
    assert server.model is not None
    assert server.model.requests[0].has_hung_up(1.5)
