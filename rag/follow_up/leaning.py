"""Does a question without any "it" lean on what was talked about, or does it stand on its own?

"How many parameters are needed?" means the codec that was just explained; "What is a kettle?" does
not. The question alone is searched for: when the entries in focus answer it about as well as the
best other entry does, it leans on them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexes.embedder import Embedder
from indexes.index import Grain, Index
from rag.follow_up.general_words import FUNCTION, SIDES
from rag.question.question import content_words
from rag.retriever import best_per_entry
from rag.terms.terms import word_stems

CACHED_ENTRIES = 1024
_DEPTH = 200
# A name in capitals or with a digit, or something new: "what does a kettle do?"
_NEW_NAME = re.compile(r"(?<=\s)(?:\w*[A-Z]\w*|\w*\d\w*)|\b(?:does|do|is|are|can|of)\s+an?\s+\w")


@dataclass(frozen=True, slots=True)
class LeaningLimits:
    """The constants of the decision."""

    word: float = 0.2  # weight of the BM25 beside the cosine
    margin: float = 0.1  # by which another entry may be better
    margin_tied: float = 0.25  # likewise, for a question that begins with "and"
    few: int = 3  # words that a question may have to lean without a search
    common: float = 0.025  # share of the passages from which a word fits any subject
    common_passages: int = 3  # the least of those
    enough: float = 0.15  # lead from which the question finds its entry without any help
    known: float = 0.5  # share of the question's words that the entries in focus must use


class Leaning:
    """Tells leaning questions from complete ones. Safe to use from several threads."""

    def __init__(
        self,
        index: Index,
        embedder: Embedder,
        idf: Callable[[str], float],
        limits: LeaningLimits | None = None,
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._idf = idf
        self._limits = limits or LeaningLimits()
        self._stems_of = lru_cache(CACHED_ENTRIES)(self._read_stems)

    def leans(self, text: str, entry_ids: Sequence[str], *, is_tied: bool = False) -> bool:
        """Tell whether a question about unnamed things is about some entries.

        One that `is_tied` ("and ...") or says little of its own leans more easily.
        """
        focus = self._families(entry_ids)
        if not focus:
            return False
        limits = self._limits
        telling = (w for w in content_words(text).split() if w.casefold() not in SIDES | FUNCTION)
        words = " ".join(telling)
        stems = tuple(dict.fromkeys(word_stems(self._index, words)))
        used = frozenset().union(*map(self._stems_of, focus))
        if self._is_light(text, stems, used):
            return True
        if self._share(stems, used) < limits.known:
            return False
        margin = limits.margin_tied if is_tied else limits.margin
        return -margin <= self.lead(text, words, focus) < limits.enough

    def _is_light(self, text: str, stems: Sequence[str], used: frozenset[str]) -> bool:
        """Tell whether a question has only a few words, none of which points elsewhere."""
        limits = self._limits
        common = max(limits.common_passages, limits.common * self._index.passage_count)
        return (
            len(stems) <= limits.few
            and not _NEW_NAME.search(text)
            and all(s in used or self._index.document_frequency(s) >= common for s in stems)
        )

    def _share(self, stems: Sequence[str], used: frozenset[str]) -> float:
        """Return the idf-weighted share of the stems that are used; 1 without stems."""
        weights = {stem: self._idf(stem) for stem in stems}
        total = sum(weights.values())
        return sum(w for stem, w in weights.items() if stem in used) / total if total else 1.0

    def lead(self, text: str, words: str, focus: frozenset[str]) -> float:
        """Return by how much the entries in focus fit a question better than the best other."""
        vector = self._embedder.embed_query(text)
        dense = best_per_entry(self._index.dense(vector, _DEPTH))
        for entry_id in focus:
            rows = self._index.passage_vectors(entry_id)
            dense[entry_id] = float((rows @ vector).max()) if len(rows) else 0.0
        scored = self._index.lexical(words, _DEPTH, Grain.ENTRY)
        best = scored[0].score if scored else 1.0
        lexical = {hit.id: hit.score / best for hit in scored}
        scores = {e: s + self._limits.word * lexical.get(e, 0.0) for e, s in dense.items()}
        others = max((s for e, s in scores.items() if e not in focus), default=0.0)
        return max(scores[entry_id] for entry_id in focus) - others

    def _families(self, entry_ids: Sequence[str]) -> frozenset[str]:
        found: set[str] = set()
        for entry_id in entry_ids:
            with contextlib.suppress(KeyError):  # of another snapshot
                found.update(self._index.family(entry_id))
        return frozenset(found)

    def _read_stems(self, entry_id: str) -> frozenset[str]:
        entry = self._index.entry(entry_id)
        return frozenset(word_stems(self._index, f"{entry.term} {entry.body}"))
