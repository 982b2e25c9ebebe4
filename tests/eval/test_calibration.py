import math

import numpy as np
import pytest

from eval.calibration import Labelled, calibrate
from eval.errors import TooFewQuestions
from rag.answerable import AnswerableModel
from rag.signs import SIGNS, Signs


def drawn(count: int, seed: int = 0) -> list[Labelled]:
    """Questions whose cosine decides: answerable with probability 1 / (1 + exp(4 - 8 cosine))."""
    random = np.random.default_rng(seed)
    questions = []
    for cosine in random.random(count).tolist():
        answerable = bool(random.random() < 1 / (1 + math.exp(4 - 8 * cosine)))
        questions.append(Labelled(Signs(cosine=cosine), answerable, "near"))
    return questions


def test_a_fit_finds_the_weights_that_made_the_labels() -> None:
    fitted = calibrate(drawn(4000), {"drawn": "4000"}, prior=0.01).model
    assert fitted.weights["cosine"] == pytest.approx(8, abs=0.8)
    assert fitted.intercept == pytest.approx(-4, abs=0.4)
    assert all(fitted.weights[name] == 0 for name in SIGNS if name != "cosine")
    assert fitted.trained_on == {"drawn": "4000"}


def test_few_questions_stay_near_the_start() -> None:
    start = AnswerableModel(-1.0, {"cosine": 2.0})
    near = calibrate(drawn(60), {}, start, prior=1e6).model
    assert near.weights["cosine"] == pytest.approx(2.0, abs=0.01)


def test_the_threshold_lets_pass_the_share_asked_for() -> None:
    found = calibrate(drawn(2000), {}, unanswerable_answered=0.2)
    assert found.answered(answerable=False) == pytest.approx(0.2, abs=0.002)
    assert found.answered(answerable=True) > 0.6
    assert 0.8 < found.auroc < 0.95


def test_every_kind_of_unanswerable_question_counts_alike() -> None:
    easy = [Labelled(Signs(cosine=0.0), False, "easy")] * 20
    found = calibrate(drawn(2000) + easy, {}, unanswerable_answered=0.2)
    hard = [
        point.answered
        for point, one in zip(found.points, drawn(2000) + easy, strict=True)
        if not one.answerable and one.kind == "near"
    ]
    assert sum(hard) / len(hard) == pytest.approx(0.4, abs=0.01)  # half of the share is theirs


def test_the_same_questions_give_the_same_fit() -> None:
    assert calibrate(drawn(200), {}) == calibrate(drawn(200), {})


def test_too_few_questions_of_a_kind_are_refused() -> None:
    questions = [Labelled(Signs(cosine=0.1), answerable=False)] * 19
    questions += [Labelled(Signs(cosine=0.9), answerable=True)] * 40
    with pytest.raises(TooFewQuestions, match="19 unanswerable questions, a fit needs 20"):
        calibrate(questions, {})
