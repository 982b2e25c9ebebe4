"""The signs of support, and the logistic model (`rag/logistic.py`) that weighs them.

`eval/calibrate_support.py` fits it and writes `model.json`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from pathlib import Path

from rag.errors import ModelUnavailable
from rag.logistic import UNREADABLE, LogisticModel

SHIPPED = Path(__file__).resolve().parent / "model.json"


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


class SupportModel(LogisticModel):
    """Decides from its signs whether a sentence counts as supported."""

    __slots__ = ()

    def probability(self, signs: SupportSigns) -> float:
        """Return the probability, in [0, 1], that the quotes support the sentence."""
        return self.probability_of(signs.values())


def load_support(file: Path = SHIPPED) -> SupportModel:
    """Read the fit that ships.

    Raises:
        ModelUnavailable: the file is no such fit, or one for other signs.
    """
    try:
        model = SupportModel.read(file)
        unknown = sorted(set(model.weights) - set(SIGNS))
        if unknown:
            raise ValueError(f"it weighs the sign {unknown[0]!r}, unknown to this version")
    except UNREADABLE as error:
        raise ModelUnavailable(
            f"{file} is no fit of `python -m eval.calibrate_support` "
            f"({type(error).__name__}: {error}); fit anew with --out"
        ) from None
    return model
