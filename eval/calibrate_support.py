"""Fit the model of support that ships with the project, and write its coefficients.

python -m eval.calibrate_support KIND PLACE [KIND PLACE ...] [--out rag/support/model.json]

The places are those of `eval.support`. Only sentences that no rule withholds take part: what lacks
a number or denies its quote needs no probability. docs/evaluation.md names the data.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.support import SupportPlace, open_home, read_places, sources_of
from eval.whole_file import write_whole
from rag.sources import Source
from rag.support.model import SIGNS, SupportModel, SupportSigns, load_support
from rag.support.support import SupportVerifier

PRIOR = 1.0  # how strongly weights are held to 0
UNSUPPORTED_ACCEPTED = 0.003
_OTHER_TEXTS = 0.15  # weight of a sentence about something else than a glossary
_DIGITS = 1000
_POSITIVE = ("coverage", "weakest", "cosine", "order")


@dataclass(frozen=True, slots=True)
class Example:
    """The best signs of a sentence among quotes that no rule refuses, and its label."""

    signs: SupportSigns
    supported: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Gathered:
    """The examples of a place, and how many unsupported sentences the rules refused there."""

    examples: tuple[Example, ...]
    refused: int


def gather(place: SupportPlace, model: SupportModel) -> Gathered:
    """Return the examples of a place; `model` chooses the quotes of each sentence."""
    index, embedder = open_home(place.home)
    verifier = SupportVerifier(index, embedder, model)
    weight = 1.0 if place.kind in ("changed", "written") else _OTHER_TEXTS
    examples, refused = [], 0
    for case in place.cases(index):
        signs = list(_allowed(verifier, case.sentence, sources_of(case, index)))
        if signs:
            examples.append(Example(max(signs, key=model.probability), case.supported, weight))
        else:
            refused += not case.supported
    return Gathered(tuple(examples), refused)


def _allowed(
    verifier: SupportVerifier, sentence: str, sources: Sequence[Source]
) -> Iterator[SupportSigns]:
    for tier in verifier.tiers(sentence, [1], sources):
        for candidate in tier:
            if not candidate.judgment.missing:
                yield candidate.judgment.signs


def fit_model(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Return intercept and weights of a logistic regression; more agreement never counts less."""
    from scipy.optimize import minimize

    features = np.array([[one.signs.values()[name] for name in SIGNS] for one in examples])
    signs = np.where([one.supported for one in examples], 1.0, -1.0)
    counts = np.array([one.weight for one in examples])
    inputs = np.hstack([features, np.ones((len(features), 1))])

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margins = signs * (inputs @ weights)
        held = np.append(weights[:-1], 0.0)
        value = (counts * np.logaddexp(0, -margins)).sum() + PRIOR / 2 * float(held @ held)
        slope = -(counts * signs / (1 + np.exp(margins))) @ inputs + PRIOR * held
        return float(value), slope

    bounds = [(0, None) if name in _POSITIVE else (None, 0) for name in SIGNS]
    found = minimize(
        loss, np.zeros(inputs.shape[1]), jac=True, bounds=[*bounds, (None, None)], method="L-BFGS-B"
    )
    weights = {name: round(float(w), 4) for name, w in zip(SIGNS, found.x[:-1], strict=True)}
    return round(float(found.x[-1]), 4), weights


def choose_threshold(
    model: SupportModel, gathered: Sequence[Gathered], accepted: float = UNSUPPORTED_ACCEPTED
) -> float:
    """Return the lowest threshold that at most this share of unsupported sentences passes.

    Of sentences about glossaries only; those that a rule refuses count as not passing.
    """
    scores = [
        model.probability(one.signs)
        for several in gathered
        for one in several.examples
        if not one.supported and one.weight == 1.0
    ]
    total = len(scores) + sum(several.refused for several in gathered)
    allowed = math.floor(accepted * total)
    highest = sorted(scores, reverse=True)[allowed : allowed + 1]
    return min(1.0, (math.floor(highest[0] * _DIGITS) + 1) / _DIGITS) if highest else 0.5


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("places", nargs="+", metavar="KIND PLACE")
    parser.add_argument("--out", type=Path, help="write the coefficients here")
    arguments = parser.parse_args()
    try:
        places = read_places(arguments.places)
    except ValueError as error:
        parser.error(str(error))
    gathered = [gather(place, load_support()) for place in places]
    examples = [one for several in gathered for one in several.examples]
    intercept, weights = fit_model(examples)
    trained_on = {
        f"{place.kind} {Path(place.written.partition('=')[0]).name}": _counts(several)
        for place, several in zip(places, gathered, strict=True)
    }
    model = SupportModel(intercept, weights, 0.5, trained_on)
    threshold = choose_threshold(model, gathered)
    model = SupportModel(intercept, weights, threshold, trained_on)
    text = json.dumps(model.to_json(), ensure_ascii=False, indent=1)
    print(text)
    passing = [one for one in examples if model.probability(one.signs) >= threshold]
    supported = [one for one in examples if one.supported and one.weight == 1.0]
    print(
        f"of {len(supported)} faithful sentences that no rule withholds, the model withholds "
        f"{sum(one not in passing for one in supported)}"
    )
    if arguments.out:
        write_whole(arguments.out, text + "\n")


def _counts(gathered: Gathered) -> str:
    supported = sum(one.supported for one in gathered.examples)
    unsupported = len(gathered.examples) - supported
    return f"{supported} supported, {unsupported} unsupported, {gathered.refused} refused by rules"


if __name__ == "__main__":
    main()
