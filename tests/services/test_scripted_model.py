"""The scripted model against the client that people use."""

from __future__ import annotations

import pytest
from openai import APIStatusError, OpenAI

from tests.services.scripted_model import by_words, refuses, says, scripted_model

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_a_stock_client_reads_it_streamed_and_whole() -> None:
    asked = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    with (
        scripted_model(by_words("A lamp is lit.")) as server,
        OpenAI(base_url=server.url, api_key="none", max_retries=0) as client,
    ):
        whole = client.chat.completions.create(**asked)
        chunks = list(client.chat.completions.create(**asked, stream=True))
        models = [model.id for model in client.models.list()]
    assert whole.choices[0].message.content == "A lamp is lit."
    said = [chunk.choices[0].delta.content for chunk in chunks]
    assert said == [None, "A ", "lamp ", "is ", "lit.", None]
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert models == ["scripted"]
    assert [request.messages for request in server.requests] == [asked["messages"]] * 2
    assert not server.requests[1].has_hung_up()


def test_each_request_has_its_reply_by_order_or_by_what_it_says() -> None:
    def echo(last: str) -> str:
        with OpenAI(base_url=server.url, api_key="none", max_retries=0) as client:
            asked = [{"role": "user", "content": last}]
            whole = client.chat.completions.create(model="m", messages=asked)
            return whole.choices[0].message.content

    with scripted_model([refuses(429, "later", retry_after="3"), says("b")]) as server:
        with pytest.raises(APIStatusError, match="later") as refused:
            echo("x")
        assert refused.value.response.headers["retry-after"] == "3"
        assert (echo("x"), echo("x")) == ("b", "b")
    with scripted_model(lambda asked: says(asked.messages[-1]["content"][::-1])) as server:
        assert echo("abc") == "cba"
