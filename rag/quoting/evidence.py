"""Score the quotable units of the found entries: how well does each answer the question?

    score(u) = cosine(question, u)
             + word_weight * coverage of the question's focus by the unit's own words
             + section_weight * coverage by the titles above it, or by its own label
             + number_weight, when the question asks for a number and the unit has one
             + origin_weight, when it asks who or when and the unit or its title has a year
             + opening_weight, when it opens its entry
             - rank_cost * how far down the list its entry was found
             - code_cost, when it is code

Coverage is weighted by rarity (idf). The focus is what the question says beyond the names it
mentions: in "how many neurons does a neural circuit policy need?" it is "neurons".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.entry import Entry
from corpus.passage import Passage, Unit, UnitKind
from indexes.embedder import Vectors
from indexes.index import Index
from rag.hit import Hit
from rag.question.question import Kind
from rag.quoting.unit_stems import UnitReader, UnitStems, label_of, title_synonyms
from rag.retriever import Retrieval
from rag.terms.terms import Mention, is_synonym, word_stems

CACHED_ENTRIES = 1024
PROSE = (UnitKind.SENTENCE, UnitKind.LIST_ITEM, UnitKind.STEP)


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """The constants of the formula."""

    word: float = 0.3
    section: float = 0.3
    number: float = 0.15
    origin: float = 0.15
    opening: float = 0.05
    rank_cost: float = 0.06
    code_cost: float = 0.3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit of a found entry, and how well it answers the question.

    Attributes:
        hit_rank: rank of the hit whose entry (or twin) it stands in.
        cosine: similarity to the question.
        covered: share of the question's focus that the unit's words and its entry's term cover.
        titled: share of the focus beyond the term that the titles above the unit cover.
        labelled: share of the same that the unit's own label ("**Label**: ...") covers.
        has_number: whether the unit contains a digit.
        has_year: whether it or a title above it contains a year or "et al.".
    """

    entry: Entry
    passage: Passage
    unit: Unit
    hit_rank: int
    cosine: float
    covered: float
    titled: float
    labelled: float
    has_number: bool
    score: float
    has_year: bool = False

    @property
    def opens(self) -> bool:
        """Tell whether the unit is the first of its entry."""
        first = self.passage.units[0].start
        return self.unit.start == first and self.passage.passage_id.endswith("#0")

    @property
    def quote(self) -> str:
        """Return the unit's own characters."""
        return self.unit.quote(self.entry.body)

    @property
    def has_label(self) -> bool:
        """Tell whether the unit begins with a label ("**Yield**: ...")."""
        return bool(label_of(self.entry, self.unit))

    @property
    def aim(self) -> float:
        """Return how much of the question's focus the unit and its titles cover, in [0, 2]."""
        return self.covered + max(self.titled, self.labelled)


@dataclass(frozen=True, slots=True)
class Focus:
    """The stems of a question beyond the names it mentions, each with its idf."""

    weights: dict[str, float]

    def beyond(self, stems: Iterable[str]) -> Focus:
        """Return the focus without some stems."""
        known = set(stems)
        return Focus({stem: idf for stem, idf in self.weights.items() if stem not in known})

    def coverage(self, stems: Iterable[str]) -> float:
        """Return the idf-weighted share of the focus among the stems; 0 without a focus."""
        known = stems if isinstance(stems, frozenset) else set(stems)
        total = sum(self.weights.values())
        # Added in the order of the question: the order of a set changes from process to process,
        # and with it the last digit of a sum, so that full coverage might fall short of 1.
        present = sum(idf for stem, idf in self.weights.items() if stem in known)
        return present / total if total else 0.0


def find_focus(
    retrieval: Retrieval,
    index: Index,
    idf: Callable[[str], float],
    synonyms: Sequence[frozenset[str]],
) -> Focus:
    """Return what the question says beyond the terms it names, and their synonyms.

    `synonyms` are the `title_synonyms` of the index.

    An alias that is a topic of its entry stays: who asks for the lottery ticket hypothesis wants
    what an entry about pruning says of it, not what it says of pruning.
    """
    named = {
        stem
        for mention in retrieval.mentions
        if names_entry(mention, index)
        for stem in word_stems(index, mention.written)
    }
    beyond = [stem for stem in dict.fromkeys(retrieval.stems) if stem not in named]
    # A word that no passage has cannot tell one unit from another.
    titles = frozenset().union(*synonyms)
    return Focus({s: idf(s) for s in beyond if index.document_frequency(s) or s in titles})


def names_entry(mention: Mention, index: Index) -> bool:
    """Tell whether a mention is the term of an entry or a synonym of it, rather than a topic."""
    if mention.terms_of:
        return True
    return any(is_synonym(mention.name, index.entry(e).term) for e in mention.aliases_of)


class EvidenceScorer:
    """Scores units for one question after another. Safe to use from several threads."""

    def __init__(self, index: Index, weights: UnitWeights | None = None) -> None:
        self._index = index
        self._weights = weights or UnitWeights()
        self.synonyms = title_synonyms(index)
        self._stems_of = lru_cache(CACHED_ENTRIES)(UnitReader(index, self.synonyms).read)

    def gather(
        self, entries: Sequence[tuple[int, str]], vector: Vectors, focus: Focus, kind: Kind
    ) -> list[Evidence]:
        """Return the units of the entries, given as (rank of the hit, entry id), best first.

        What only leads in ("Three parts matter:") is no evidence: what follows it is.
        """
        found = [
            evidence
            for rank, entry_id in entries
            for evidence in self._of_entry(rank, entry_id, vector, focus, kind)
        ]
        return sorted(found, key=lambda e: (-e.score, e.hit_rank, e.entry.entry_id, e.unit.start))

    def _of_entry(
        self, rank: int, entry_id: str, vector: Vectors, focus: Focus, kind: Kind
    ) -> Iterator[Evidence]:
        entry = self._index.entry(entry_id)
        term, read = self._stems_of(entry_id)
        beyond = focus.beyond(term)
        cosines = (self._index.entry_unit_vectors(entry_id) @ vector).tolist()
        passages = self._index.passages(entry_id)
        units = ((passage, unit) for passage in passages for unit in passage.units)
        for place, ((passage, unit), cosine) in enumerate(zip(units, cosines, strict=True)):
            stems = read[place]
            if stems.leads_in:
                continue
            covered = focus.coverage(stems.words)
            titled = beyond.coverage(stems.titles)
            labelled = beyond.coverage(stems.label)
            score = (
                cosine
                + self._fit(covered, max(titled, labelled))
                + self._fit_of_kind(kind, unit, stems)
                + self._weights.opening * (place == 0)
                - self._weights.rank_cost * (rank - 1)
            )
            yield Evidence(
                entry=entry,
                passage=passage,
                unit=unit,
                hit_rank=rank,
                cosine=cosine,
                covered=covered,
                titled=titled,
                labelled=labelled,
                has_number=stems.has_number,
                has_year=stems.has_year,
                score=score,
            )

    def _fit(self, covered: float, titled: float) -> float:
        return self._weights.word * covered + self._weights.section * titled

    def _fit_of_kind(self, kind: Kind, unit: Unit, stems: UnitStems) -> float:
        weights = self._weights
        return (
            weights.number * (stems.has_number and kind is Kind.QUANTITY)
            + weights.origin * (stems.has_year and kind is Kind.ORIGIN)
            - weights.code_cost * (unit.kind is UnitKind.CODE_BLOCK)
        )


def entries_to_read(hits: Sequence[Hit], depth: int = 3, twins: int = 8) -> list[tuple[int, str]]:
    """Return (rank, entry id) of the entries worth reading: the first hits, each with its twins.

    Twins define the same concept; a detail may stand in any of them.
    """
    return [
        (hit.rank, entry_id)
        for hit in hits[:depth]
        for entry_id in [
            hit.entry.entry_id,
            *[twin for twin in hit.family if twin != hit.entry.entry_id][:twins],
        ]
    ]
