"""How an answer ended, as `/v1` tells it: by itself, at a limit, or cut off by a filter."""

from __future__ import annotations

import pytest

from tests.api.contract.serving import QUESTION, Served, read_events
from tests.services.scripted_model import says

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

SAID = ("A table lamp is a small light for a desk [1]. ", "It needs a")


@pytest.mark.parametrize(
    ("finish", "notice"),
    [
        (
            "length",
            "openai-compatible:scripted stopped at its limit of length (at most 800 tokens)",
        ),
        ("content_filter", "openai-compatible:scripted was cut off by a content filter"),
    ],
)
def test_an_answer_that_the_model_did_not_end_says_so(
    server: Served, finish: str, notice: str
) -> None:
    server.script(says(*SAID, finish=finish))
    asked = {"model": "ai-factory-chat", "messages": [{"role": "user", "content": QUESTION}]}
    (choice,) = server.post("/v1/chat/completions", asked).json()["choices"]
    assert choice["message"]["content"] == "A table lamp is a small light for a desk. [1]"
    assert choice["finish_reason"] == finish
    assert choice["message"]["context"]["notice"] == f"{notice}; the answer may be incomplete"

    events = read_events(server.post("/v1/chat/completions", {**asked, "stream": True}))
    chunks = [event.data["choices"][0] for event in events if event.data != "[DONE]"]
    assert [chunk["finish_reason"] for chunk in chunks if chunk["finish_reason"]] == [finish]
    text = "".join(chunk["delta"].get("content") or "" for chunk in chunks)
    assert text == choice["message"]["content"]
