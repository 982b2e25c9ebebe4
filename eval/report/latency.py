"""The noun StageLatency: how long a stage of answering takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.durations import percentile
from eval.evaluation import Evaluation

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class StageLatency:
    """Percentiles of one stage in milliseconds, over `count` questions."""

    stage: str
    p50: float
    p95: float
    p99: float
    count: int


def stage_latencies(evaluation: Evaluation) -> tuple[StageLatency, ...]:
    """Return the stages that were timed, in their order; the total last."""
    timed = [(stage, values) for stage, values in evaluation.stages_ms.items() if values]
    timed.sort(key=lambda pair: pair[0] == TOTAL)
    return tuple(_latency(stage, values) for stage, values in timed)


def _latency(stage: str, values_ms: Sequence[float]) -> StageLatency:
    p50, p95, p99 = (percentile(values_ms, percent) for percent in (50, 95, 99))
    return StageLatency(stage, p50, p95, p99, len(values_ms))
