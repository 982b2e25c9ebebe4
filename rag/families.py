"""Which entries define the same concept?

Two entries are related when their names say so *and* their texts agree: similar texts under
unrelated names are neighbours, and one name over unrelated texts is a homonym; both stay apart.
A family is a set of entries connected by such pairs, each member agreeing with the family's centre.

Names say so when they are equal, when one is an alias of the other entry, or when one term extends
the other by words that narrow it ("pruning" and "pruning methods"; but not "chip synthesis" and
"synthesis optimization", where each says something that the other does not).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.entry import Entry
from indexes.embedder import Vectors
from rag.terms.terms import Words, name_words

# Words that say how a concept is treated, not which concept it is.
_GENERIC = frozenset(
    "a an and for in of on the to with by from via method technique approach algorithm strategy "
    "model system framework basics overview introduction guide fundamental principle concept "
    "theory application".split()
)


@dataclass(frozen=True, slots=True)
class FamilyLimits:
    """How alike the texts must be (cosine), by how the names relate."""

    same_name: float = 0.60
    extended_name: float = 0.865  # keeps "Kubernetes" and "Kubernetes operator" apart


def find_families(
    entries: Sequence[Entry],
    vectors: Vectors,
    limits: FamilyLimits | None = None,
) -> tuple[tuple[str, ...], ...]:
    """Return the families of two members and more, ids ascending within and across.

    `vectors` is (n, dimension) float32, one unit row per entry: the direction of its text.
    """
    limits = limits or FamilyLimits()
    names = [_Names.of(entry) for entry in entries]
    parent = list(range(len(entries)))
    for one, other in _candidates(names):
        limit = names[one].limit(names[other], limits)
        if limit is not None and float(vectors[one] @ vectors[other]) >= limit:
            _join(parent, one, other)
    groups: dict[int, list[str]] = {}
    for position, entry in enumerate(entries):
        groups.setdefault(_root(parent, position), []).append(entry.entry_id)
    return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1))


def entry_directions(
    passage_entries: npt.NDArray[np.int64], vectors: Vectors, count: int
) -> Vectors:
    """Return (count, dimension) unit rows: the mean direction of each entry's passages.

    `passage_entries` is (p,), the entry position of each of the (p, dimension) rows of `vectors`.
    """
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    np.add.at(sums, passage_entries, vectors)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Names:
    term: Words
    content: frozenset[str]
    aliases: frozenset[Words]

    @classmethod
    def of(cls, entry: Entry) -> _Names:
        term = name_words(entry.term)
        content = frozenset(term) - _GENERIC
        return cls(term, content, frozenset(map(name_words, entry.aliases)))

    def limit(self, other: _Names, limits: FamilyLimits) -> float | None:
        """Return the cosine from which two entries are one concept, or None for never."""
        if self.term == other.term or self.content == other.content:
            return limits.same_name
        if self.term in other.aliases or other.term in self.aliases:
            return limits.same_name
        if self.content < other.content or other.content < self.content:
            return limits.extended_name
        return None


def _candidates(names: Sequence[_Names]) -> set[tuple[int, int]]:
    """Return the pairs of positions whose names share a content word, without trying all pairs.

    Each entry is filed under its rarest word and looked up under all of its words and aliases.
    """
    by_word: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        for word in {*name.content, *(word for alias in name.aliases for word in alias)}:
            by_word.setdefault(word, []).append(position)
    pairs: set[tuple[int, int]] = set()
    for position, name in enumerate(names):
        if name.content:
            rarest = min(name.content, key=lambda word: (len(by_word[word]), word))
            pairs.update(
                (min(position, other), max(position, other))
                for other in by_word[rarest]
                if other != position
            )
    return pairs


def _root(parent: list[int], position: int) -> int:
    while parent[position] != position:
        parent[position] = parent[parent[position]]
        position = parent[position]
    return position


def _join(parent: list[int], one: int, other: int) -> None:
    parent[_root(parent, one)] = _root(parent, other)
