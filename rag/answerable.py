"""Is the answer here at all? A calibrated probability from the signs.

A logistic model; `eval/calibrate.py` fits it and writes `answerable.json`, the few numbers below:

    probability = 1 / (1 + exp(-(intercept + sum of weight * sign)))

An operator's own fit (`aifactory eval calibrate --save`) lies in the home and goes before the one
that ships.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import ModelUnavailable
from rag.signs import SIGNS, Signs

SHIPPED = Path(__file__).resolve().parent / "answerable.json"
FILE = "answerable.json"


@dataclass(frozen=True, slots=True)
class AnswerableModel:
    """The coefficients of the logistic model.

    Attributes:
        intercept: of the logit.
        weights: by the name of the sign; a sign without one does not count.
        threshold: the probability from which a question is answered.
        trained_on: dataset and split, with how many answerable and unanswerable questions.
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float = 0.5
    trained_on: Mapping[str, str] = field(default_factory=dict)

    def probability(self, signs: Signs | None) -> float:
        """Return the probability, in [0, 1], that the glossary answers; 0 without evidence."""
        if signs is None:
            return 0.0
        values = signs.values()
        logit = self.intercept + sum(w * values[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def to_json(self) -> dict[str, Any]:
        """Return the model as plain values."""
        return asdict(self)


def load_answerable(home: Path | None = None) -> AnswerableModel:
    """Read the operator's own fit when the home has one, else the one that ships.

    Raises:
        ModelUnavailable: the file in the home is no such fit, or one for other signs.
    """
    own = home / FILE if home else None
    file = own if own and own.is_file() else SHIPPED
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        model = AnswerableModel(
            float(data["intercept"]),
            {str(name): float(weight) for name, weight in data["weights"].items()},
            float(data["threshold"]),
            {str(name): str(count) for name, count in data["trained_on"].items()},
        )
        numbers = (model.intercept, model.threshold, *model.weights.values())
        if not all(map(math.isfinite, numbers)):
            raise ValueError("a number in it is not finite")
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            f"{file} is no fit of `aifactory eval calibrate` ({type(error).__name__}: {error}); "
            "remove it, or fit anew with --save"
        ) from None
    unknown = sorted(set(model.weights) - set(SIGNS))
    if unknown:
        raise ModelUnavailable(
            f"{file} weighs the sign {unknown[0]!r}, which this version does not have; "
            "remove it, or fit anew with `aifactory eval calibrate --save`"
        )
    return model
