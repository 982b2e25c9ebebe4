"""What is kept of a request: an id everywhere, and lines without a word of the question."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.door.security import HEADERS
from api.observing.log_lines import JsonLines, TextLines, log_config
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

ID = re.compile(r"[0-9a-f]{32}")


def fields_of(records: list[logging.LogRecord]) -> list[dict[str, object]]:
    return [record.fields for record in records if record.name == "aifactory.request"]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.DEBUG, "aifactory")
    return caplog


@pytest.fixture
def broken_client(settings: Settings) -> Iterator[TestClient]:
    """A client of an application whose every search fails unexpectedly, with the question in it."""

    class Broken(FakeChat):
        def search(self, query: str, *_: object) -> object:
            raise ZeroDivisionError(query)

    app = create_app(settings, opening(Broken()), lambda: SNAPSHOT)
    with TestClient(app) as client:
        yield client


def test_a_sane_id_is_kept_and_another_is_made(client: TestClient) -> None:
    def id_for(given: str) -> str:
        return client.get("/health/live", headers={"X-Request-ID": given}).headers["x-request-id"]

    assert id_for("trace-1.a_B") == "trace-1.a_B"
    for hostile in ("", "a b", "x" * 65, "<script>", "a;b"):
        assert ID.fullmatch(id_for(hostile))
    assert id_for("") != id_for("")


def test_every_response_carries_an_id(client: TestClient) -> None:
    for path in ("/", "/nothing", "/static/base.css", "/search", "/openapi.json"):
        assert ID.fullmatch(client.get(path).headers["x-request-id"])


def test_a_line_names_the_route_and_never_the_question(
    client: TestClient, logged: pytest.LogCaptureFixture
) -> None:
    client.get("/search?q=sesame+tensor", headers={"X-Request-ID": "one"})
    client.get("/entries/sesame")
    client.post("/ask", json={"question": "sesame?"})
    client.get("/sesame")
    client.post("/ask", content=b'{"question": "sesame', headers={"content-type": "sesame"})
    client.get("/static/sesame.css")
    found = fields_of(logged.records)
    assert [(line["method"], line["route"], line["status"]) for line in found] == [
        ("GET", "/search", 200),
        ("GET", "/entries/{entry_id}", 404),
        ("POST", "/ask", 200),
        ("GET", "unmatched", 404),
        ("POST", "/ask", 422),
        ("GET", "/static", 404),
    ]
    assert found[0]["request_id"] == "one"
    assert found[0]["key_id"] == "-"
    assert found[0]["bytes"] > 100
    assert set(found[0]) == {
        *("method", "route", "status", "duration_ms", "bytes", "request_id", "key_id")
    }
    assert "sesame" not in logged.text + str(found)


def test_probes_are_logged_only_when_they_fail(
    client_without_snapshot: TestClient, logged: pytest.LogCaptureFixture
) -> None:
    logged.set_level(logging.INFO, "aifactory")
    client_without_snapshot.get("/health/live")
    client_without_snapshot.get("/health/ready")
    assert [line["route"] for line in fields_of(logged.records)] == ["/health/ready"]


def test_what_nobody_expected_has_headers_an_id_and_a_stack_without_its_message(
    broken_client: TestClient, logged: pytest.LogCaptureFixture
) -> None:
    response = broken_client.get("/search?q=sesame", headers={"X-Request-ID": "two"})
    assert response.status_code == 500
    message = "something went wrong on the server; its log says what, under the request id two"
    assert response.json()["error"] == {"type": "Unexpected", "message": message}
    assert response.headers["x-request-id"] == "two"
    assert HEADERS.items() <= {**response.headers, **HEADERS}.items()
    assert response.headers["x-frame-options"] == "DENY"
    (line,) = [record.fields for record in logged.records if record.message == "request failed"]
    assert (line["error"], line["route"], line["request_id"]) == (
        "ZeroDivisionError",
        "/search",
        "two",
    )
    assert any("test_request_log.py" in frame for frame in line["stack"])
    assert "sesame" not in str(line)


def record(**fields: object) -> logging.LogRecord:
    made = logging.LogRecord("aifactory.request", logging.INFO, "", 0, "a\nb %s", ("c",), None)
    made.created, made.msecs = 1_000_000_000.25, 250.0
    made.fields = fields
    return made


def test_a_text_line_holds_time_level_message_and_fields() -> None:
    line = TextLines().format(record(method="GET", status=200))
    assert line == "2001-09-09T01:46:40.250Z INFO a b c method=GET status=200"


def test_a_json_line_is_one_object() -> None:
    line = JsonLines().format(record(method="GET", status=200))
    assert "\n" not in line
    assert json.loads(line) == {
        "time": "2001-09-09T01:46:40.250Z",
        "level": "info",
        "logger": "aifactory.request",
        "message": "a b c",
        "method": "GET",
        "status": 200,
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_configuration_of_logging_is_accepted(form: str, tmp_path: Path) -> None:
    config = log_config(form)
    assert config["loggers"]["uvicorn"]["level"] == "WARNING"
    assert config["loggers"]["aifactory"]["handlers"] == ["stderr"]
    assert config["formatters"]["lines"]["()"] in (TextLines, JsonLines)
