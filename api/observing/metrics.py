"""The noun Metrics: what the server counts and times, in the exposition format of Prometheus."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from rag.answer import Answer, Verdict
from rag.hit import SearchResult

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_MOST_VALUES = 50  # of one label; whatever comes later counts as "other"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_MILLISECONDS = (1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2500, 5000, 10_000, 30_000)
_SECONDS = tuple(bound / 1e3 for bound in _MILLISECONDS)
_GAUGE_FILE = re.compile(r"gauge_live[a-z]*_(?P<process>\d+)\.db")

OnStages = Callable[[Mapping[str, float]], None]


class Metrics:
    """Counts and times; safe to use from several threads.

    `shared` is the folder in which the workers of one server keep their numbers, so that each can
    tell the numbers of all; prometheus_client takes it from PROMETHEUS_MULTIPROC_DIR, which has to
    be set before it is imported. `on_stages` hears the timings of every answer and search.
    """

    def __init__(self, shared: Path | None = None, on_stages: OnStages | None = None) -> None:
        self._shared = shared
        self._on_stages = on_stages
        self._seen: dict[str, set[str]] = {}
        self._registry = registry = CollectorRegistry()

        def counter(name: str, help_text: str, *labels: str) -> Counter:
            return Counter(f"aifactory_{name}", help_text, labels, registry=registry)

        def histogram(name: str, help_text: str, *labels: str) -> Histogram:
            full_name = f"aifactory_{name}"
            return Histogram(full_name, help_text, labels, buckets=_SECONDS, registry=registry)

        def gauge(name: str, help_text: str) -> Gauge:
            full_name = f"aifactory_{name}"
            return Gauge(full_name, help_text, registry=registry, multiprocess_mode="livesum")

        self._requests = counter("requests", "Requests answered.", "method", "route", "status")
        self._durations = histogram("request_seconds", "Time to the end of a response.", "route")
        self._stages = histogram("stage_seconds", "Time in a stage of answering.", "stage")
        self._answers = counter("answers", "Answers given.", "model", "answerable")
        self._abstentions = counter("abstentions", "Questions the glossary does not answer.")
        self._searches = counter("searches", "Searches made.")
        self._remembered = counter("searches_remembered", "Searches answered from memory.")
        self._tool_calls = counter("tool_calls", "Calls of tools over MCP.", "tool", "outcome")
        self._verdicts = counter("support_verdicts", "Sentences by their support.", "verdict")
        self._failures = counter("model_failures", "Failures of the language model.", "kind")
        self._fallbacks = counter("fallbacks", "Answers quoted because the model failed.")
        self._ingestions = counter("ingestions", "Ingestions over HTTP.", "outcome")
        self._refusals = counter("refusals", "Requests refused at the door.", "reason")
        self._answering = gauge("answering", "Answers in the making.")
        self._waiting = gauge("waiting", "Requests that wait for the processor.")

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request by the template of its route, never by its path."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, self._bounded("route", route), str(status)).inc()
        self._durations.labels(self._bounded("route", route)).observe(seconds)

    def observe_answer(self, answer: Answer) -> None:
        """Count an answer and time its stages."""
        answerable = "true" if answer.answerable else "false"
        self._answers.labels(self._bounded("model", answer.model), answerable).inc()
        if not answer.answerable:
            self._abstentions.inc()
        self._observe_stages(answer.timings_ms)

    def observe_search(self, result: SearchResult) -> None:
        """Count a search and time its stages."""
        self._searches.inc()
        self._observe_stages(result.timings_ms)

    def observe_remembered_search(self) -> None:
        """Count a search that was answered from memory; it has no stages."""
        self._searches.inc()
        self._remembered.inc()

    def tool_called(self, tool: str, outcome: str) -> None:
        """Count a call of a tool: `ok`, or `error` when it could not do what was asked."""
        self._tool_calls.labels(self._bounded("tool", tool), outcome).inc()

    def verdict(self, verdict: Verdict) -> None:
        """Count a sentence by how its source supports it."""
        self._verdicts.labels(verdict.value).inc()

    def model_failed(self, kind: str) -> None:
        """Count a failure of the language model by the name of its error."""
        self._failures.labels(self._bounded("kind", kind)).inc()

    def fell_back(self) -> None:
        """Count an answer that was quoted because the model failed."""
        self._fallbacks.inc()

    def ingested(self, outcome: str) -> None:
        """Count an ingestion: `published` or `failed`."""
        self._ingestions.labels(self._bounded("outcome", outcome)).inc()

    def refused(self, reason: str) -> None:
        """Count a request that was refused before its route saw it, by the name of the error."""
        self._refusals.labels(self._bounded("reason", reason)).inc()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Count an answer as in the making for as long as the block runs."""
        with self._answering.track_inprogress():
            yield

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Count a request as waiting for as long as the block runs."""
        with self._waiting.track_inprogress():
            yield

    def exposition(self, snapshot_id: str | None) -> bytes:
        """Return every number of all workers, and the open snapshot, as Prometheus reads them."""
        label = snapshot_id or ""
        opened = f'aifactory_snapshot_info{{snapshot_id="{label}"}} 1\n' if label else ""
        about = (
            "# HELP aifactory_snapshot_info The snapshot that answers.\n"
            "# TYPE aifactory_snapshot_info gauge\n"
        )
        return generate_latest(self._collected()) + (about + opened).encode("utf-8")

    def _collected(self) -> CollectorRegistry:
        if self._shared is None:
            return self._registry
        _forget_dead_processes(self._shared)
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self._shared))  # type: ignore[no-untyped-call]
        return registry

    def _observe_stages(self, timings_ms: Mapping[str, float]) -> None:
        for stage, milliseconds in timings_ms.items():
            self._stages.labels(self._bounded("stage", stage)).observe(milliseconds / 1e3)
        if self._on_stages:
            self._on_stages(timings_ms)

    def _bounded(self, label: str, value: str) -> str:
        """Return the value, or "other" when the label has as many values as it may have."""
        seen = self._seen.setdefault(label, set())
        if value not in seen and len(seen) >= _MOST_VALUES:
            return "other"
        seen.add(value)
        return value


def _forget_dead_processes(shared: Path) -> None:
    """Drop what dead workers still claim to do; what they counted stays."""
    for path in shared.glob("gauge_live*.db"):
        found = _GAUGE_FILE.fullmatch(path.name)
        if found and not _lives(int(found["process"])):
            mark_process_dead(int(found["process"]), str(shared))  # type: ignore[no-untyped-call]


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
