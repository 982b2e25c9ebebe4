"""Measure what each group of signs brings to the decision to answer: without it, and it alone.

python -m eval.ablate_signs FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...]

AUROC with cross-validated probabilities, over all datasets together and over each, with its 95 %
bootstrap interval. Use development splits.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace

from eval.abstention import Point, auroc, auroc_interval
from eval.calibrate import read_place
from eval.calibration import Labelled, calibrate
from eval.place import add_places
from rag.signs import SIGNS, Signs

GROUPS = {
    "meaning": ("cosine passage_cosine residual long_cosine long_residual quantity_residual"),
    "words": "coverage body missing rarest unknown long quantity_body quantity_focus",
    "names of the glossary": "is_name mentions is_undefined",
    "particular things": "things thing_missing thing_unsaid particular",
    "type of answer": (
        "quantity measured no_number person no_person no_date no_money quantity_body "
        "quantity_focus quantity_residual"
    ),
}


def variants() -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each variant's name and the signs that it may use."""
    everything = frozenset(SIGNS)
    yield "all signs (shipped)", everything
    for name, group in GROUPS.items():
        yield f"without {name}", everything - set(group.split())
    for name, group in GROUPS.items():
        yield f"{name} alone", frozenset(group.split())
    yield "the best unit's cosine alone", frozenset({"cosine"})


def with_only(signs: Signs, allowed: frozenset[str]) -> Signs:
    """Return the signs with all but some set to 0, which takes them out of a fit."""
    return replace(signs, **{name: 0.0 for name in SIGNS if name not in allowed})


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    read = [read_place(place) for place in parser.parse_args().places]
    sets = {f"{dataset.name} {dataset.split}": questions for dataset, questions in read}
    print("| | all |", *(f"{name} |" for name in sets))
    print("|---|" + "--:|" * (len(sets) + 1))
    questions = [question for found in sets.values() for question in found]
    for name, allowed in variants():
        points = _points(questions, allowed)
        cells = [_cell(points)]
        begin = 0
        for found in sets.values():
            cells.append(_cell(points[begin : begin + len(found)]))
            begin += len(found)
        print(f"| {name} | {' | '.join(cells)} |")


def _points(questions: Sequence[Labelled], allowed: frozenset[str]) -> tuple[Point, ...]:
    chosen = [replace(one, signs=with_only(one.signs, allowed)) for one in questions]
    return calibrate(chosen, {}).points


def _cell(points: Sequence[Point]) -> str:
    interval = auroc_interval(points)
    assert interval is not None, "calibrate refuses questions of one kind"
    return f"{auroc(points):.3f} [{interval.low:.3f}, {interval.high:.3f}]"


if __name__ == "__main__":
    main()
