"""Requests under `/v1` that cannot be answered: OpenAI's shape, a status and a way out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.contract.completions import COMPLETIONS, body
from tests.api.contract.serving import QUESTION, Served

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.mark.parametrize(
    ("asked", "status", "kind", "param", "code"),
    [
        ({**body(), "model": "gpt-9"}, 404, "ModelUnavailable", "model", "model_not_found"),
        (body(n=2), 400, "RequestInvalid", "n", None),
        ({"model": "ai-factory-chat", "messages": []}, 400, "RequestInvalid", "messages", None),
        ({"model": "ai-factory-chat"}, 400, "RequestInvalid", "messages", None),
        ({"messages": [{"role": "user", "content": "x"}]}, 400, "RequestInvalid", "model", None),
        (body({"role": "user", "content": ""}), 400, "QuestionEmpty", "messages", None),
        (body({"role": "user", "content": "x" * 3000}), 400, "QuestionTooLong", "messages", None),
        (body({"role": "assistant", "content": "x"}), 400, "RequestInvalid", "messages", None),
        (body({"role": "wizard", "content": "x"}), 400, "RequestInvalid", "messages", None),
        (body({"role": "user", "content": "\ud800"}), 400, "RequestInvalid", "messages", None),
        ([], 400, "RequestInvalid", None, None),
        (body(temperature="hot"), 400, "RequestInvalid", "temperature", None),
        (body(max_tokens=-3), 400, "RequestInvalid", "max_tokens", None),
        (body(max_completion_tokens=2.5), 400, "RequestInvalid", "max_completion_tokens", None),
        (body(stop=["a"] * 5), 400, "RequestInvalid", "stop", None),
        (body(stop=""), 400, "RequestInvalid", "stop", None),
        (body(tool_choice="required"), 400, "RequestInvalid", "tool_choice", None),
        (
            body(response_format={"type": "json_schema", "json_schema": {}}),
            400,
            "RequestInvalid",
            "response_format",
            None,
        ),
        (
            body(stream_options={"include_usage": 0}),
            400,
            "RequestInvalid",
            "stream_options",
            None,
        ),
    ],
    ids=lambda value: str(value)[-60:] if isinstance(value, dict | list) else "",
)
@pytest.mark.parametrize("stream", [False, True])
def test_errors_have_openais_shape(
    server: Served,
    stream: bool,
    asked: Any,
    status: int,
    kind: str,
    param: str | None,
    code: str | None,
) -> None:
    sent = {**asked, "stream": stream} if asked else asked
    with server.client() as client:
        content = json.dumps(sent)
        response = client.post(
            COMPLETIONS, content=content, headers={"content-type": "application/json"}
        )
    error = response.json()["error"]
    assert (response.status_code, error["type"]) == (status, kind)
    assert (error["param"], error["code"]) == (param, code)
    assert set(error) == {"message", "type", "param", "code"}
    assert "\n" not in error["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("GET", COMPLETIONS, 405), ("GET", "/v1/models/x", 404)],
)
def test_the_framework_and_unknown_models_answer_in_the_same_shape(
    server: Served, method: str, path: str, status: int
) -> None:
    with server.client() as client:
        response = client.request(method, path)
    assert response.status_code == status
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert "body" not in error["message"]
    assert error["param"] is None


def test_a_part_that_cannot_be_read_is_named_with_those_that_can(server: Served) -> None:
    parts = [{"type": "text", "text": QUESTION}, {"type": "video", "url": "x"}]
    message = server.post(COMPLETIONS, body({"role": "user", "content": parts})).json()["error"]
    assert message["message"].startswith(
        "body.messages.0.content.parts.1: Input tag 'video' found using 'type' does not match any "
        "of the expected tags: 'text', 'input_text', 'image_url'"
    )


def test_an_image_of_more_than_a_megabyte_is_left_out(server: Served) -> None:
    url = "data:image/png;base64," + "A" * 1_500_000
    image = {"type": "image_url", "image_url": {"url": url}}
    parts = [image, {"type": "text", "text": QUESTION}]
    response = server.post(COMPLETIONS, body({"role": "user", "content": parts}))
    assert response.status_code == 200


def test_what_is_too_large_is_refused_in_the_same_shape(server: Served) -> None:
    with server.client() as client:
        response = client.post(COMPLETIONS, content=b"x" * 4_000_001)
    assert response.status_code == 413
    assert response.json()["error"]["code"] is None
