"""The nouns Citation and Answer: what was said, and the characters that support it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from rag.hit import Hit


class Verdict(StrEnum):
    """How a citation supports what it is attached to."""

    QUOTED = "quoted"  # the statement is the quote, character for character
    SUPPORTED = "supported"  # the quote says what the statement says, in other words
    UNSUPPORTED = "unsupported"  # no quote of the sources says it


@dataclass(frozen=True, slots=True)
class Support:
    """A verdict and its score in [0, 1]."""

    verdict: Verdict
    score: float


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `entry.body[start:end] == quote`, always; `number` counts from 1."""

    number: int
    entry_id: str
    heading: str
    passage_id: str
    quote: str
    start: int
    end: int
    support: Support


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, its answer as Markdown with `[n]` markers, and everything that supports it.

    Attributes:
        question: as it was asked.
        standalone_question: what was searched for.
        answerable: whether the glossary holds an answer; False makes `text` say so politely.
        answerable_probability: in [0, 1].
        text: Markdown; every statement is followed by the `[n]` of the quotes that support it.
        citations: numbered from 1, in the order of the markers.
        hits: what retrieval found, one per family.
        nearest_terms: terms of the glossary closest to the question, for "did you mean".
        model: who wrote the text; "extractive" quotes, it never writes.
        snapshot_id: the snapshot it was answered from.
        timings_ms: milliseconds per stage.
        notice: what the reader should know of how it came about, such as that the language model
            did not deliver; "" when there is nothing to tell.
    """

    question: str
    standalone_question: str
    answerable: bool
    answerable_probability: float
    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    nearest_terms: tuple[str, ...]
    model: str
    snapshot_id: str
    timings_ms: dict[str, float]
    notice: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the answer in the shape of `ask --json`."""
        return {
            "question": self.question,
            "standalone_question": self.standalone_question,
            "answerable": self.answerable,
            "answerable_probability": self.answerable_probability,
            "answer": self.text,
            "citations": [asdict(citation) for citation in self.citations],
            "hits": [hit.to_json() for hit in self.hits],
            "nearest_terms": list(self.nearest_terms),
            "model": self.model,
            "snapshot_id": self.snapshot_id,
            "timings_ms": self.timings_ms,
            "notice": self.notice,
        }
