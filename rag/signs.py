"""What speaks for and against an answer: the features of the answerability model.

All are read from what retrieval and the evidence found, without another inference. Those that are
shares of the question weigh its words by rarity (idf).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from functools import lru_cache

import numpy as np

from corpus.plain import plain_text
from indexes.embedder import Vectors
from indexes.index import Index
from rag.question.asked import (
    asks_date,
    asks_measured,
    asks_money,
    asks_particular,
    asks_person,
    asks_quantity,
    has_money,
    has_name,
    has_number,
    has_year,
    things_named,
)
from rag.question.question import Kind
from rag.quoting.evidence import Evidence, Focus
from rag.quoting.unit_stems import with_synonyms
from rag.retriever import Retrieval
from rag.terms.terms import name_words, speaks_of, word_stems

CACHED_UNITS, CACHED_ENTRIES = 8192, 256
_BEST_UNITS = 5
_TOP_UNITS = 3
_INTRODUCING = 0.9  # share of the focus in a title or label
_BEGINNING_WORDS = 5
_LONG_WORDS = 10  # content words of a long question
_SEVERAL = 5  # scales the sum over missing words


@dataclass(frozen=True, slots=True)
class Signs:
    """The features: shares and cosines between -1 and 1, flags 0 or 1, the others below 2.

    Attributes:
        cosine: similarity of the question to the unit most like it.
        passage_cosine: similarity of the question to the first hit's best passage.
        residual: similarity to a unit of the first entry, what all its units share taken away: it
            tells the detail asked for from the mere topic.
        coverage: share of the question covered by one of the best units with its titles and names
            (a comparison: by the best units together).
        body: share of the question that the best unit's entry (or a twin) says anywhere.
        missing: idf of the words that this entry lacks, added up, in units of the idf of a word
            that nobody wrote: the same in a small glossary and in a large one.
        rarest: idf of the rarest word that the best unit lacks, in the same unit.
        unknown: share of the question that no passage has.
        long: content words of the question.
        long_cosine: `long` times `cosine`: many words in other words than the text's are no sign
            against an answer when the meaning agrees.
        long_residual: `long` times `residual`.
        is_name: the question is nothing but a name of the glossary, or compares two of them and
            says nothing more.
        mentions: the question names something of the glossary.
        is_undefined: it asks what something is that the glossary has no name for, and none of
            the best units introduces it.
        quantity: it asks for a quantity.
        quantity_body: `quantity` times `body`.
        quantity_focus: `quantity` times the share of the focus that the best units cover.
        quantity_residual: `quantity` times `residual`.
        measured: it asks for a quantity that has a unit, or a score.
        no_number: it asks for a quantity and the best unit has no number.
        person: it asks for people or an organisation.
        no_person: it does, and the best units name nobody.
        no_date: it asks for a point in time and the best units have no year.
        no_money: it asks for a price and the best units speak of no money.
        particular: it asks for a fact of one product, version or experiment.
        things: it names a particular thing ("A15", "BLEU").
        thing_missing: the entry lacks one of these.
        thing_unsaid: the best units lack one of these.
    """

    cosine: float = 0.0
    passage_cosine: float = 0.0
    residual: float = 0.0
    coverage: float = 0.0
    body: float = 0.0
    missing: float = 0.0
    rarest: float = 0.0
    unknown: float = 0.0
    long: float = 0.0
    long_cosine: float = 0.0
    long_residual: float = 0.0
    is_name: float = 0.0
    mentions: float = 0.0
    is_undefined: float = 0.0
    quantity: float = 0.0
    quantity_body: float = 0.0
    quantity_focus: float = 0.0
    quantity_residual: float = 0.0
    measured: float = 0.0
    no_number: float = 0.0
    person: float = 0.0
    no_person: float = 0.0
    no_date: float = 0.0
    no_money: float = 0.0
    particular: float = 0.0
    things: float = 0.0
    thing_missing: float = 0.0
    thing_unsaid: float = 0.0

    def values(self) -> dict[str, float]:
        """Return the features by name."""
        return asdict(self)


SIGNS = tuple(field.name for field in fields(Signs))


class SignReader:
    """Reads the signs for one question after another. Safe to use from several threads.

    `synonyms` are the `title_synonyms` of the index; `idf` tells how rare a stem is.
    """

    def __init__(
        self, index: Index, idf: Callable[[str], float], synonyms: Sequence[frozenset[str]]
    ) -> None:
        self._index = index
        self._idf = idf
        self._synonyms = synonyms
        self._heads = frozenset().union(*synonyms)
        self._stems_of = lru_cache(CACHED_UNITS)(self._read_stems)
        self._body_of = lru_cache(CACHED_ENTRIES)(self._read_body)
        self._directions_of = lru_cache(CACHED_ENTRIES)(self._read_directions)

    def read(
        self, kind: Kind, found: Retrieval, focus: Focus, evidence: Sequence[Evidence]
    ) -> Signs | None:
        """Return the signs for a question; None without evidence, which descends by score."""
        if not evidence:
            return None
        text, top = found.text, evidence[:_TOP_UNITS]
        question = Focus({stem: self._idf(stem) for stem in found.stems})
        said = [self._said(e) for e in evidence[:_BEST_UNITS]]
        body = frozenset().union(*map(self._body_of, self._index.family(top[0].entry.entry_id)))
        lacking = [idf for stem, idf in question.weights.items() if stem not in body]
        unsaid = [idf for stem, idf in question.weights.items() if stem not in said[0]]
        covering = [frozenset().union(*said)] if kind is Kind.COMPARISON else said
        highest = math.log(1 + (self._index.passage_count + 0.5) / 0.5)  # see `Retriever.idf`
        cosine = max(e.cosine for e in evidence)
        residual = self._residual(found)
        long = min(len(found.stems), 15) / _LONG_WORDS
        covered = question.coverage(body)
        quotes = [e.quote for e in top]
        quantity = float(kind is Kind.QUANTITY or asks_quantity(text))
        person = asks_person(text)
        things = [stems for thing in things_named(text) if (stems := self._stems(thing))]
        together = frozenset().union(*said[:_TOP_UNITS])
        best = found.hits[0].channels
        return Signs(
            cosine=cosine,
            passage_cosine=best.dense_score or 0.0,
            residual=residual,
            coverage=max(map(question.coverage, covering)),
            body=covered,
            missing=sum(lacking) / highest / _SEVERAL,
            rarest=max(unsaid, default=0.0) / highest,
            unknown=question.coverage(
                stem
                for stem in question.weights
                if stem not in self._heads and not self._index.document_frequency(stem)
            ),
            long=long,
            long_cosine=long * cosine,
            long_residual=long * residual,
            is_name=float(found.is_name or _compares_names(kind, found, focus)),
            mentions=float(bool(found.mentions)),
            is_undefined=float(_is_undefined(kind, found, evidence)),
            quantity=quantity,
            quantity_body=quantity * covered,
            quantity_focus=quantity * (max(map(focus.coverage, said)) if focus.weights else 1.0),
            quantity_residual=quantity * residual,
            measured=float(asks_measured(text)),
            no_number=quantity * (not has_number(quotes[:1])),
            person=float(person),
            no_person=float(person and not has_name(quotes)),
            no_date=float(asks_date(text) and not has_year(quotes)),
            no_money=float(asks_money(text) and not has_money(quotes)),
            particular=float(asks_particular(text)),
            things=float(bool(things)),
            thing_missing=float(not all(stems <= body for stems in things)),
            thing_unsaid=float(not all(stems <= together for stems in things)),
        )

    def _residual(self, found: Retrieval) -> float:
        """Return the best cosine within the first entry, without what its units share."""
        shared, rest = self._directions_of(found.hits[0].entry.entry_id)
        if not len(rest):
            return 0.0
        asked = found.vector - (found.vector @ shared) * shared
        length = float(np.linalg.norm(asked))
        return float((rest @ asked).max()) / length if length > 0 else 0.0

    def _said(self, evidence: Evidence) -> frozenset[str]:
        return self._stems_of(evidence.entry.entry_id, evidence.unit.section, evidence.quote)

    def _read_stems(self, entry_id: str, section: str, quote: str) -> frozenset[str]:
        entry = self._index.entry(entry_id)
        names = " ".join((entry.term, *entry.aliases))
        return self._stems(f"{names} {section} {quote}")

    def _read_body(self, entry_id: str) -> frozenset[str]:
        entry = self._index.entry(entry_id)
        sections = {
            unit.section for passage in self._index.passages(entry_id) for unit in passage.units
        }
        return self._stems(" ".join((entry.term, *entry.aliases, *sections, entry.body)))

    def _read_directions(self, entry_id: str) -> tuple[Vectors, Vectors]:
        """Return the units' mean direction, and unit rows of what each has beyond it."""
        units = self._index.entry_unit_vectors(entry_id)
        shared = units.sum(axis=0)
        shared = shared / max(float(np.linalg.norm(shared)), 1e-9)
        rest = units - np.outer(units @ shared, shared)
        lengths = np.linalg.norm(rest, axis=1, keepdims=True)
        return shared, rest / np.maximum(lengths, 1e-9)

    def _stems(self, text: str) -> frozenset[str]:
        return with_synonyms(frozenset(word_stems(self._index, text)), self._synonyms)


def _compares_names(kind: Kind, found: Retrieval, focus: Focus) -> bool:
    return kind is Kind.COMPARISON and len(found.mentions) == 2 and not focus.weights


def _is_undefined(kind: Kind, found: Retrieval, evidence: Sequence[Evidence]) -> bool:
    return (
        kind is Kind.DEFINITION
        and name_words(found.topic) != name_words(found.text)  # "what is ...", not a bare word
        and not found.mentions
        and not any(_introduces(e, found.topic) for e in evidence[:_BEST_UNITS])
    )


def _introduces(evidence: Evidence, topic: str) -> bool:
    """Tell whether a unit stands under the topic, is labelled with it or begins with it."""
    if max(evidence.titled, evidence.labelled) >= _INTRODUCING:
        return True
    beginning = plain_text(evidence.quote).split()[:_BEGINNING_WORDS]
    return (
        speaks_of(" ".join(beginning), topic) or f"({topic.casefold()}" in evidence.quote.casefold()
    )
