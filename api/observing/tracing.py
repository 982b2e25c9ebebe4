"""The noun Tracing: OpenTelemetry spans of requests and their stages; an optional extra.

Spans carry methods, route templates, statuses and durations, and never a question or an answer.
Where they go follows the conventions of OpenTelemetry: OTEL_EXPORTER_OTLP_ENDPOINT and its kin.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from rag.errors import SettingsInvalid

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span

_PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")
_MISSING = (
    "AIFACTORY_TRACES is true, and OpenTelemetry is not installed; "
    "install the extra: pip install 'ai-factory-chat[telemetry]'"
)


def require_opentelemetry() -> None:
    """Refuse to go on when the extra is missing.

    Raises:
        SettingsInvalid: a package of the extra `telemetry` is not installed.
    """
    try:
        found = all(map(find_spec, _PACKAGES))
    except ModuleNotFoundError:  # not even the parent of a package
        found = False
    if not found:
        raise SettingsInvalid(_MISSING)


class Tracing:
    """Makes spans and sends them to `exporter`, by default over OTLP and HTTP."""

    def __init__(self, exporter: SpanExporter | None = None) -> None:
        require_opentelemetry()
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        default_name = Resource({SERVICE_NAME: "aifactory"})
        self._provider = TracerProvider(
            resource=default_name.merge(Resource.create()), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter or OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("aifactory")

    @contextmanager
    def request(self, method: str, traceparent: str) -> Iterator[Span]:
        """Open the span of a request, below the caller's span when there is one."""
        from opentelemetry.trace import SpanKind
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = TraceContextTextMapPropagator().extract({"traceparent": traceparent})
        with self._tracer.start_as_current_span(
            method, context, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            span.set_attribute("http.request.method", method)
            yield span

    def finish(self, span: Span, method: str, route: str, status: int, request_id: str) -> None:
        """Say on a request's span what became of it."""
        from opentelemetry.trace import StatusCode

        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
        span.set_attribute("http.response.status_code", status)
        span.set_attribute("aifactory.request_id", request_id)
        if status >= 500:
            span.set_status(StatusCode.ERROR)

    def stages(self, timings_ms: Mapping[str, float]) -> None:
        """Add a span per stage to the request being answered; the last stage ends now."""
        end_ns = time.time_ns()
        laps = {stage: spent_ms for stage, spent_ms in timings_ms.items() if stage != "total"}
        begin_ns = end_ns - int(sum(laps.values()) * 1e6)
        for stage, spent_ms in laps.items():
            span = self._tracer.start_span(stage, start_time=begin_ns)
            begin_ns += int(spent_ms * 1e6)
            span.end(end_time=begin_ns)

    def close(self) -> None:
        """Send what is left, for a bounded time."""
        self._provider.force_flush(2000)
        self._provider.shutdown()
