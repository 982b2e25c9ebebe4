"""The noun Inspection: why an answer came out as it did, for those who want to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rag.storing.answer_record import AnswerRecord


@dataclass(frozen=True, slots=True)
class Candidate:
    """A found entry with its rank in each channel; None where the channel did not find it."""

    rank: int
    score: float
    entry_id: str
    term: str
    exact: int | None
    dense: int | None
    dense_score: float | None
    lexical: int | None
    lexical_score: float | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A piece of what a model wrote: what became of it and what was missing."""

    text: str
    verdict: str
    score: float
    missing: tuple[str, ...]
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything the template of the inspector needs.

    Attributes:
        answer_id: of the inspected answer.
        probability: that the glossary answers the question, in [0, 1].
        candidates: what was found, best first.
        sentences: what a model wrote, piece by piece; empty without one.
        prompt: the messages it got, as (role, text).
        raw_text: what it wrote, before verification.
    """

    answer_id: str
    probability: float
    candidates: tuple[Candidate, ...]
    sentences: tuple[Sentence, ...]
    prompt: tuple[tuple[str, str], ...]
    raw_text: str

    @property
    def withheld(self) -> tuple[Sentence, ...]:
        """The sentences that did not reach the reader."""
        return tuple(sentence for sentence in self.sentences if not sentence.is_shown)


def inspection(record: AnswerRecord) -> Inspection:
    """Return what a record tells about its answer."""
    return Inspection(
        answer_id=record.answer_id,
        probability=record.answer["answerable_probability"],
        candidates=tuple(map(_candidate, record.answer["hits"])),
        sentences=tuple(map(_sentence, record.verdicts)),
        prompt=tuple((str(message.role), message.content) for message in record.messages),
        raw_text=record.raw_text,
    )


def _candidate(hit: Mapping[str, Any]) -> Candidate:
    channels = hit["channels"]
    ranks = {name: channels[name] for name in ("exact", "dense", "lexical")}
    scores = {name: channels[name] for name in ("dense_score", "lexical_score")}
    named = {name: hit[name] for name in ("rank", "score", "entry_id", "term")}
    return Candidate(**named, **ranks, **scores)


def _sentence(judged: Mapping[str, Any]) -> Sentence:
    return Sentence(
        text=judged["text"],
        verdict=judged["verdict"] or "",
        score=judged["score"],
        missing=tuple(judged["missing"]),
        is_shown=judged["shown"],
    )
