import json
import math
from pathlib import Path

import pytest

from rag.answerable import FILE, SHIPPED, AnswerableModel, load_answerable
from rag.errors import ModelUnavailable
from rag.signs import SIGNS, Signs


def written(home: Path, **changes: object) -> Path:
    fit = {"intercept": 1.0, "weights": {"cosine": 2.0}, "threshold": 0.5, "trained_on": {}}
    (home / FILE).write_text(json.dumps(fit | changes), encoding="utf-8")
    return home


def test_the_probability_is_the_logistic_of_the_weighted_signs() -> None:
    model = AnswerableModel(-2.0, {"cosine": 2.0, "coverage": 3.0, "unknown": -1.0})
    # -2 + 2 * 0.5 + 3 * 0.5 - 1 * 0.25 = 0.25
    expected = 1 / (1 + math.exp(-0.25))
    assert model.probability(Signs(cosine=0.5, coverage=0.5, unknown=0.25)) == expected


def test_without_evidence_nothing_is_answered() -> None:
    assert AnswerableModel(50.0, {}).probability(None) == 0.0


def test_a_huge_weight_does_not_overflow() -> None:
    model = AnswerableModel(0.0, {"cosine": -1e9})
    assert 0.0 <= model.probability(Signs(cosine=1.0)) < 1e-20


def test_the_shipped_model_weighs_every_sign_and_is_small() -> None:
    model = load_answerable()
    assert set(model.weights) == set(SIGNS)
    assert 0.3 < model.threshold < 0.9
    assert model.trained_on
    assert SHIPPED.stat().st_size < 2000


def test_similarity_and_coverage_speak_for_an_answer_and_a_missing_thing_against() -> None:
    model = load_answerable()
    base = Signs(cosine=0.5, residual=0.3, coverage=0.5, body=0.5, things=1.0)
    better = Signs(cosine=0.8, residual=0.6, coverage=1.0, body=1.0, things=1.0)
    worse = Signs(cosine=0.5, residual=0.3, coverage=0.5, body=0.5, things=1.0, thing_unsaid=1.0)
    assert model.probability(better) > model.probability(base) > model.probability(worse)


def test_an_own_fit_in_the_home_goes_before_the_shipped_one(tmp_path: Path) -> None:
    assert load_answerable(tmp_path) == load_answerable()
    own = load_answerable(written(tmp_path))
    assert (own.intercept, own.weights) == (1.0, {"cosine": 2.0})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weights": {"moon": 1.0}}, "weighs the sign 'moon'"),
        ({"weights": [1, 2]}, "is no fit of `aifactory eval calibrate`"),
        ({"threshold": "high"}, "is no fit of `aifactory eval calibrate`"),
        ({"intercept": float("nan")}, "not finite"),
        ({"weights": {"cosine": float("inf")}}, "not finite"),
        ({"intercept": 10**400}, "is no fit of `aifactory eval calibrate`"),
    ],
)
def test_a_fit_that_cannot_be_used_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(ModelUnavailable, match=said):
        load_answerable(written(tmp_path, **changes))


def test_a_file_that_is_no_fit_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\x00\xff")
    with pytest.raises(ModelUnavailable, match="remove it"):
        load_answerable(tmp_path)
