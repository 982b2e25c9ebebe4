"""Fit the answerability model to labelled questions.

Logistic regression with a Gaussian prior around `start` (MAP estimate): a fit on many questions
goes where they lead, one on few stays near the model it starts from. Each weight is penalised in
units of its sign's spread, so the scale of a sign does not matter. The operating point is chosen on
probabilities that are cross-validated: no question is judged by a model that has seen it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt

from eval.abstention import Point, auroc
from eval.errors import TooFewQuestions
from eval.statistics import EPSILON
from rag.answerable import AnswerableModel
from rag.signs import SIGNS, Signs

Floats = npt.NDArray[np.float64]
FOLDS = 8
FEWEST = 20
PRIOR = 5.0  # how strongly weights are held to where they start; chosen by cross-validation
UNANSWERABLE_ANSWERED = 0.10
_DIGITS = 10_000
NEUTRAL = AnswerableModel(0.0, {})


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question's signs, whether it is answerable, and the slice it belongs to."""

    signs: Signs
    answerable: bool
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted model, and what cross-validation says of it on the questions it was fitted to.

    Attributes:
        model: fitted to all questions.
        points: one per question, with cross-validated probabilities and decisions.
        kinds: of the questions, in the order of the points.
    """

    model: AnswerableModel
    points: tuple[Point, ...]
    kinds: tuple[str, ...]

    @property
    def answered_per_kind(self) -> float:
        """Return the share of unanswerable questions answered, every kind of them counted alike."""
        kinds: dict[str, list[bool]] = {}
        for point, kind in zip(self.points, self.kinds, strict=True):
            if not point.answerable:
                kinds.setdefault(kind, []).append(point.answered)
        return fmean(fmean(answered) for answered in kinds.values())

    @property
    def auroc(self) -> float:
        """Return the cross-validated AUROC."""
        return auroc(self.points) or 0.0

    def answered(self, *, answerable: bool) -> float:
        """Return the share of answerable or unanswerable questions that would be answered."""
        chosen = [point.answered for point in self.points if point.answerable == answerable]
        return sum(chosen) / len(chosen)


def calibrate(
    questions: Sequence[Labelled],
    trained_on: Mapping[str, str],
    start: AnswerableModel = NEUTRAL,
    unanswerable_answered: float = UNANSWERABLE_ANSWERED,
    prior: float = PRIOR,
) -> Calibration:
    """Fit a model, and choose its threshold by the share of unanswerable questions answered.

    Every kind of unanswerable question counts alike in that share: a set with many of the hardest
    kind would otherwise decide it.

    Raises:
        TooFewQuestions: there are fewer than 20 answerable or unanswerable ones.
    """
    _refuse_few(questions)
    features = np.array([[one.signs.values()[name] for name in SIGNS] for one in questions])
    labels = np.array([one.answerable for one in questions])
    initial = np.array([start.weights.get(name, 0.0) for name in SIGNS] + [start.intercept])
    held_out = _cross_validated(features, labels, initial, prior)
    threshold = _threshold(held_out, questions, unanswerable_answered)
    fitted = _fit(features, labels, initial, prior)
    weights = {name: round(float(w), 4) for name, w in zip(SIGNS, fitted[:-1], strict=True)}
    model = AnswerableModel(round(float(fitted[-1]), 4), weights, threshold, dict(trained_on))
    points = (
        Point(float(p), bool(label), bool(p >= threshold), bool(label))
        for p, label in zip(held_out, labels, strict=True)
    )
    return Calibration(model, tuple(points), tuple(one.kind for one in questions))


def _refuse_few(questions: Sequence[Labelled]) -> None:
    answerable = sum(one.answerable for one in questions)
    counts = {"answerable": answerable, "unanswerable": len(questions) - answerable}
    for name, count in counts.items():
        if count < FEWEST:
            raise TooFewQuestions(
                f"there are {count} {name} questions, a fit needs {FEWEST} or more of each; "
                "label more questions"
            )


def _fit(features: Floats, labels: npt.NDArray[np.bool_], start: Floats, prior: float) -> Floats:
    """Return the weights and, last, the intercept."""
    from scipy.optimize import minimize

    spread = np.append(features.std(axis=0), 0.0)  # the intercept is free
    inputs = np.hstack([features, np.ones((len(features), 1))])
    signs = np.where(labels, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        margins = signs * (inputs @ weights)
        away = spread**2 * (weights - start)
        value = np.logaddexp(0, -margins).sum() + prior / 2 * float(away @ (weights - start))
        slope = -(signs / (1 + np.exp(margins))) @ inputs + prior * away
        return float(value), slope

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 2000})
    return np.asarray(found.x, np.float64)


def _cross_validated(
    features: Floats, labels: npt.NDArray[np.bool_], start: Floats, prior: float
) -> Floats:
    """Return the probability of each question from a fit on the other folds."""
    folds = _folds(labels)
    probabilities = np.empty(len(labels))
    for fold in range(FOLDS):
        held = folds == fold
        weights = _fit(features[~held], labels[~held], start, prior)
        probabilities[held] = 1 / (1 + np.exp(-(features[held] @ weights[:-1] + weights[-1])))
    return probabilities


def _folds(labels: npt.NDArray[np.bool_], seed: int = 0) -> npt.NDArray[np.int64]:
    """Return the fold of each question; both kinds are spread evenly."""
    random = np.random.default_rng(seed)
    folds = np.empty(len(labels), np.int64)
    for kind in (True, False):
        members = np.flatnonzero(labels == kind)
        folds[random.permutation(members)] = np.arange(len(members)) % FOLDS
    return folds


def _threshold(
    probabilities: Floats, questions: Sequence[Labelled], unanswerable_answered: float
) -> float:
    """Return the lowest threshold of four digits that at most this share of the unanswerable pass.

    The share is the mean over the kinds of unanswerable questions.
    """
    kinds: dict[str, list[float]] = {}
    for probability, one in zip(probabilities.tolist(), questions, strict=True):
        if not one.answerable:
            kinds.setdefault(one.kind, []).append(probability)
    weighted = sorted(
        ((p, 1 / (len(kinds) * len(members))) for members in kinds.values() for p in members),
        reverse=True,
    )
    passed = 0.0
    for probability, weight in weighted:
        passed += weight
        if passed > unanswerable_answered + EPSILON:
            return _above(probability)
    return 0.0


def _above(probability: float) -> float:
    """Return the lowest number of four digits above a probability."""
    steps = math.floor(probability * _DIGITS)
    return next(n / _DIGITS for n in (steps, steps + 1, steps + 2) if n / _DIGITS > probability)
