"""Fuse the channels' scores of entries into one.

    score(e) = cosine(e)
             + entry_weight   * bm25_entry(e)   / max bm25_entry
             + passage_weight * bm25_passage(e) / max bm25_passage
             + exact_weight   * named(e)         (+ whole_weight when the query is the name)

`cosine` and `bm25_passage` are those of the entry's best passage; an entry that the dense channel
did not return counts with the lowest cosine that it did return. A linear combination keeps what the
score margins say, which rank fusion throws away (Bruch, Gai & Ingber, TOIS 2023). `named(e)` is the
share of the question's meaning that the entry's own name covers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """The constants of the formula; docs/benchmarks.md tells how they were chosen."""

    entry: float = 0.2
    passage: float = 0.15
    exact: float = 0.3
    whole: float = 2.0


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
    weights: FusionWeights,
) -> list[tuple[str, float]]:
    """Return (entry id, score), best first; equal scores in the order of the ids."""
    lowest = min(dense.values(), default=0.0)
    best_entry = max(entry_bm25.values(), default=1.0)
    best_passage = max(passage_bm25.values(), default=1.0)

    def score(entry_id: str) -> float:
        naming = named.get(entry_id)
        return (
            dense.get(entry_id, lowest)
            + weights.entry * entry_bm25.get(entry_id, 0.0) / best_entry
            + weights.passage * passage_bm25.get(entry_id, 0.0) / best_passage
            + (naming.strength(weights) if naming else 0.0)
        )

    scored = [(entry_id, score(entry_id)) for entry_id in {*dense, *entry_bm25, *named}]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))
