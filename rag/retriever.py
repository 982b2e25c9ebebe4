"""From a question to hits: three channels, fused, one hit per family."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from corpus.passage import Passage
from indexes.embedder import Embedder, Vectors
from indexes.index import Grain, Index, Scored
from rag.fusion import FusionWeights, Naming, fuse, ranks, refine
from rag.hit import Channels, Hit, Mode
from rag.question.question import content_words
from rag.stopwatch import Stopwatch
from rag.terms.terms import Mention, TermTable, is_synonym, is_written, name_words, word_stems

DENSE_DEPTH = 200  # passages
LEXICAL_DEPTH = 100  # entries
PASSAGE_DEPTH = 100  # passages
REFINED_DEPTH = 50  # entries whose units are looked at one by one
LEXICAL_PASSAGE_WEIGHT = 0.3


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What one search found, with what later stages need to know about the question.

    Attributes:
        text: the question after spelling correction.
        topic: its bare subject, corrected likewise.
        vector: (dimension,) float32, the embedding of `text`.
        mentions: the names it contains; one that is the whole topic stands alone.
        is_name: whether the topic is nothing but a name.
        stems: of the words that say what it is about.
        hits: best first.
    """

    text: str
    topic: str
    vector: Vectors
    mentions: tuple[Mention, ...]
    is_name: bool
    stems: tuple[str, ...]
    hits: tuple[Hit, ...]

    @property
    def entry_ids(self) -> tuple[str, ...]:
        """Return the found entries that the question names, best first, one per family."""
        named = {entry_id for mention in self.mentions for entry_id in mention.entry_ids}
        return tuple(hit.entry.entry_id for hit in self.hits if named & {*hit.family})


@dataclass(slots=True)
class _Rankings:
    """The results of the channels: per entry, best first; passages also one by one."""

    named: dict[str, Naming] = field(default_factory=dict)
    dense: dict[str, float] = field(default_factory=dict)
    lexical: dict[str, float] = field(default_factory=dict)
    lexical_passages: list[Scored] = field(default_factory=list)


class Retriever:
    """Searches one index. Safe to use from several threads."""

    def __init__(
        self, index: Index, embedder: Embedder, weights: FusionWeights | None = None
    ) -> None:
        self._index = index
        self._embedder = embedder
        self._weights = weights or FusionWeights()
        self.terms = TermTable(index.names(), index.vocabulary, self._is_common)

    def retrieve(
        self,
        text: str,
        topic: str,
        k: int,
        mode: Mode = Mode.HYBRID,
        watch: Stopwatch | None = None,
    ) -> Retrieval:
        """Return the `k` best hits for a question whose bare subject is `topic`."""
        watch = watch or Stopwatch()
        corrected, topic, whole = self._corrected(text, topic)
        named = [whole] if whole else self.terms.mentions(corrected)
        mentions = tuple({mention.name: mention for mention in named}.values())
        words = content_words(corrected)
        stems = tuple(word_stems(self._index, words))
        watch.lap("names")
        vector = self._embedder.embed_query(self._spelt_out(corrected, mentions))
        watch.lap("embed")
        found = _Rankings()
        if mode is Mode.HYBRID:
            found.named = self._namings(mentions, stems, is_whole=whole is not None)
        self._search(found, words, vector, mode, watch)
        ranked = self._ranked(found, stems, vector, mode)
        hits = tuple(self._hits(found, ranked, vector, k))
        watch.lap("rank")
        return Retrieval(corrected, topic, vector, mentions, whole is not None, stems, hits)

    def idf(self, stem: str) -> float:
        """Return how rare a stem is: ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25."""
        total, having = self._index.passage_count, self._index.document_frequency(stem)
        return math.log(1 + (total - having + 0.5) / (having + 0.5))

    def _spelt_out(self, text: str, mentions: tuple[Mention, ...]) -> str:
        """Return a question with its abbreviations written out, for the embedding model.

        The model knows few abbreviations of a trade; only one that stands for one term is sure.
        """
        for mention in mentions:
            entries = {self._index.entry(entry_id).term for entry_id in mention.entry_ids}
            short = mention.written
            if mention.terms_of or len(entries) > 1 or len(short) > 6 or " " in short:
                continue
            (term,) = entries
            if _abbreviates_term(short, term):
                text = re.sub(rf"\b{re.escape(short)}\b", f"{term} ({short})", text, count=1)
        return text

    def _is_common(self, word: str) -> bool:
        """Tell whether the model has a word as one token: then it is a word, whatever corpus."""
        return self._embedder.count_tokens(word) == 1

    def _corrected(self, text: str, topic: str) -> tuple[str, str, Mention | None]:
        """Return question and topic with their spelling corrected, and the name the topic is."""
        is_known = partial(is_written, self._index)
        right_topic = self.terms.correct(topic, is_known)
        whole = self.terms.whole(right_topic)
        if whole and name_words(whole.name) != name_words(right_topic):
            whole = replace(whole, written=whole.name)
            right_topic = whole.name
        if right_topic != topic and topic in text:
            before, _, after = text.rpartition(topic)  # its letters may stand inside other words
            text = f"{before}{right_topic}{after}"
        return self.terms.correct(text, is_known), right_topic, whole

    def _search(
        self, found: _Rankings, words: str, vector: Vectors, mode: Mode, watch: Stopwatch
    ) -> None:
        if mode is not Mode.LEXICAL:
            found.dense = best_per_entry(self._index.dense(vector, DENSE_DEPTH))
            watch.lap("dense")
        if mode is not Mode.DENSE:
            entries = self._index.lexical(words, LEXICAL_DEPTH, Grain.ENTRY)
            found.lexical = {hit.id: hit.score for hit in entries}
            found.lexical_passages = self._index.lexical(words, PASSAGE_DEPTH, Grain.PASSAGE)
            watch.lap("lexical")

    def _namings(
        self, mentions: tuple[Mention, ...], stems: tuple[str, ...], *, is_whole: bool
    ) -> dict[str, Naming]:
        """Weigh each mention by the rarity of its words among the words that the corpus has.

        A word that nobody wrote is the rarest of all and tells nothing about which entry is meant.
        """
        written = filter(self._index.document_frequency, dict.fromkeys(stems))
        total = sum(map(self.idf, written)) or 1.0
        named: dict[str, Naming] = {}
        for mention in mentions:
            share = min(
                1.0,
                sum(map(self.idf, dict.fromkeys(word_stems(self._index, mention.written)))) / total,
            )
            for entry_id in mention.entry_ids:
                naming = Naming(mention.name, share, is_whole, entry_id in mention.terms_of)
                known = named.get(entry_id)
                if known is None or naming.share > known.share:
                    named[entry_id] = naming
        return named

    def _hits(
        self, found: _Rankings, ranked: list[tuple[str, float]], vector: Vectors, k: int
    ) -> Iterator[Hit]:
        describe = _Describer(found, ranked)
        best = max((hit.score for hit in found.lexical_passages), default=1.0)
        bm25 = {hit.id: hit.score / best for hit in found.lexical_passages}
        seen: set[str] = set()
        rank = 0
        for entry_id, score in ranked:
            if entry_id in seen or rank == k:
                continue
            family = self._index.family(entry_id)
            seen.update(family)
            passage = self._best_passage(entry_id, vector, bm25)
            if passage is None:
                continue
            rank += 1
            entry = self._index.entry(entry_id)
            yield Hit(rank, round(score, 6), entry, passage, describe(entry_id), family)

    def _ranked(
        self, found: _Rankings, stems: tuple[str, ...], vector: Vectors, mode: Mode
    ) -> list[tuple[str, float]]:
        if mode is Mode.LEXICAL:
            return list(found.lexical.items())
        if mode is Mode.DENSE:
            return list(found.dense.items())
        passages = best_per_entry(found.lexical_passages)
        ceiling = self._weights.growth * sum(map(self.idf, dict.fromkeys(stems)))
        fused = fuse(found.dense, found.lexical, passages, found.named, ceiling, self._weights)

        def unit_cosine(entry_id: str) -> float:
            return float((self._index.entry_unit_vectors(entry_id) @ vector).max(initial=-1.0))

        return refine(fused, found.dense, unit_cosine, REFINED_DEPTH, self._weights)

    def _best_passage(
        self, entry_id: str, vector: Vectors, bm25: dict[str, float]
    ) -> Passage | None:
        passages = self._index.passages(entry_id)
        if not passages:
            return None
        scores = self._index.passage_vectors(entry_id) @ vector
        words = [bm25.get(passage.passage_id, 0.0) for passage in passages]
        return passages[int(np.argmax(scores + LEXICAL_PASSAGE_WEIGHT * np.array(words)))]


class _Describer:
    """Tells how each channel ranked an entry."""

    def __init__(self, found: _Rankings, ranked: list[tuple[str, float]]) -> None:
        self._dense, self._lexical = found.dense, found.lexical
        self._dense_rank, self._lexical_rank = ranks(self._dense), ranks(self._lexical)
        self._named = found.named
        self._named_rank = ranks(entry_id for entry_id, _ in ranked if entry_id in found.named)

    def __call__(self, entry_id: str) -> Channels:
        named = self._named.get(entry_id)
        return Channels(
            exact=self._named_rank.get(entry_id),
            exact_name=named.name if named else None,
            dense=self._dense_rank.get(entry_id),
            dense_score=_rounded(self._dense.get(entry_id)),
            lexical=self._lexical_rank.get(entry_id),
            lexical_score=_rounded(self._lexical.get(entry_id)),
        )


def _abbreviates_term(short: str, term: str) -> bool:
    return len(name_words(term)) > 1 and is_synonym(short, term)


def _entry_of(passage_id: str) -> str:
    return passage_id.rpartition("#")[0]


def best_per_entry(passages: Iterable[Scored]) -> dict[str, float]:
    """Return the score of each entry's best passage, best entry first."""
    best: dict[str, float] = {}
    for hit in passages:
        best.setdefault(_entry_of(hit.id), hit.score)
    return best


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 6)
