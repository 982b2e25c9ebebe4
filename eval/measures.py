"""The measures of a ranking, computed by `ir_measures` (trec_eval's own code underneath)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eval.runs import Run, strictly_descending

MEASURES = (
    "nDCG@10",
    "Success@1",
    "Success@5",
    "RR@10",
    "R@10",
    "R@100",
    "AP",
    "Rprec",
)
"""By the names of ir_measures, the one to look at first in front."""

DEPTH = 100
"""Hits fetched per query, unless a run says otherwise."""

_UNCUT = {"AP": 100, "Rprec": 10}

Gains = Mapping[str, Mapping[str, int]]
"""query id -> document id -> gain."""


def measures_within(depth: int) -> tuple[str, ...]:
    """Return the measures that rankings of this depth can show.

    A measure that looks deeper would count what was never fetched as not found. Average precision
    has no end: it wants the full 100; R-precision looks as deep as there are relevant ones, which
    are seldom more than ten.
    """
    return tuple(name for name in MEASURES if _depth_of(name) <= depth)


def _depth_of(name: str) -> int:
    _, _, cut = name.partition("@")
    return int(cut) if cut else _UNCUT[name]


def measure(
    gains: Gains, run: Run, names: tuple[str, ...] = MEASURES
) -> dict[str, dict[str, float]]:
    """Return measure -> query id -> value, for every judged query.

    A judged query that the run does not answer counts 0, it is never left out; a query that nobody
    judged does not count at all.
    """
    # Late: ir_measures takes 0.3 s to import, and a command that only compares needs none of it.
    import ir_measures

    measures = {ir_measures.parse_measure(name): name for name in names}
    values = {name: dict.fromkeys(gains, 0.0) for name in names}
    for found in ir_measures.iter_calc(list(measures), _qrels(gains), _scored(gains, run)):
        values[measures[found.measure]][found.query_id] = float(found.value)
    return values


def _qrels(gains: Gains) -> list[Any]:
    from ir_measures import Qrel

    return [
        Qrel(query_id, document_id, gain)
        for query_id, judged in gains.items()
        for document_id, gain in judged.items()
    ]


def _scored(gains: Gains, run: Run) -> list[Any]:
    from ir_measures import ScoredDoc

    return [
        ScoredDoc(query_id, document_id, score)
        for query_id, ranking in run.rankings.items()
        if query_id in gains
        for document_id, score in strictly_descending(ranking)
    ]
