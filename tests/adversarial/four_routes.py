"""Ask one question over every route that answers, and read what a client gets."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient


@dataclass(frozen=True)
class Got:
    """What one route gave: its text, its citations as (number, entry, start, end, quote)."""

    text: str
    citations: tuple[tuple[int, str, int, int, str], ...]
    raw: str = ""


def _cited(citations: list[dict[str, Any]]) -> tuple[tuple[int, str, int, int, str], ...]:
    return tuple((c["number"], c["entry_id"], c["start"], c["end"], c["quote"]) for c in citations)


def frames(body: str) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for block in body.split("\n\n"):
        lines = dict(line.partition(": ")[::2] for line in block.split("\n") if ": " in line)
        if lines.get("data", "[DONE]") != "[DONE]":
            found.append((lines.get("event", ""), json.loads(lines["data"])))
    return found


def by_chat(client: TestClient, question: str) -> Got:
    response = client.post("/chat", json={"question": question})
    assert response.status_code == 200, response.text
    body = response.json()
    return Got(body["answer"], _cited(body["citations"]), response.text)


def by_chat_stream(client: TestClient, question: str) -> Got:
    response = client.post("/chat/stream", json={"question": question})
    events = frames(response.text)
    answer = [data for name, data in events if name == "answer"]
    assert len(answer) == 1, response.text
    text = "".join(data["text"] for name, data in events if name == "delta")
    assert text == answer[0]["answer"]
    citations = _cited([data for name, data in events if name == "citation"])
    assert citations == _cited(answer[0]["citations"])
    return Got(text, citations, response.text)


def _completion(question: str, **more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": question}]
    return {"model": "ai-factory-chat", "messages": messages, **more}


def by_completion(client: TestClient, question: str) -> Got:
    response = client.post("/v1/chat/completions", json=_completion(question))
    assert response.status_code == 200, response.text
    message = response.json()["choices"][0]["message"]
    return Got(message["content"], _cited(message["context"]["citations"]), response.text)


def by_completion_stream(client: TestClient, question: str) -> Got:
    response = client.post("/v1/chat/completions", json=_completion(question, stream=True))
    assert response.text.endswith("data: [DONE]\n\n")
    deltas = [c["delta"] for _, data in frames(response.text) for c in data["choices"]]
    text = "".join(delta.get("content") or "" for delta in deltas)
    cited = [delta["context"]["citations"] for delta in deltas if "context" in delta]
    return Got(text, _cited(cited[0]), response.text)


Route = Callable[[TestClient, str], Got]
COMPLETIONS: tuple[Route, ...] = (by_completion, by_completion_stream)
ROUTES: tuple[Route, ...] = (by_chat, by_chat_stream, *COMPLETIONS)


def everywhere(client: TestClient, question: str, routes: Sequence[Route] = ROUTES) -> Got:
    """Ask over several routes; all must give the same."""
    first, *others = [route(client, question) for route in routes]
    for other in others:
        assert (other.text, other.citations) == (first.text, first.citations)
    return first
