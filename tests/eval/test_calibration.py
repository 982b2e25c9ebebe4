import json
import math
from pathlib import Path

import numpy as np
import pytest

from eval.calibrate import calibration_lines, write_model
from eval.calibration import Labelled, calibrate
from eval.errors import ResultUnwritable, TooFewQuestions
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


def test_both_shares_of_the_unanswerable_are_told() -> None:
    questions = drawn(2000) + [Labelled(Signs(cosine=0.0), False, "easy")] * 20
    found = calibrate(questions, {}, unanswerable_answered=0.2)
    assert 0.19 < found.answered_per_kind <= 0.2
    assert found.answered(answerable=False) == pytest.approx(0.4, abs=0.02)
    told = next(line for line in calibration_lines(found) if line.startswith("unanswerable"))
    assert told == (
        f"unanswerable questions answered {found.answered(answerable=False):.1%}; the mean over "
        f"their kinds, which the limit holds, {found.answered_per_kind:.1%}"
    )


def test_a_limit_of_one_answers_everything_and_of_none_nothing_unanswerable() -> None:
    kinds = [Labelled(Signs(cosine=n / 70), False, f"kind {n % 7}") for n in range(49)]
    questions = drawn(200) + kinds
    everything = calibrate(questions, {}, unanswerable_answered=1.0)
    assert everything.model.threshold == 0.0
    assert calibrate(questions, {}, unanswerable_answered=0.0).answered(answerable=False) == 0


def test_a_threshold_has_four_digits_and_stays_above_what_it_must_not_let_pass() -> None:
    found = calibrate(drawn(300), {}, unanswerable_answered=0.1)
    threshold = found.model.threshold
    assert threshold == round(threshold, 4)
    assert [p.answered for p in found.points] == [p.probability >= threshold for p in found.points]
    assert found.answered_per_kind <= 0.1


def test_a_fit_that_cannot_be_written_is_refused_in_a_line(tmp_path: Path) -> None:
    found = calibrate(drawn(200), {})
    write_model(found, tmp_path / "model.json")
    assert json.loads((tmp_path / "model.json").read_text()) == found.model.to_json()
    assert [path.name for path in tmp_path.iterdir()] == ["model.json"]
    with pytest.raises(ResultUnwritable, match=r"x\.json: "):
        write_model(found, tmp_path / "model.json" / "x.json")


def test_the_same_questions_give_the_same_fit() -> None:
    assert calibrate(drawn(200), {}) == calibrate(drawn(200), {})


def test_too_few_questions_of_a_kind_are_refused() -> None:
    questions = [Labelled(Signs(cosine=0.1), answerable=False)] * 19
    questions += [Labelled(Signs(cosine=0.9), answerable=True)] * 40
    with pytest.raises(TooFewQuestions, match="19 unanswerable questions, a fit needs 20"):
        calibrate(questions, {})
