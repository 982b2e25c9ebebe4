"""The noun Judged: a piece of a model's text and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rag.answer import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One piece of a model's text and what became of it, for the record of an answer.

    Attributes:
        text: as the model wrote it.
        cited: the numbers it cited.
        unknown: those of them that name no source.
        verdict: whether a source supports it; None for what only arranges.
        score: of the verdict, in [0, 1].
        missing: numbers, units and names that no quote has.
        citations: the numbers of the citations it got.
        is_shown: whether it reached the reader.
    """

    text: str
    cited: tuple[int, ...]
    unknown: tuple[int, ...]
    verdict: Verdict | None
    score: float
    missing: tuple[str, ...]
    citations: tuple[int, ...]
    is_shown: bool

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as plain JSON data."""
        return {
            "text": self.text,
            "cited": list(self.cited),
            "unknown": list(self.unknown),
            "verdict": self.verdict.value if self.verdict else None,
            "score": round(self.score, 4),
            "missing": list(self.missing),
            "citations": list(self.citations),
            "shown": self.is_shown,
        }
