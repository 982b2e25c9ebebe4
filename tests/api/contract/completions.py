"""What tests of `/v1/chat/completions` share: bodies to send, and what is read of the answers."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from tests.api.contract.serving import QUESTION, Event, Served, read_events

COMPLETIONS = "/v1/chat/completions"


def body(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    asked = messages or ({"role": "user", "content": QUESTION},)
    return {"model": "ai-factory-chat", "messages": list(asked), **more}


def streamed(server: Served, **more: Any) -> list[Event]:
    response = server.post(COMPLETIONS, body(stream=True, **more))
    assert response.status_code == 200
    return read_events(response)


def text_of(events: list[Event]) -> str:
    chunks = [event.data for event in events if event.data != "[DONE]"]
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
    return "".join(delta.get("content") or "" for delta in deltas)


def citing_delta(events: list[Event]) -> dict[str, Any]:
    """Return the one delta with citations."""
    deltas = [e.data["choices"][0]["delta"] for e in events[:-1] if e.data["choices"]]
    (delta,) = [delta for delta in deltas if "annotations" in delta]
    found: dict[str, Any] = delta
    return found


def strictly(kind: Any, value: Any) -> Any:
    """Validate without any conversion, as the declared types of the client say."""
    return TypeAdapter(kind).validate_python(value, strict=False, extra="allow")
