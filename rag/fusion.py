"""Fuse the channels' scores of entries into one.

    score(e) = (1 - unit_weight) * cosine(e) + unit_weight * unit_cosine(e)
             + entry_weight   * bm25_entry(e)   / ceiling
             + passage_weight * bm25_passage(e) / ceiling
             + exact_weight   * named(e)         (+ whole_weight when the query is the name)

`cosine` and `bm25_passage` are those of the entry's best passage, `unit_cosine` that of its best
quotable unit; an entry that the dense channel did not return counts with the lowest cosine that it
did return. A linear combination keeps what the score margins say, which rank fusion throws away
(Bruch, Gai & Ingber, TOIS 2023).

`ceiling` is the BM25 score that no document can pass: the sum of the query words' idf times
(k1 + 1). Dividing by the best score found, as is usual, makes the best of bad matches count as much
as a perfect one: a description in other words than the glossary's then follows stray words.

`named(e)` is the share of the question's meaning that the entry's own name covers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """The constants of the formula; docs/evaluation.md tells how they were chosen."""

    unit: float = 0.5
    entry: float = 0.5
    passage: float = 0.2
    exact: float = 0.3
    whole: float = 2.0
    growth: float = 2.2  # k1 + 1 with Tantivy's k1 of 1.2: what a word counts at most, per idf


@dataclass(frozen=True, slots=True)
class Naming:
    """How the question names an entry: the name, its share of the question in [0, 1], and form.

    `whole` means that the question is nothing but the name; `is_term` that it is the entry's term
    rather than an alias.
    """

    name: str
    share: float
    whole: bool
    is_term: bool

    def strength(self, weights: FusionWeights) -> float:
        """Return what the naming adds to the fused score."""
        term = 0.1 if self.is_term else 0.0
        return weights.exact * self.share + (weights.whole + term if self.whole else 0.0)


def ranks(ids: Iterable[str]) -> dict[str, int]:
    """Return the rank of each id, from 1; the first occurrence counts."""
    found: dict[str, int] = {}
    for id_ in ids:
        found.setdefault(id_, len(found) + 1)
    return found


def fuse(
    dense: Mapping[str, float],
    entry_bm25: Mapping[str, float],
    passage_bm25: Mapping[str, float],
    named: Mapping[str, Naming],
    ceiling: float,
    weights: FusionWeights,
) -> list[tuple[str, float]]:
    """Return (entry id, score), best first; equal scores in the order of the ids.

    The passage cosine stands in for the unit cosine; `refine` puts that right for the first ones.
    """
    lowest = min(dense.values(), default=0.0)
    # Rounding of idf may lift a perfect match a hair over the ceiling, and a query without known
    # words has none.
    best = max((*entry_bm25.values(), *passage_bm25.values(), ceiling), default=1.0) or 1.0

    def score(entry_id: str) -> float:
        naming = named.get(entry_id)
        return (
            dense.get(entry_id, lowest)
            + weights.entry * entry_bm25.get(entry_id, 0.0) / best
            + weights.passage * passage_bm25.get(entry_id, 0.0) / best
            + (naming.strength(weights) if naming else 0.0)
        )

    scored = [(entry_id, score(entry_id)) for entry_id in {*dense, *entry_bm25, *named}]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def refine(
    fused: Sequence[tuple[str, float]],
    dense: Mapping[str, float],
    unit_cosine: Callable[[str], float],
    depth: int,
    weights: FusionWeights,
) -> list[tuple[str, float]]:
    """Score the first `depth` entries by their best unit as well, and order these anew.

    The entries after them follow as they were, none with a score above its predecessor.
    """
    lowest = min(dense.values(), default=0.0)
    first = [
        (entry_id, score + weights.unit * (unit_cosine(entry_id) - dense.get(entry_id, lowest)))
        for entry_id, score in fused[:depth]
    ]
    first.sort(key=lambda pair: (-pair[1], pair[0]))
    floor = first[-1][1] if first else 0.0
    return [*first, *((entry_id, min(score, floor)) for entry_id, score in fused[depth:])]
