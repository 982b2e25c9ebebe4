"""Is the answer here at all? A probability from what retrieval and the evidence show.

A logistic model on features that are available offline. Its coefficients are a first honest
setting, not yet calibrated on held-out questions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer, each in [0, 1].

    Attributes:
        cosine: similarity of the question to the best unit.
        coverage: idf-weighted share of the question's words found in the best passage, its titles
            and its term.
        named: share of the question's meaning that a term or alias of the glossary covers.
    """

    cosine: float
    coverage: float
    named: float


@dataclass(frozen=True, slots=True)
class AnswerableModel:
    """The coefficients of the logistic model."""

    intercept: float = -6.0
    cosine: float = 6.0
    coverage: float = 5.0
    named: float = 1.5

    def probability(self, signs: Signs) -> float:
        """Return the probability, in [0, 1], that the glossary answers the question."""
        logit = (
            self.intercept
            + self.cosine * signs.cosine
            + self.coverage * signs.coverage
            + self.named * signs.named
        )
        return 1 / (1 + math.exp(-logit))
