"""The signs of support, and the logistic model that turns them into a probability.

    probability = 1 / (1 + exp(-(intercept + sum of weight * sign)))

`eval/calibrate_support.py` fits it and writes `support.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from rag.errors import ModelUnavailable

SHIPPED = Path(__file__).resolve().parent / "support.json"


@dataclass(frozen=True, slots=True)
class SupportSigns:
    """How well quotes say what a sentence says; shares in [0, 1].

    Attributes:
        coverage: share of the sentence's words, weighted by rarity, that the quotes have.
        weakest: the same of its least covered clause.
        cosine: similarity of the sentence to the quotes.
        rarest: weight of the rarest word that the quotes lack.
        lacking: weight of all the words that they lack, three rare ones or more being 1.
        order: share of the sentence's neighbouring words that are neighbours in a quote.
        more: quotes beyond the first.
    """

    coverage: float = 0.0
    weakest: float = 0.0
    cosine: float = 0.0
    rarest: float = 0.0
    lacking: float = 0.0
    order: float = 0.0
    more: float = 0.0

    def values(self) -> dict[str, float]:
        """Return the signs by name."""
        return asdict(self)


SIGNS = tuple(sign.name for sign in fields(SupportSigns))


@dataclass(frozen=True, slots=True)
class SupportModel:
    """The coefficients of the logistic model.

    Attributes:
        intercept: of the logit.
        weights: by the name of the sign; a sign without one does not count.
        threshold: the probability from which a sentence counts as supported.
        trained_on: the data, with how many supported and unsupported sentences.
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float = 0.5
    trained_on: Mapping[str, str] = field(default_factory=dict)

    def probability(self, signs: SupportSigns) -> float:
        """Return the probability, in [0, 1], that the quotes support the sentence."""
        values = signs.values()
        logit = self.intercept + sum(w * values[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, logit))))

    def to_json(self) -> dict[str, Any]:
        """Return the model as plain values."""
        return asdict(self)


def load_support(file: Path = SHIPPED) -> SupportModel:
    """Read the fit that ships.

    Raises:
        ModelUnavailable: the file is no such fit, or one for other signs.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        model = SupportModel(
            float(data["intercept"]),
            {str(name): float(weight) for name, weight in data["weights"].items()},
            float(data["threshold"]),
            {str(name): str(count) for name, count in data["trained_on"].items()},
        )
        if not all(map(math.isfinite, (model.intercept, model.threshold, *model.weights.values()))):
            raise ValueError("a number in it is not finite")
        unknown = sorted(set(model.weights) - set(SIGNS))
        if unknown:
            raise ValueError(f"it weighs the sign {unknown[0]!r}, unknown to this version")
    except (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            f"{file} is no fit of `python -m eval.calibrate_support` "
            f"({type(error).__name__}: {error}); fit anew with --out"
        ) from None
    return model
