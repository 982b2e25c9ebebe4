"""What clients may say of the length and the form of an answer under `/v1`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.contract.completions import COMPLETIONS, body, citing_delta, streamed, text_of
from tests.api.contract.serving import Served

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

FIRST = "A table lamp is a small light for a desk. [1]"
SECOND = f"{FIRST} It needs a socket. [2]"


@pytest.mark.parametrize(
    ("asked", "text", "reason"),
    [
        ({"max_tokens": 3}, "", "length"),
        ({"max_tokens": 14}, FIRST, "length"),
        ({"max_completion_tokens": 14, "max_tokens": 900}, FIRST, "length"),
        ({"stop": "\n\n"}, SECOND, "stop"),
        ({"stop": ["shade", "socket"]}, FIRST, "stop"),
    ],
)
def test_an_answer_ends_with_the_last_whole_sentence_within_the_limits(
    server: Served, asked: dict[str, Any], text: str, reason: str
) -> None:
    whole = server.post(COMPLETIONS, body(**asked)).json()
    (choice,) = whole["choices"]
    message = choice["message"]
    assert (message["content"], choice["finish_reason"]) == (text, reason)
    markers = text.count("[")
    assert len(message["annotations"]) == len(message["context"]["citations"]) == markers
    assert len(whole["citations"]) == markers
    assert whole["usage"]["completion_tokens"] <= asked.get("max_completion_tokens", 100)
    events = streamed(server, **asked)
    assert text_of(events) == text
    assert citing_delta(events)["annotations"] == message["annotations"]
    assert events[-2].data["choices"][0]["finish_reason"] == reason
    record = server.get(f"/answers/{message['context']['answer_id']}").json()
    assert record["answer"].endswith("softens the light. [4]")


def test_a_limit_that_is_not_reached_changes_nothing(server: Served) -> None:
    plain = server.post(COMPLETIONS, body()).json()["choices"][0]
    limited = server.post(COMPLETIONS, body(max_tokens=900, stop=["nowhere"])).json()["choices"][0]
    assert limited["message"]["content"] == plain["message"]["content"]
    assert limited["finish_reason"] == "stop"
    assert text_of(streamed(server, max_tokens=900)) == plain["message"]["content"]


def test_fields_of_openais_that_change_nothing_are_accepted(server: Served) -> None:
    asked = body(
        temperature=0,
        top_p=1,
        presence_penalty=-0.5,
        frequency_penalty=None,
        max_tokens=None,
        stop=None,
        tools=[],
        tool_choice="auto",
        response_format={"type": "text"},
        seed=1,
        user="me",
        logit_bias={},
        store=False,
        parallel_tool_calls=True,
    )
    assert server.post(COMPLETIONS, asked).status_code == 200
