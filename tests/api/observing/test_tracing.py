from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from starlette.testclient import TestClient

import api.observing.tracing
from api.dependencies import MetricsDep
from api.door.guards import Guards, Serving
from api.observing.tracing import Tracing, require_opentelemetry
from rag.errors import SettingsInvalid
from rag.settings import Settings
from tests.api.fake_chat import FakeChat

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def spans_of(*requests: tuple[str, dict[str, str]]) -> list[ReadableSpan]:
    """Return the spans that requests to a small application leave behind."""
    exporter = InMemorySpanExporter()
    settings = Settings(home=Path("home"))
    guards = Guards(settings, Serving.alone(settings), Tracing(exporter))
    app = FastAPI()

    @app.get("/things/{name}")
    async def thing(metrics: MetricsDep, name: str) -> str:
        if name == "broken":
            raise ZeroDivisionError(name)
        result = FakeChat().search("tensor")
        result.timings_ms.update({"dense": 2.0, "lexical": 3.0, "total": 5.0})
        metrics.observe_search(result)
        return name

    guards.add_to(app)
    client = TestClient(app)
    for path, headers in requests:
        client.get(path, headers=headers)
    guards.tracing.close()
    return list(exporter.get_finished_spans())


def test_a_request_is_a_span_and_its_stages_are_spans_below_it() -> None:
    dense, lexical, request = spans_of(("/things/sesame?q=sesame", {"X-Request-ID": "one"}))
    assert (request.name, dense.name, lexical.name) == ("GET /things/{name}", "dense", "lexical")
    assert request.attributes == {
        "http.request.method": "GET",
        "http.route": "/things/{name}",
        "http.response.status_code": 200,
        "aifactory.request_id": "one",
    }
    for stage, spent_ms in ((dense, 2), (lexical, 3)):
        assert stage.parent.span_id == request.context.span_id
        assert stage.end_time - stage.start_time == spent_ms * 1_000_000
    assert dense.end_time == lexical.start_time
    assert "sesame" not in "".join(span.to_json() for span in (dense, lexical, request))


def test_a_span_continues_the_trace_of_the_caller() -> None:
    *_, request = spans_of(("/things/a", {"traceparent": PARENT}))
    assert f"{request.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{request.parent.span_id:016x}" == PARENT.split("-")[2]


def test_a_failure_is_marked_and_says_nothing_of_the_request() -> None:
    (request,) = spans_of(("/things/broken", {"traceparent": "nonsense"}))
    assert request.status.status_code is StatusCode.ERROR
    assert request.events == ()
    assert request.parent is None


def test_a_missing_extra_is_one_line_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        api.observing.tracing, "_PACKAGES", ("opentelemetry.nothing", "nothing.at.all")
    )
    with pytest.raises(SettingsInvalid, match=r"pip install 'ai-factory-chat\[telemetry\]'"):
        require_opentelemetry()
