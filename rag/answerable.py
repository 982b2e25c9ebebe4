"""Is the answer here at all? A probability from what retrieval and the evidence show.

A logistic model on three features that are available offline. Its coefficients were fitted on about
360 questions over one glossary page (definitions, facts, descriptions; terms that only other
glossaries have) for a share of 65 % answerable questions. They are a first honest setting: nothing
here was calibrated on held-out questions yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from corpus.plain import plain_text
from indexes.index import Index
from rag.evidence import Evidence, Focus, with_synonyms
from rag.question import Kind
from rag.retriever import Retrieval
from rag.terms import name_words, speaks_of, word_stems

THRESHOLD = 0.5
_BEST_UNITS = 5
_INTRODUCING = 0.9  # share of the focus in a title or label
_BEGINNING_WORDS = 5


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer, each in [0, 1] (the cosine may fall below).

    Attributes:
        cosine: similarity of the question to the unit most like it.
        coverage: idf-weighted share of the question's words that one of the best units covers
            together with its titles and the names of its entry (for a comparison, the best units
            together).
        unknown: idf-weighted share of the question's words that no passage has.
        is_name: whether the question is nothing but a name of the glossary.
        is_undefined: whether the question asks what something is that the glossary has no name
            for, and none of the best units introduces it.
    """

    cosine: float
    coverage: float
    unknown: float
    is_name: bool = False
    is_undefined: bool = False


@dataclass(frozen=True, slots=True)
class AnswerableModel:
    """The coefficients of the logistic model."""

    intercept: float = -3.73
    cosine: float = 4.0
    coverage: float = 4.34
    unknown: float = -1.54
    is_name: float = 3.0
    is_undefined: float = -3.0

    def probability(self, signs: Signs) -> float:
        """Return the probability, in [0, 1], that the glossary answers the question."""
        logit = (
            self.intercept
            + self.cosine * signs.cosine
            + self.coverage * signs.coverage
            + self.unknown * signs.unknown
            + self.is_name * signs.is_name
            + self.is_undefined * signs.is_undefined
        )
        return 1 / (1 + math.exp(-logit))


def read_signs(
    kind: Kind,
    found: Retrieval,
    evidence: Sequence[Evidence],
    index: Index,
    idf: Callable[[str], float],
    synonyms: Sequence[frozenset[str]],
) -> Signs:
    """Return the signs for a question; `evidence` descends by score.

    `synonyms` are the `title_synonyms` of the index.
    """
    if not evidence:
        return Signs(0.0, 0.0, 1.0)
    question = Focus({stem: idf(stem) for stem in found.stems})
    texts = [_around(e) for e in evidence[:_BEST_UNITS]]
    if kind is Kind.COMPARISON:
        texts = [" ".join(texts)]
    heads = frozenset().union(*synonyms)
    around = (with_synonyms(frozenset(word_stems(index, text)), synonyms) for text in texts)
    return Signs(
        cosine=max(e.cosine for e in evidence),
        coverage=max(map(question.coverage, around)),
        unknown=question.coverage(
            s for s in found.stems if s not in heads and not index.document_frequency(s)
        ),
        is_name=found.is_name,
        is_undefined=(
            kind is Kind.DEFINITION
            and name_words(found.topic) != name_words(found.text)  # "what is ...", not a bare word
            and not found.mentions
            and not any(_introduces(e, found.topic) for e in evidence[:_BEST_UNITS])
        ),
    )


def _introduces(evidence: Evidence, topic: str) -> bool:
    """Tell whether a unit stands under the topic, is labelled with it or begins with it."""
    if max(evidence.titled, evidence.labelled) >= _INTRODUCING:
        return True
    beginning = plain_text(evidence.quote).split()[:_BEGINNING_WORDS]
    return (
        speaks_of(" ".join(beginning), topic) or f"({topic.casefold()}" in evidence.quote.casefold()
    )


def _around(evidence: Evidence) -> str:
    entry, unit = evidence.entry, evidence.unit
    return " ".join((entry.term, *entry.aliases, unit.section, evidence.quote))
