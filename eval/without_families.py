"""Retrieval as it were if near-duplicate entries were not collapsed into families."""

from __future__ import annotations

from collections import Counter
from typing import Any, cast

from eval.runs import Ranking
from indexes.index import Index


class _EntriesApart:
    def __init__(self, index: Index) -> None:
        self._index = index

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)

    def family(self, entry_id: str) -> tuple[str, ...]:
        return (entry_id,)


def without_families(index: Index) -> Index:
    """Return an index that is the same but for its families: every entry is its own."""
    return cast("Index", _EntriesApart(index))


def repeats_apart(ranking: Ranking) -> Ranking:
    """Return a ranking of families in which one that comes again is another, unjudged document.

    It keeps its place and brings nothing, as it does for a reader who has seen its twin above.
    """
    seen: Counter[str] = Counter()
    apart = []
    for family, score in ranking:
        apart.append((f"{family} again {seen[family]}" if seen[family] else family, score))
        seen[family] += 1
    return apart
