"""The noun Feedback: what a person thinks of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from rag.storing.moments import utc_now

REASON_CHARS = 2000
"""The longest reason, and the longest correction."""


class Rating(StrEnum):
    """Thumb up or thumb down."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Feedback:
    """A rating of an answer; one per answer, the latest counts.

    Attributes:
        answer_id: of the answer that is rated.
        rating: up or down.
        reason: why, in the reader's words; at most `REASON_CHARS` characters.
        correction: what would have been right; at most `REASON_CHARS` characters.
        created_at: when it was given, aware.
    """

    answer_id: str
    rating: Rating
    reason: str = ""
    correction: str = ""
    created_at: datetime = field(default_factory=utc_now)

    def __post_init__(self) -> None:
        for name, text in (("reason", self.reason), ("correction", self.correction)):
            if len(text) > REASON_CHARS:
                raise ValueError(f"the {name} has {len(text)} characters, at most {REASON_CHARS}")

    def to_json(self) -> dict[str, Any]:
        """Return the feedback as JSON values."""
        return {
            "answer_id": self.answer_id,
            "rating": str(self.rating),
            "reason": self.reason,
            "correction": self.correction,
            "created_at": self.created_at.isoformat(),
        }
