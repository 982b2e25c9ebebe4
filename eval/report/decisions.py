"""The noun Decisions: whether the system answered what it can answer, and only that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.abstention import (
    Bin,
    Point,
    auroc,
    auroc_interval,
    operating_point,
    points_of,
    reliability,
    risk_coverage,
)
from eval.evaluation import Evaluation
from eval.report.measured import Mean, mean_of


@dataclass(frozen=True, slots=True)
class Decisions:
    """What became of the questions of which it is known whether they can be answered.

    Attributes:
        unanswerable_answered: share of the unanswerable questions that were answered.
        answerable_answered: share of the answerable questions that were answered.
        brier: mean squared error of the probabilities (Brier, 1950).
        auroc: how well the probability tells the two sorts apart; None without both.
        curve: (coverage, risk), coverage ascending.
        operating_point: (coverage, risk) of the decisions as they were taken.
        bins: of the reliability diagram.
    """

    unanswerable_answered: Mean | None
    answerable_answered: Mean | None
    brier: Mean | None
    auroc: Mean | None
    curve: tuple[tuple[float, float], ...]
    operating_point: tuple[float, float] | None
    bins: tuple[Bin, ...]


def decisions(evaluation: Evaluation) -> Decisions | None:
    """Return what is known about the decisions to answer; None when nothing is."""
    points = points_of(evaluation)
    if not points:
        return None
    return Decisions(
        mean_of([float(point.answered) for point in points if not point.answerable], is_share=True),
        mean_of([float(point.answered) for point in points if point.answerable], is_share=True),
        mean_of([(point.probability - point.answerable) ** 2 for point in points]),
        _auroc(points),
        risk_coverage(points),
        operating_point(points),
        reliability(points),
    )


def _auroc(points: Sequence[Point]) -> Mean | None:
    area, interval = auroc(points), auroc_interval(points)
    return Mean(area, interval, len(points)) if area is not None and interval else None
