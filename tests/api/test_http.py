from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.door.body_bounds import QUESTION_BYTES
from api.door.security import HEADERS
from indexes.errors import SnapshotCorrupt
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening


def error_of(response: object) -> tuple[int, str]:
    assert set(response.json()) == {"error"}
    assert set(response.json()["error"]) == {"type", "message"}
    assert "\n" not in response.json()["error"]["message"]
    return response.status_code, response.json()["error"]["type"]


def test_ask_answers_in_the_shape_of_the_answer(client: TestClient) -> None:
    response = client.post("/ask", json={"question": "What is beam search?"})
    assert response.status_code == 200
    expected = FakeChat().ask("What is beam search?").to_json()
    assert response.json() == json.loads(json.dumps(expected))


def test_ask_takes_the_configured_model_by_name(client: TestClient) -> None:
    body = {"question": "What is beam search?", "llm": "extractive"}
    assert client.post("/ask", json=body).status_code == 200


def test_ask_refuses_a_model_that_is_not_served(client: TestClient) -> None:
    response = client.post("/ask", json={"question": "What is beam search?", "llm": "x:y"})
    assert error_of(response) == (422, "ModelUnavailable")


def test_search_answers_in_the_shape_of_the_result(client: TestClient) -> None:
    response = client.get("/search", params={"q": "tensor beam search", "k": 1, "mode": "dense"})
    assert [hit["entry_id"] for hit in response.json()["hits"]] == ["beam-search"]
    assert set(response.json()) == {"query", "snapshot_id", "timings_ms", "hits"}


def test_an_entry_is_shown_with_its_passages_and_family(client: TestClient) -> None:
    entry = client.get("/entries/beam-search").json()
    assert entry["family"] == ["beam-search", "beam-search-2"]
    (passage,) = entry["passages"]
    assert entry["body"][passage["start"] : passage["end"]] == passage["text"]


def test_a_missing_entry_is_not_found(client: TestClient) -> None:
    assert error_of(client.get("/entries/nothing")) == (404, "EntryMissing")


@pytest.mark.parametrize(
    "question", ["", "   ", "?!…", "\x00", "x" * 60_000], ids=lambda text: repr(text[:5])
)
def test_a_question_that_cannot_be_asked_is_refused(client: TestClient, question: str) -> None:
    status, kind = error_of(client.post("/ask", json={"question": question}))
    assert status == 422
    assert kind in ("QuestionEmpty", "QuestionTooLong")


@pytest.mark.parametrize(
    "question", ["Τι είναι αυτό;", "<script>alert(1)</script>", "a\x00b", "[bold]x[/bold]"]
)
def test_any_other_question_is_answered(client: TestClient, question: str) -> None:
    assert client.post("/ask", json={"question": question}).json()["question"] == question


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"question":', (400, "RequestMalformed")),
        (b"", (422, "RequestInvalid")),
        (b"[]", (422, "RequestInvalid")),
        (b'{"question": 5}', (422, "RequestInvalid")),
        (b'{"question": "a", "extra": 1}', (422, "RequestInvalid")),
        (b'{"question": "\\ud800"}', (422, "RequestInvalid")),
        (b"[" * 60_000, (400, "RequestMalformed")),
        (b"\xff\xfe", (400, "RequestMalformed")),
        (b"x" * (QUESTION_BYTES + 1), (413, "BodyTooLarge")),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_a_bad_body_is_refused_in_one_line(
    client: TestClient, body: bytes, expected: tuple[int, str]
) -> None:
    response = client.post("/ask", content=body, headers={"content-type": "application/json"})
    assert error_of(response) == expected


def test_a_body_without_a_declared_length_is_bounded_too(client: TestClient) -> None:
    chunks = (b"x" * 100_000 for _ in range(11))
    assert error_of(client.post("/ask", content=chunks)) == (413, "BodyTooLarge")


@pytest.mark.parametrize("query", ["k=0", "k=x", "mode=best", ""])
def test_a_bad_parameter_is_named(client: TestClient, query: str) -> None:
    response = client.get(f"/search?{query}" + ("&q=tensor" if query else ""))
    assert error_of(response) == (422, "RequestInvalid")
    assert response.json()["error"]["message"].startswith(
        f"query.{query[: query.find('=')] or 'q'}"
    )


def test_an_unknown_route_and_method_answer_in_the_same_shape(client: TestClient) -> None:
    assert error_of(client.get("/nothing")) == (404, "NotFound")
    response = client.get("/ask")
    assert error_of(response) == (405, "MethodNotAllowed")
    assert response.headers["allow"] == "POST"


def test_an_unexpected_error_tells_nothing_of_the_inside(settings: Settings) -> None:
    broken = FakeChat()
    del broken.index
    application = create_app(settings, opening(broken), live_id=lambda: SNAPSHOT)
    with TestClient(application, raise_server_exceptions=False) as client:
        response = client.get("/entries/tensor")
        assert error_of(response) == (500, "Unexpected")
        assert "index" not in response.text


def test_health_tells_the_open_snapshot(client: TestClient) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}
    ready = client.get("/health/ready")
    assert ready.json() == {"status": "ready", "snapshot_id": SNAPSHOT, "warning": None}


def test_without_a_snapshot_the_process_lives_and_is_not_ready(
    client_without_snapshot: TestClient,
) -> None:
    assert client_without_snapshot.get("/health/live").status_code == 200
    response = client_without_snapshot.get("/health/ready")
    assert error_of(response) == (503, "SnapshotMissing")
    assert "aifactory ingest" in response.json()["error"]["message"]
    asked = client_without_snapshot.post("/ask", json={"question": "tensor"})
    assert error_of(asked) == (503, "SnapshotMissing")


def test_a_corrupt_first_snapshot_is_told(settings: Settings) -> None:
    def open_chat(_: Settings) -> FakeChat:
        raise SnapshotCorrupt("snapshot aa: manifest.json is missing")

    with TestClient(create_app(settings, open_chat, live_id=lambda: "aa")) as client:
        assert error_of(client.get("/health/ready")) == (503, "SnapshotCorrupt")


@pytest.mark.parametrize("path", ["/", "/ask", "/nothing", "/static/base.css", "/openapi.json"])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert "access-control-allow-origin" not in headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


def test_openapi_describes_the_errors_and_gives_examples(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    ask = description["paths"]["/ask"]["post"]["responses"]
    assert {"200", "400", "401", "403", "413", "422", "429", "503"} <= set(ask)
    assert ask["422"]["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")
    assert description["components"]["schemas"]["Question"]["examples"]


def test_nothing_happens_before_the_lifespan(settings: Settings) -> None:
    def open_chat(_: Settings) -> FakeChat:
        raise AssertionError("opened too early")

    create_app(settings, open_chat, live_id=lambda: SNAPSHOT)
