"""The noun LogisticModel: a few coefficients that turn named signs into a probability.

probability = 1 / (1 + exp(-(intercept + sum of weight * sign)))
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

UNREADABLE = (OSError, ValueError, OverflowError, KeyError, TypeError, AttributeError)
"""What `LogisticModel.read` raises for a file that holds no such model."""

_MOST = 60.0  # of the logit: beyond it the probability is 0 or 1


@dataclass(frozen=True, slots=True)
class LogisticModel:
    """The coefficients of a logistic model.

    Attributes:
        intercept: of the logit.
        weights: by the name of the sign; a sign without one does not count.
        threshold: the probability from which it says yes.
        trained_on: the data, with how many examples of yes and no.
    """

    intercept: float
    weights: Mapping[str, float]
    threshold: float = 0.5
    trained_on: Mapping[str, str] = field(default_factory=dict)

    def probability_of(self, values: Mapping[str, float]) -> float:
        """Return the probability, in [0, 1], for signs given by name."""
        logit = self.intercept + sum(w * values[name] for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-_MOST, min(_MOST, logit))))

    def to_json(self) -> dict[str, Any]:
        """Return the model as plain values."""
        return asdict(self)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the model that `to_json` describes in a file; raises one of `UNREADABLE`."""
        data = json.loads(file.read_text(encoding="utf-8"))
        model = cls(
            float(data["intercept"]),
            {str(name): float(weight) for name, weight in data["weights"].items()},
            float(data["threshold"]),
            {str(name): str(count) for name, count in data["trained_on"].items()},
        )
        if not all(map(math.isfinite, (model.intercept, model.threshold, *model.weights.values()))):
            raise ValueError("a number in it is not finite")
        return model
