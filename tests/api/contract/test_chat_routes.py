"""`POST /chat` and `POST /chat/stream`: events, conversations, and what is refused."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from api.schemas.chat import AnswerRecordBody, ChatAnswer
from tests.api.contract.serving import (
    QUESTION,
    WITH_INVENTIONS,
    Event,
    Served,
    events_of,
    faithful,
    read_events,
    until,
)
from tests.services.scripted_model import by_words, dies, stalls

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

UNKNOWN = "0" * 32


def stream(server: Served, question: str = QUESTION, **more: Any) -> list[Event]:
    response = server.post("/chat/stream", {"question": question, **more})
    assert response.status_code == 200
    return read_events(response)


def deltas(events: list[Event]) -> str:
    return "".join(event.data["text"] for event in events if event.name == "delta")


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    changing = {"timings_ms", "conversation_id", "answer_id"}
    return {name: value for name, value in answer.items() if name not in changing}


def test_an_answer_has_the_shape_of_ask_with_its_ids(server: Served) -> None:
    answer = server.post("/chat", {"question": QUESTION}).json()
    ChatAnswer.model_validate(answer, extra="forbid")
    assert len(answer["conversation_id"]) == len(answer["answer_id"]) == 32
    record = server.get(f"/answers/{answer['answer_id']}").json()
    AnswerRecordBody.model_validate(record, extra="forbid")
    assert without_times(record).items() >= without_times(answer).items()
    assert record["conversation_id"] == answer["conversation_id"]
    assert record["prompt"][0]["role"] == "system"


@pytest.mark.parametrize("said", [WITH_INVENTIONS, "Nothing is true [1]."])
def test_streamed_and_whole_answers_are_the_same(server: Served, said: str) -> None:
    server.script(by_words(said))
    whole = server.post("/chat", {"question": QUESTION}).json()
    events = stream(server)
    assert deltas(events) == whole["answer"]
    assert without_times(events[-1].data) == without_times(whole)


def test_events_come_in_order_with_ids_that_count(server: Served) -> None:
    events = stream(server)
    assert [event.name for event in events] == [
        "status",
        "sources",
        "status",
        *["delta", "citation"] * 4,
        "answer",
    ]
    answer = events[-1].data
    assert [event.id for event in events] == [
        f"{answer['answer_id']}:{number}" for number in range(len(events))
    ]
    assert events[0].data == {
        "stage": "searching",
        "model": "",
        "conversation_id": answer["conversation_id"],
        "answer_id": answer["answer_id"],
    }
    assert events[1].data["hits"] == answer["hits"]
    assert (events[2].data["stage"], events[2].data["model"]) == (
        "writing",
        "openai-compatible:scripted",
    )
    cited = [event.data for event in events if event.name == "citation"]
    assert [{k: v for k, v in one.items() if k != "url"} for one in cited] == answer["citations"]
    assert all(one["url"].startswith(f"{server.url}/glossary/table-lamp?") for one in cited)


def test_a_citation_follows_the_delta_with_its_marker(server: Served) -> None:
    told = ""
    for event in stream(server):
        if event.name == "delta":
            told += event.data["text"]
        elif event.name == "citation":
            assert f"[{event.data['number']}]" in told


def test_without_a_language_model_the_same_events_come(without_model: Served) -> None:
    whole = without_model.post("/chat", {"question": "What parts does a table lamp have?"}).json()
    events = stream(without_model, "What parts does a table lamp have?")
    assert [event.name for event in events][:2] == ["status", "sources"]
    assert deltas(events) == whole["answer"]
    assert events[-1].data["citations"] == whole["citations"]
    cited = [event.data["number"] for event in events if event.name == "citation"]
    assert cited == [one["number"] for one in whole["citations"]]


def test_a_question_without_an_answer_streams_the_refusal(server: Served) -> None:
    events = stream(server, "Who won the world cup of 1954?")
    assert events[1].data["answerable"] is False
    assert deltas(events) == events[-1].data["answer"]
    assert events[-1].data["citations"] == []
    assert server.model is not None
    assert server.model.requests == []


def test_a_model_that_dies_is_finished_with_quotes_and_a_notice(server: Served) -> None:
    server.script(dies("A table lamp is a small light for a desk [1]. It needs a soc"))
    events = stream(server)
    stages = [event.data["stage"] for event in events if event.name == "status"]
    assert stages == ["searching", "writing", "quoting"]
    answer = events[-1].data
    assert deltas(events) == answer["answer"]
    assert answer["answer"].startswith("A table lamp is a small light for a desk. [1]")
    assert answer["notice"].endswith("what stands here instead are quotes")
    cited = [event.data["number"] for event in events if event.name == "citation"]
    assert cited == [one["number"] for one in answer["citations"]]


def test_another_model_can_be_asked_for_by_name(server: Served) -> None:
    answer = server.post("/chat", {"question": QUESTION, "llm": "extractive"}).json()
    assert answer["model"] == "extractive"
    refused = server.post("/chat", {"question": QUESTION, "llm": "openai:x"})
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "ModelUnavailable")
    streamed = server.post("/chat/stream", {"question": QUESTION, "llm": "openai:x"})
    assert streamed.status_code == 422


def test_a_follow_up_is_understood_from_the_conversation(without_model: Served) -> None:
    first = without_model.post("/chat", {"question": QUESTION}).json()
    more = {"question": "What are its parts?", "conversation_id": first["conversation_id"]}
    second = without_model.post("/chat", more).json()
    assert "table lamp" in second["standalone_question"].lower()
    assert "softens the light" in second["answer"]
    third = stream(
        without_model, "And how does one care for it?", conversation_id=first["conversation_id"]
    )
    assert "lamp" in third[-1].data["standalone_question"].lower()
    kept = without_model.get(f"/conversations/{first['conversation_id']}").json()
    assert [turn["question"] for turn in kept["turns"]] == [
        QUESTION,
        "What are its parts?",
        "And how does one care for it?",
    ]


def test_the_model_hears_what_was_said_before(server: Served) -> None:
    first = server.post("/chat", {"question": QUESTION}).json()
    more = {"question": "What are its parts?", "conversation_id": first["conversation_id"]}
    server.post("/chat", more)
    assert server.model is not None
    roles = [message["role"] for message in server.model.requests[-1].messages]
    assert roles == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize("path", ["/chat", "/chat/stream"])
@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"question": "x", "conversation_id": UNKNOWN}, 404, "ConversationMissing"),
        ({"question": "x", "conversation_id": "../../etc"}, 404, "ConversationMissing"),
        ({"question": "  "}, 422, "QuestionEmpty"),
        ({"question": "x" * 3000}, 422, "QuestionTooLong"),
        ({"question": "\ud800"}, 422, "RequestInvalid"),
        ({"question": "x", "other": 1}, 422, "RequestInvalid"),
        ({}, 422, "RequestInvalid"),
    ],
)
def test_what_cannot_be_answered_has_a_status(
    server: Served, path: str, body: dict[str, Any], status: int, kind: str
) -> None:
    import json

    with server.client() as client:
        response = client.post(
            path, content=json.dumps(body), headers={"content-type": "application/json"}
        )
    assert (response.status_code, response.json()["error"]["type"]) == (status, kind)
    assert set(response.json()["error"]) == {"type", "message"}


def test_two_questions_at_once_are_both_kept_in_one_conversation(server: Served) -> None:
    begun = server.post("/chat", {"question": QUESTION}).json()
    server.script(faithful(pace_s=0.01))
    asked = {"question": QUESTION, "conversation_id": begun["conversation_id"]}
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda: statuses.append(server.post("/chat", asked).status_code))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = server.get(f"/conversations/{begun['conversation_id']}").json()
    assert statuses == [200, 200]
    assert [turn["position"] for turn in kept["turns"]] == [1, 2, 3]


def test_a_conversation_deleted_in_the_middle_stays_deleted(server: Served) -> None:
    begun = server.post("/chat", {"question": QUESTION}).json()
    server.script(stalls("A table lamp is a small light for a desk [1]. ", "It "))
    asked = {"question": QUESTION, "conversation_id": begun["conversation_id"]}
    with server.client() as client, client.stream("POST", "/chat/stream", json=asked) as response:
        events = events_of(response.iter_lines())
        answer_id = next(events).data["answer_id"]
        next(event for event in events if event.name == "delta")
        assert server.delete(f"/conversations/{begun['conversation_id']}").status_code == 204
        last = list(events)[-1]
    assert (last.name, last.data["error"]["type"]) == ("error", "StreamGone")
    assert server.get(f"/conversations/{begun['conversation_id']}").status_code == 404
    assert server.get(f"/answers/{answer_id}").status_code == 404


def test_the_model_hears_that_nobody_waits_for_the_answer(server: Served) -> None:
    server.script(stalls("A table lamp is a small light for a desk [1]. ", "It "))
    with server.client() as client, pytest.raises(Exception, match="timed out"):
        client.post("/chat", json={"question": QUESTION}, timeout=0.4)
    assert server.model is not None
    assert server.model.requests[0].has_hung_up(1.5)
    assert until(lambda: server.get("/health/ready").status_code == 200)
