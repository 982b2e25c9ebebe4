"""Score the quotable units of the found entries: how well does each answer the question?

    score(u) = cosine(question, u)
             + word_weight * coverage of the question's focus by the unit's own words
             + section_weight * coverage by the titles above it, or by its own label
             + number_weight, when the question asks for a number and the unit has one
             - rank_cost * how far down the list its entry was found
             - code_cost, when it is code

Coverage is weighted by rarity (idf). The focus is what the question says beyond the names it
mentions: in "how many neurons does a neural circuit policy need?" it is "neurons".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.context import unit_words
from corpus.entry import Entry
from corpus.passage import Passage, Unit, UnitKind
from corpus.plain import plain_text
from indexes.embedder import Vectors
from indexes.index import Index
from rag.hit import Hit
from rag.question import Kind
from rag.retriever import Retrieval
from rag.terms import Mention, is_synonym, word_stems

CACHED_ENTRIES = 1024
# Titles that head the same kind of content, whatever word the question takes for it.
_TITLE_SYNONYMS = (
    "advantage benefit strength merit why matter",
    "disadvantage drawback limitation weakness challenge problem",
    "application use usage",
    "component part element",
    "type kind variant category",
)
PROSE = (UnitKind.SENTENCE, UnitKind.LIST_ITEM, UnitKind.STEP)
_DIGIT = re.compile(r"\d")
_LABEL = re.compile(r"(?:\*\*(?P<bold>[^*\n]{1,80})\*\*|(?P<plain>[A-Z][^:.\n]{1,40}):\s)")


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """The constants of the formula."""

    word: float = 0.6
    section: float = 0.3
    number: float = 0.15
    rank_cost: float = 0.08
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

    @property
    def opens(self) -> bool:
        """Tell whether the unit is the first of its entry."""
        first = self.passage.units[0]
        return self.passage.passage_id.endswith("#0") and self.unit == first

    @property
    def quote(self) -> str:
        """Return the unit's own characters."""
        return self.unit.quote(self.entry.body)

    @property
    def has_label(self) -> bool:
        """Tell whether the unit begins with a label ("**Yield**: ...")."""
        return bool(_label(self.entry, self.unit))

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
        total = sum(self.weights.values())
        known = set(stems)
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


def title_synonyms(index: Index) -> list[frozenset[str]]:
    """Return groups of stems that head the same kind of content."""
    return [frozenset(word_stems(index, group)) for group in _TITLE_SYNONYMS]


def with_synonyms(stems: frozenset[str], groups: Iterable[frozenset[str]]) -> frozenset[str]:
    """Return the stems with every group that one of them belongs to."""
    return stems.union(*(group for group in groups if group & stems))


def names_entry(mention: Mention, index: Index) -> bool:
    """Tell whether a mention is the term of an entry or a synonym of it, rather than a topic."""
    if mention.terms_of:
        return True
    return any(is_synonym(mention.name, index.entry(e).term) for e in mention.aliases_of)


@dataclass(frozen=True, slots=True)
class _UnitStems:
    """What scoring needs to know of a unit, whatever the question."""

    words: frozenset[str]
    titles: frozenset[str]
    label: frozenset[str]
    has_number: bool


class EvidenceScorer:
    """Scores units for one question after another. Safe to use from several threads."""

    def __init__(self, index: Index, weights: UnitWeights | None = None) -> None:
        self._index = index
        self._weights = weights or UnitWeights()
        self._stems_of = lru_cache(CACHED_ENTRIES)(self._read_stems)
        self.synonyms = title_synonyms(index)

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
        telling = [e for e in found if not e.quote.rstrip("*_ ").endswith(":")]
        return sorted(telling, key=lambda e: (-e.score, e.hit_rank, e.entry.entry_id, e.unit.start))

    def _of_entry(
        self, rank: int, entry_id: str, vector: Vectors, focus: Focus, kind: Kind
    ) -> Iterator[Evidence]:
        entry = self._index.entry(entry_id)
        term, read = self._stems_of(entry_id)
        beyond = focus.beyond(term)
        units = iter(read)
        for passage in self._index.passages(entry_id):
            cosines = self._index.unit_vectors(passage.passage_id) @ vector
            for unit, cosine in zip(passage.units, cosines.tolist(), strict=True):
                stems = next(units)
                evidence = Evidence(
                    entry=entry,
                    passage=passage,
                    unit=unit,
                    hit_rank=rank,
                    cosine=cosine,
                    covered=focus.coverage(stems.words | term),
                    titled=beyond.coverage(stems.titles),
                    labelled=beyond.coverage(stems.label),
                    has_number=stems.has_number,
                    score=0.0,
                )
                yield replace(evidence, score=self._score(evidence, kind))

    def _score(self, evidence: Evidence, kind: Kind) -> float:
        weights = self._weights
        return (
            evidence.cosine
            + weights.word * evidence.covered
            + weights.section * max(evidence.titled, evidence.labelled)
            + weights.number * (evidence.has_number and kind is Kind.QUANTITY)
            - weights.rank_cost * (evidence.hit_rank - 1)
            - weights.code_cost * (evidence.unit.kind is UnitKind.CODE_BLOCK)
        )

    def _read_stems(self, entry_id: str) -> tuple[frozenset[str], tuple[_UnitStems, ...]]:
        """Return the stems of an entry's term and of each of its units, in reading order."""
        entry = self._index.entry(entry_id)
        units = [unit for passage in self._index.passages(entry_id) for unit in passage.units]
        return self._stems(entry.term), tuple(self._unit_stems(entry, unit) for unit in units)

    def _unit_stems(self, entry: Entry, unit: Unit) -> _UnitStems:
        words = unit_words(entry.body, unit)
        return _UnitStems(
            words=self._stems(words),
            titles=self._title_stems(_titles(entry, unit)),
            label=self._title_stems(_label(entry, unit)),
            has_number=bool(_DIGIT.search(words)),
        )

    def _title_stems(self, title: str) -> frozenset[str]:
        return with_synonyms(self._stems(title), self.synonyms)

    def _stems(self, text: str) -> frozenset[str]:
        return frozenset(word_stems(self._index, text))


def _titles(entry: Entry, unit: Unit) -> str:
    """Return what stands over a unit: its sections and the lead-in of its list."""
    if unit.context and unit.kind is not UnitKind.TABLE_ROW:
        return f"{unit.section} {plain_text(entry.body[slice(*unit.context)])}"
    return unit.section


def _label(entry: Entry, unit: Unit) -> str:
    label = _LABEL.match(unit.quote(entry.body))
    return (label["bold"] or label["plain"]) if label else ""


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
