"""The noun Inquiry: a question made complete, and everything that was found about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from rag.hit import Hit
from rag.question.question import Kind
from rag.quoting.evidence import Evidence, Focus
from rag.retriever import Retrieval
from rag.signs import Signs
from rag.stopwatch import Stopwatch

LEFT_OPEN = "the glossary does not answer "
_IMPERATIVE = re.compile(r"(?i)^(?:define|explain|describe|list|name|compare|tell|give|show)\b")


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
        halves: the questions that it joins, each inquired by itself, when only they are answered.
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
    halves: tuple[Inquiry, ...] = ()

    @property
    def standalone_question(self) -> str:
        """Return the question as it was searched for, or the questions that it joins."""
        if self.halves:
            return " ".join(_ended(half.found.text) for half in self.halves)
        return self.found.text

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return what was found, one per family, best first."""
        return self.found.hits

    @property
    def notice(self) -> str:
        """Return which of the joined questions quotes do not answer; "" when they answer all."""
        declined = [_ended(half.found.text) for half in self.halves if not half.answerable]
        return LEFT_OPEN + " or ".join(f"“{one}”" for one in declined) if declined else ""

    @property
    def leads(self) -> tuple[Hit, ...]:
        """Return the hits that an answer may draw on: of each joined question in turn."""
        answered = [half.hits for half in self.halves if half.answerable]
        in_turn = [hit for several in zip_longest(*answered) for hit in several if hit]
        first: dict[tuple[str, ...], Hit] = {}
        for hit in in_turn:
            first.setdefault(hit.family, hit)
        return tuple(first.values()) or self.hits

    @property
    def nearest_terms(self) -> tuple[str, ...]:
        """Return the terms closest to the question, for "did you mean"."""
        return tuple(dict.fromkeys(hit.entry.term for hit in self.found.hits[:3]))


def _ended(question: str) -> str:
    question = question[:1].upper() + question[1:]
    if question.endswith(("?", ".", "!")):
        return question
    return f"{question}." if _IMPERATIVE.match(question) else f"{question}?"
