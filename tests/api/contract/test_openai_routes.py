"""`/v1` on the wire: every response and chunk against the models of OpenAI's own client."""

from __future__ import annotations

import time
from typing import Any

import httpx2
import pytest
from openai.types import Model
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from api.openai.schemas import ChatCompletionBody, ModelsBody
from tests.api.contract.completions import (
    COMPLETIONS,
    body,
    citing_delta,
    streamed,
    strictly,
    text_of,
)
from tests.api.contract.serving import (
    FAITHFUL,
    QUESTION,
    WITH_INVENTIONS,
    Served,
    events_of,
    faithful,
    read_events,
)
from tests.services.scripted_model import DONE, by_words, dies, raw, refuses, stalls

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

CHUNK_FIELDS = {
    "id",
    "object",
    "created",
    "model",
    "system_fingerprint",
    "choices",
    "usage",
    "citations",
}


def without_ids(context: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in context.items() if name != "answer_id"}


@pytest.mark.parametrize("said", [FAITHFUL, WITH_INVENTIONS, "Nothing is true [1]."])
def test_streamed_and_whole_answers_are_the_same(server: Served, said: str) -> None:
    server.script(by_words(said))
    whole = server.post(COMPLETIONS, body()).json()
    message = whole["choices"][0]["message"]
    events = streamed(server)
    delta = citing_delta(events)
    assert text_of(events) == message["content"]
    assert delta["annotations"] == message["annotations"]
    assert without_ids(delta["context"]) == without_ids(message["context"])
    assert events[-2].data["citations"] == whole["citations"]


def test_a_whole_answer_is_a_chat_completion(server: Served) -> None:
    whole = server.post(COMPLETIONS, body()).json()
    ChatCompletionBody.model_validate(whole)
    completion = strictly(ChatCompletion, whole)
    (choice,) = completion.choices
    assert (choice.index, choice.finish_reason, choice.message.role) == (0, "stop", "assistant")
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0
    assert choice.message.content == (
        "A table lamp is a small light for a desk. [1] It needs a socket. [2]\n\n"
        "- The **bulb** gives light. [3]\n- The **shade** softens the light. [4]"
    )


def test_annotations_locate_the_first_marker_of_every_number(server: Served) -> None:
    whole = server.post(COMPLETIONS, body()).json()
    message = whole["choices"][0]["message"]
    places = [one["url_citation"] for one in message["annotations"]]
    marked = [message["content"][p["start_index"] : p["end_index"]] for p in places]
    assert marked == [f"[{n}]" for n in range(1, len(places) + 1)]
    assert len({place["url"] for place in places}) == len(places)
    assert [place["url"] for place in places] == whole["citations"]
    context = message["context"]["citations"]
    assert [one["url"] for one in context] == whole["citations"]
    for one in context:
        entry = server.get(f"/entries/{one['entry_id']}").json()
        assert entry["body"][one["start"] : one["end"]] == one["quote"] == one["content"]


def test_the_link_of_a_citation_leads_to_a_page(server: Served) -> None:
    whole = server.post(COMPLETIONS, body()).json()
    page = httpx2.get(whole["citations"][0])
    assert page.status_code == 200
    assert "Table Lamp" in page.text


def test_every_chunk_is_one_of_openais_and_has_a_choice(server: Served) -> None:
    events = streamed(server)
    assert events[-1].data == "[DONE]"
    assert all((event.id, event.name) == ("", "") for event in events)
    for event in events[:-1]:
        chunk = strictly(ChatCompletionChunk, event.data)
        assert set(event.data) <= CHUNK_FIELDS
        assert [choice.index for choice in chunk.choices] == [0]
        assert "usage" not in event.data
    assert len({(e.data["id"], e.data["created"], e.data["model"]) for e in events[:-1]}) == 1
    assert events[0].data["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    reasons = [event.data["choices"][0]["finish_reason"] for event in events[:-1]]
    assert reasons == [None] * (len(reasons) - 1) + ["stop"]


def test_usage_comes_last_when_it_is_asked_for(server: Served) -> None:
    whole = server.post(COMPLETIONS, body()).json()
    events = streamed(server, stream_options={"include_usage": True})
    *chunks, counts, done = [event.data for event in events]
    assert done == "[DONE]"
    assert counts["choices"] == []
    assert counts["usage"] == whole["usage"]
    assert all(chunk["usage"] is None and chunk["choices"] for chunk in chunks)


@pytest.mark.parametrize("stream", [False, True])
def test_without_citations_the_fields_are_there_and_empty(server: Served, stream: bool) -> None:
    asked = body({"role": "user", "content": "Who won the world cup of 1954?"}, stream=stream)
    response = server.post(COMPLETIONS, asked)
    if stream:
        events = read_events(response)
        message, citations = citing_delta(events), events[-2].data["citations"]
    else:
        whole = response.json()
        message, citations = whole["choices"][0]["message"], whole["citations"]
    assert (message["annotations"], message["context"]["citations"], citations) == ([], [], [])
    assert message["context"]["answerable"] is False
    assert server.model is not None
    assert server.model.requests == []


def test_without_a_language_model_the_answer_is_quotes(without_model: Served) -> None:
    whole = without_model.post(COMPLETIONS, body()).json()
    message = whole["choices"][0]["message"]
    assert "A table lamp is a small light for a desk." in message["content"]
    assert {one["support"] for one in message["context"]["citations"]} == {"quoted"}
    events = streamed(without_model)
    assert text_of(events) == message["content"]
    assert citing_delta(events)["annotations"] == message["annotations"]


def test_a_model_that_dies_in_the_middle_is_finished_with_quotes(server: Served) -> None:
    server.script(dies("A table lamp is a small light for a desk [1]. It needs a soc"))
    whole = server.post(COMPLETIONS, body()).json()["choices"][0]
    events = streamed(server)
    message = whole["message"]
    assert message["content"].startswith("A table lamp is a small light for a desk. [1]")
    assert "soc " not in message["content"]
    assert message["context"]["notice"].endswith("what stands here instead are quotes")
    assert text_of(events) == message["content"]
    assert events[-1].data == "[DONE]"
    assert citing_delta(events)["annotations"] == message["annotations"]
    for place in (one["url_citation"] for one in message["annotations"]):
        assert message["content"][place["start_index"]] == "["


@pytest.mark.parametrize("said", [b"\\ud83d", b"\\u0000", b"\\u2028", b"\\ud83d\\ude00"])
def test_odd_characters_of_a_model_break_nothing(server: Served, said: bytes) -> None:
    text = b"A table lamp is a small light for a desk [1]. It " + said + b" needs a socket [1]."
    server.script(raw(b'data: {"choices":[{"delta":{"content":"' + text + b'"}}]}\n\n', DONE))
    whole = server.post(COMPLETIONS, body())
    assert whole.status_code == 200
    events = streamed(server)
    assert events[-1].data == "[DONE]"
    assert text_of(events) == whole.json()["choices"][0]["message"]["content"]
    answer_id = citing_delta(events)["context"]["answer_id"]
    assert server.get(f"/answers/{answer_id}").status_code == 200


def test_a_slow_model_is_bridged_with_comments(server: Served) -> None:
    server.script(faithful(first_s=0.5))
    response = server.post(COMPLETIONS, body(stream=True))
    comments = [event for event in events_of(response.text.splitlines()) if event.name]
    assert {event.name for event in comments} == {"comment"}
    assert len(comments) >= 2
    assert text_of(read_events(response)).startswith("A table lamp")


def test_the_model_hears_at_once_that_the_reader_of_a_stream_has_gone(server: Served) -> None:
    server.script(stalls("A table lamp is a small light for a desk [1]. ", "It "))
    with server.client() as client, client.stream("POST", COMPLETIONS, json=body(stream=True)) as r:
        read = events_of(r.iter_lines())
        assert text_of([next(e for e in read if "small" in str(e.data))]).endswith("desk. [1]")
    assert the_model_was_left(server)


def test_the_model_hears_at_once_that_nobody_waits_for_the_answer(server: Served) -> None:
    server.script(stalls("A table lamp is a small light for a desk [1]. ", "It "))
    with server.client() as client, pytest.raises(httpx2.ReadTimeout):
        client.post(COMPLETIONS, json=body(), timeout=0.5)
    assert the_model_was_left(server)


def the_model_was_left(server: Served) -> bool:
    assert server.model is not None
    (asked,) = server.model.requests
    return asked.has_hung_up(1.5)


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}],
        [
            {"role": "system", "content": "Answer in French and cite nothing."},
            {"role": "developer", "content": "Ignore the glossary."},
            {"role": "user", "content": QUESTION},
        ],
        [
            {
                "role": "user",
                "content": [
                    {"type": "image_url", "image_url": {"url": "http://127.0.0.1:1/x.png"}},
                    {"type": "text", "text": QUESTION},
                ],
            }
        ],
        [
            {"role": "user", "content": "What is a kettle?"},
            {"role": "assistant", "content": None, "tool_calls": []},
            {"role": "tool", "content": "42", "tool_call_id": "1"},
            {"role": "user", "content": QUESTION},
        ],
        [
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": None, "tool_calls": []},
            {"role": "tool", "content": "42", "tool_call_id": "1"},
        ],
        [
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": "What is a kettle?"},
        ],
    ],
    ids=["parts", "system", "image", "tool", "ends in a tool", "ends in an answer"],
)
def test_only_what_was_said_in_text_counts(
    without_model: Served, messages: list[dict[str, Any]]
) -> None:
    plain = without_model.post(COMPLETIONS, body()).json()["choices"][0]["message"]["content"]
    asked = without_model.post(COMPLETIONS, body(*messages, temperature=0.3, tools=[]))
    assert asked.json()["choices"][0]["message"]["content"] == plain


def test_a_follow_up_is_understood_from_the_messages(without_model: Served) -> None:
    said = [
        {"role": "user", "content": QUESTION},
        {"role": "assistant", "content": "A table lamp is a small light for a desk. [1]"},
        {"role": "user", "content": "What are its parts?"},
    ]
    message = without_model.post(COMPLETIONS, body(*said)).json()["choices"][0]["message"]
    assert "table lamp" in message["context"]["intent"].lower()
    assert "softens the light" in message["content"]


def test_a_very_long_conversation_is_answered(server: Served) -> None:
    pair = [
        {"role": "user", "content": "What is a kettle? " + "x" * 400},
        {"role": "assistant", "content": "A kettle heats water until it is steam. " * 10},
    ]
    asked = body(*(pair * 499), {"role": "user", "content": QUESTION})
    response = server.post(COMPLETIONS, asked)
    assert response.status_code == 200
    assert response.json()["usage"]["prompt_tokens"] > 10_000
    assert server.model is not None
    (heard,) = server.model.requests
    assert sum(len(message["content"]) for message in heard.messages) < 30_000


def test_a_model_that_refuses_is_replaced_by_quotes(server: Served) -> None:
    server.script(refuses(401, "wrong key sk-secret"))
    message = server.post(COMPLETIONS, body()).json()["choices"][0]["message"]
    assert "A table lamp is a small light" in message["content"]
    assert message["context"]["answered_by"] == "extractive"
    assert "sk-secret" not in message["context"]["notice"]


def test_the_extractive_answer_can_be_asked_for_by_name(server: Served) -> None:
    response = server.post(COMPLETIONS, {**body(), "model": "extractive"}).json()
    assert response["model"] == "extractive"
    assert response["choices"][0]["message"]["context"]["answered_by"] == "extractive"
    assert server.model is not None
    assert server.model.requests == []


def test_the_models_are_listed(server: Served) -> None:
    listed = server.get("/v1/models").json()
    ModelsBody.model_validate(listed)
    names = [strictly(Model, one).id for one in listed["data"]]
    assert names == [
        "ai-factory-chat",
        "openai-compatible:scripted",
        "extractive",
        "all-MiniLM-L6-v2",
    ]
    for one in listed["data"]:
        assert server.get(f"/v1/models/{one['id']}").json() == one


def test_the_record_of_a_streamed_answer_is_found(server: Served) -> None:
    server.script(by_words(WITH_INVENTIONS))
    context = citing_delta(streamed(server))["context"]
    record = server.get(f"/answers/{context['answer_id']}").json()
    assert record["raw_text"].strip() == WITH_INVENTIONS.strip()
    shown = {piece["text"]: piece["shown"] for piece in record["verdicts"]}
    assert shown["It was invented in 1850 in Toronto [1]."] is False
    started = time.time()
    assert record["created_at"] < time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(started + 1))
