from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.app import create_app
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from api.observing.metrics import Metrics
from rag.answer import Verdict
from rag.settings import Settings
from tests.api.fake_chat import SNAPSHOT, FakeChat, opening

ROOT = Path(__file__).resolve().parents[3]


def value(exposition: bytes, name: str, **labels: str) -> float | None:
    for family in text_string_to_metric_families(exposition.decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None


def test_an_answer_is_counted_and_its_stages_timed() -> None:
    metrics = Metrics()
    answer = replace(
        FakeChat().ask("What is beam search?"), timings_ms={"dense": 3.0, "total": 9.0}
    )
    metrics.observe_answer(answer)
    metrics.observe_answer(replace(answer, answerable=False))
    told = metrics.exposition(SNAPSHOT)
    counted = "aifactory_answers_total"
    assert value(told, counted, model="extractive", answerable="true") == 1
    assert value(told, counted, model="extractive", answerable="false") == 1
    assert value(told, "aifactory_abstentions_total") == 1
    assert value(told, "aifactory_stage_seconds_sum", stage="dense") == 0.006
    assert value(told, "aifactory_stage_seconds_bucket", stage="dense", le="0.0025") == 0
    assert value(told, "aifactory_stage_seconds_bucket", stage="dense", le="0.005") == 2
    assert value(told, "aifactory_snapshot_info", snapshot_id=SNAPSHOT) == 1


def test_everything_else_is_counted() -> None:
    metrics = Metrics()
    metrics.observe_search(FakeChat().search("tensor"))
    metrics.observe_remembered_search()
    metrics.tool_called("get_entry", "error")
    metrics.verdict(Verdict.UNSUPPORTED)
    metrics.model_failed("ModelTimedOut")
    metrics.fell_back()
    metrics.ingested("published")
    metrics.refused("KeyNeeded")
    with metrics.answering(), metrics.waiting():
        during = metrics.exposition(None)
    after = metrics.exposition(None)
    assert value(after, "aifactory_searches_total") == 2
    assert value(after, "aifactory_searches_remembered_total") == 1
    called = {"tool": "get_entry", "outcome": "error"}
    assert value(after, "aifactory_tool_calls_total", **called) == 1
    assert value(after, "aifactory_support_verdicts_total", verdict="unsupported") == 1
    assert value(after, "aifactory_model_failures_total", kind="ModelTimedOut") == 1
    assert value(after, "aifactory_fallbacks_total") == 1
    assert value(after, "aifactory_ingestions_total", outcome="published") == 1
    assert value(after, "aifactory_refusals_total", reason="KeyNeeded") == 1
    assert (value(during, "aifactory_answering"), value(after, "aifactory_answering")) == (1, 0)
    assert (value(during, "aifactory_waiting"), value(after, "aifactory_waiting")) == (1, 0)
    assert b"aifactory_snapshot_info{" not in after


def test_a_label_has_a_bounded_number_of_values() -> None:
    metrics = Metrics()
    for number in range(1000):
        metrics.model_failed(f"Kind{number}")
        metrics.observe_request(f"METHOD{number}", f"/route{number}", 200, 0.1)
    told = metrics.exposition(None)
    assert value(told, "aifactory_model_failures_total", kind="other") == 950
    requests = {"method": "other", "route": "other", "status": "200"}
    assert value(told, "aifactory_requests_total", **requests) == 950
    assert len(told) < 200_000


def test_the_timings_of_stages_are_heard_by_others() -> None:
    heard: list[dict[str, float]] = []
    Metrics(on_stages=heard.append).observe_search(FakeChat().search("tensor"))
    assert heard == [{"total": 1.5}]


@pytest.fixture
def local(settings: Settings) -> Iterator[TestClient]:
    """A client on the machine of a server that listens there only."""
    serving = Serving(Exposure(keys_needed=False, this_machine_only=True), Drain(1.0))
    application = create_app(settings, opening(FakeChat()), lambda: SNAPSHOT, serving)
    with TestClient(application, "http://localhost", client=("127.0.0.1", 4000)) as client:
        yield client


def test_the_route_tells_the_requests_by_template_and_status(local: TestClient) -> None:
    local.get("/entries/tensor")
    local.get("/entries/beam-search")
    local.get("/nothing/at/all")
    response = local.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    counted = "aifactory_requests_total"
    entries = {"method": "GET", "route": "/entries/{entry_id}", "status": "200"}
    assert value(response.content, counted, **entries) == 2
    assert value(response.content, counted, method="GET", route="unmatched", status="404") == 1
    assert value(response.content, "aifactory_snapshot_info", snapshot_id=SNAPSHOT) == 1


def test_a_search_answered_from_memory_is_counted(local: TestClient) -> None:
    for _ in range(3):
        assert local.get("/search?q=tensor").status_code == 200
    told = local.get("/metrics").content
    assert value(told, "aifactory_searches_total") == 3
    assert value(told, "aifactory_searches_remembered_total") == 2
    assert value(told, "aifactory_stage_seconds_count", stage="total") == 1


WORKER = """
import os, sys
from pathlib import Path
from api.observing.metrics import Metrics
metrics = Metrics(Path(os.environ["PROMETHEUS_MULTIPROC_DIR"]))
metrics.model_failed("ModelBroken")
metrics.observe_request("GET", "/search", 200, 0.003)
with metrics.answering():
    if sys.argv[1] == "die":
        os._exit(0)
    sys.stdout.buffer.write(metrics.exposition("aa"))
"""


def test_the_workers_of_a_server_are_counted_together_and_the_dead_do_nothing(
    tmp_path: Path,
) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }

    def work(end: str) -> bytes:
        command = [sys.executable, "-c", WORKER, end]
        return subprocess.run(command, env=environment, capture_output=True, check=True).stdout

    work("die")
    told = work("tell")
    assert value(told, "aifactory_model_failures_total", kind="ModelBroken") == 2
    assert value(told, "aifactory_request_seconds_bucket", route="/search", le="0.005") == 2
    assert value(told, "aifactory_answering") == 1  # the dead worker's answer is not in the making
    assert json.dumps(told.decode()).count("aifactory_snapshot_info{") == 1
