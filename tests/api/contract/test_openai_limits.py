"""What clients may say of the length and the form of an answer under `/v1`."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.contract.completions import COMPLETIONS, body, citing_delta, streamed, text_of
from tests.api.contract.serving import FAITHFUL, Served
from tests.services.scripted_model import stalls

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

FIRST = "A table lamp is a small light for a desk. [1]"
SECOND = f"{FIRST} It needs a socket. [2]"
THIRD = f"{SECOND}\n\n- The **bulb** gives light. [3]"


@pytest.mark.parametrize(
    ("asked", "text", "reason", "written"),
    [
        ({"max_tokens": 3}, "", "length", SECOND),
        ({"max_tokens": 14}, FIRST, "length", THIRD),
        ({"max_completion_tokens": 14, "max_tokens": 900}, FIRST, "length", THIRD),
        ({"stop": "\n\n"}, SECOND, "stop", THIRD),
        ({"stop": ["shade", "socket"]}, FIRST, "stop", THIRD),
    ],
)
def test_an_answer_ends_with_the_last_whole_sentence_within_the_limits(
    server: Served, asked: dict[str, Any], text: str, reason: str, written: str
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
    assert record["answer"] == written


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("limit", [{"max_tokens": 14}, {"stop": "socket"}])
def test_a_model_is_stopped_when_nothing_more_of_it_can_be_shown(
    server: Served, limit: dict[str, Any], stream: bool
) -> None:
    server.script(stalls(*(line + "\n" for line in FAITHFUL.splitlines()), "And "))
    response = server.post(COMPLETIONS, body(**limit, stream=stream))
    assert FIRST in response.text
    assert server.model is not None
    assert server.model.requests[0].has_hung_up()


def test_an_answer_that_was_stopped_says_so(server: Served) -> None:
    (choice,) = server.post(COMPLETIONS, body(max_tokens=14)).json()["choices"]
    assert choice["message"]["context"]["notice"] == (
        "openai-compatible:scripted was stopped where the request ends the answer; "
        "the answer may be incomplete"
    )


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
