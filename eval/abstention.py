"""Judge when a system answers and when it declines.

Risk and coverage as in El-Yaniv & Wiener (JMLR 2010): of the questions answered when only the most
probable share is, how many are answered wrongly. AUROC is the probability that an answerable
question is given a higher probability than an unanswerable one (Hanley & McNeil, 1982); the Brier
score is the mean squared error of the probability (Brier, 1950).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.evaluation import Evaluation
from eval.statistics import Interval

ABSTENTION = "abstention"
DECIDED_RIGHTLY, SQUARED_ERROR = "decided rightly", "squared error"


@dataclass(frozen=True, slots=True)
class Point:
    """One question: the probability it was given, whether it is answerable, what came of it.

    `answered` is the decision; `correct` whether its answer is right (False when unanswerable).
    """

    probability: float
    answerable: bool
    answered: bool
    correct: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The questions whose probability lies in [low, high)."""

    low: float
    high: float
    mean_probability: float
    share_answerable: float
    count: int


def judge_decision(answerable: bool, answered: bool, probability: float) -> dict[str, float]:
    """Return the measures of one decision."""
    return {
        DECIDED_RIGHTLY: float(answered == answerable),
        SQUARED_ERROR: (probability - answerable) ** 2,
    }


def points_of(evaluation: Evaluation) -> list[Point]:
    """Return a point for every question of the abstention task.

    An answer is correct when it holds all required words, or, where none are required, when it
    cites a relevant entry. What a declined question would have been told is not known: it counts as
    wrong, so that the risk beyond the operating point is the highest it can be.
    """
    asked = evaluation.tasks.get(ABSTENTION, {}).get(SQUARED_ERROR, {})
    answers = evaluation.tasks.get("answers", {})
    complete = answers.get("must include", {})
    cited = answers.get("cites a judged one", {})
    points = []
    for query_id in asked:
        record = evaluation.records[query_id]
        correct = complete.get(query_id, cited.get(query_id, float(bool(record.answerable))))
        points.append(
            Point(
                record.probability or 0.0,
                bool(record.answerable),
                bool(record.answered),
                bool(record.answerable) and correct == 1,
            )
        )
    return points


def auroc(points: Sequence[Point]) -> float | None:
    """Return the area under the ROC curve, ties counted half; None without both kinds."""
    from scipy.stats import mannwhitneyu

    good = [point.probability for point in points if point.answerable]
    bad = [point.probability for point in points if not point.answerable]
    if not good or not bad:
        return None
    return float(mannwhitneyu(good, bad).statistic) / (len(good) * len(bad))


def auroc_interval(
    points: Sequence[Point], resamples: int = 2000, seed: int = 0
) -> Interval | None:
    """Return the 95 % percentile bootstrap interval of the AUROC, each kind resampled alone."""
    good = np.array([point.probability for point in points if point.answerable])
    bad = np.array([point.probability for point in points if not point.answerable])
    if not good.size or not bad.size:
        return None
    random = np.random.default_rng(seed)
    wins = (good[:, None] > bad) + 0.5 * (good[:, None] == bad)
    areas = [
        wins[random.integers(0, good.size, good.size)][
            :, random.integers(0, bad.size, bad.size)
        ].mean()
        for _ in range(resamples)
    ]
    low, high = np.percentile(areas, (2.5, 97.5))
    return Interval(float(low), float(high))


def risk_coverage(points: Sequence[Point]) -> tuple[tuple[float, float], ...]:
    """Return (coverage, risk) pairs, from the most probable question alone to all of them.

    Questions of one probability are answered together: no order among them is made up.
    """
    ordered = sorted(points, key=lambda point: -point.probability)
    curve = []
    wrong = 0
    for place, point in enumerate(ordered, start=1):
        wrong += not point.correct
        is_last = place == len(ordered) or ordered[place].probability < point.probability
        if is_last:
            curve.append((place / len(ordered), wrong / place))
    return tuple(curve)


def operating_point(points: Sequence[Point]) -> tuple[float, float] | None:
    """Return (coverage, risk) of the decisions as they were taken; None without an answer."""
    answered = [point for point in points if point.answered]
    if not answered:
        return None
    wrong = sum(not point.correct for point in answered)
    return len(answered) / len(points), wrong / len(answered)


def reliability(points: Sequence[Point], bins: int = 10) -> tuple[Bin, ...]:
    """Return the bins that hold a question, ascending; a calibrated system lies on the diagonal."""
    filed: dict[int, list[Point]] = {}
    for point in points:
        filed.setdefault(min(int(point.probability * bins), bins - 1), []).append(point)
    return tuple(
        Bin(
            number / bins,
            (number + 1) / bins,
            sum(point.probability for point in members) / len(members),
            sum(point.answerable for point in members) / len(members),
            len(members),
        )
        for number, members in sorted(filed.items())
    )
