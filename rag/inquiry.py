"""The noun Inquiry: a question made complete, and everything that was found about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.hit import Hit
from rag.question.question import Kind
from rag.quoting.evidence import Evidence, Focus
from rag.retriever import Retrieval
from rag.signs import Signs
from rag.stopwatch import Stopwatch


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is known before a word is written.

    Attributes:
        question: as it was asked.
        kind: what it wants.
        found: what retrieval found; its `text` is the question that was searched for.
        focus: what the question says beyond the names in it.
        evidence: units of the found entries, best first.
        signs: what speaks for and against an answer; None without evidence.
        probability: that the glossary answers, in [0, 1].
        answerable: whether it does, at the operating point.
        watch: the stages so far; later ones are added to it.
    """

    question: str
    kind: Kind
    found: Retrieval
    focus: Focus
    evidence: Sequence[Evidence]
    signs: Signs | None
    probability: float
    answerable: bool
    watch: Stopwatch

    @property
    def standalone_question(self) -> str:
        """Return the question as it was searched for."""
        return self.found.text

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return what was found, one per family, best first."""
        return self.found.hits

    @property
    def nearest_terms(self) -> tuple[str, ...]:
        """Return the terms closest to the question, for "did you mean"."""
        return tuple(dict.fromkeys(hit.entry.term for hit in self.found.hits[:3]))
