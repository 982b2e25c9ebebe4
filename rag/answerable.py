"""Is the answer here at all? A calibrated probability from the signs.

A logistic model (`rag/logistic.py`); `eval/calibrate.py` fits it and writes `answerable.json`.

An operator's own fit (`aifactory eval calibrate --save`) lies in the home and goes before the one
that ships.
"""

from __future__ import annotations

from pathlib import Path

from rag.errors import ModelUnavailable
from rag.logistic import UNREADABLE, LogisticModel
from rag.signs import SIGNS, Signs

SHIPPED = Path(__file__).resolve().parent / "answerable.json"
FILE = "answerable.json"


class AnswerableModel(LogisticModel):
    """Decides from the signs of a question whether it is answered."""

    __slots__ = ()

    def probability(self, signs: Signs | None) -> float:
        """Return the probability, in [0, 1], that the glossary answers; 0 without evidence."""
        return 0.0 if signs is None else self.probability_of(signs.values())


def load_answerable(home: Path | None = None) -> AnswerableModel:
    """Read the operator's own fit when the home has one, else the one that ships.

    Raises:
        ModelUnavailable: the file in the home is no such fit, or one for other signs.
    """
    own = home / FILE if home else None
    file = own if own and own.is_file() else SHIPPED
    try:
        model = AnswerableModel.read(file)
    except UNREADABLE as error:
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
