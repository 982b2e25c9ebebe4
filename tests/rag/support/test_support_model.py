import json
from math import exp, isclose
from pathlib import Path

import pytest

from rag.errors import ModelUnavailable
from rag.support.model import SHIPPED, SupportModel, SupportSigns, load_support


def test_the_probability_is_logistic_in_the_signs() -> None:
    model = SupportModel(-1.0, {"coverage": 2.0, "more": -0.5})
    signs = SupportSigns(coverage=1.0, more=1.0)
    assert isclose(model.probability(signs), 1 / (1 + exp(-0.5)))


def test_the_shipped_fit_is_small_and_trusts_agreement() -> None:
    model = load_support()
    nothing = SupportSigns(rarest=1.0, lacking=1.0)
    everything = SupportSigns(coverage=1.0, weakest=1.0, cosine=1.0, order=1.0)
    assert model.probability(nothing) < model.threshold < model.probability(everything)
    assert SHIPPED.stat().st_size < 2000


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weights": {"moon": 1.0}}, "weighs the sign 'moon'"),
        ({"weights": [1]}, "is no fit of"),
        ({"intercept": float("inf")}, "not finite"),
    ],
)
def test_a_fit_that_cannot_be_used_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    fit = {"intercept": 0.0, "weights": {}, "threshold": 0.5, "trained_on": {}, **changes}
    file = tmp_path / "support.json"
    file.write_text(json.dumps(fit), encoding="utf-8")
    with pytest.raises(ModelUnavailable, match=said):
        load_support(file)
