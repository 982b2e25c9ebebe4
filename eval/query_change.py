"""The noun QueryChange: one query whose value differs between two systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from eval.evaluation import QueryRecord, Retrieved

FIRST_RETRIEVED = 3


@dataclass(frozen=True, slots=True)
class QueryChange:
    """One query whose value changed from the baseline A to another system B.

    Attributes:
        record_a: what became of it in A; None when nobody noted it.
        record_b: what became of it in B; None when nobody noted it.
    """

    task: str
    measure: str
    query_id: str
    value_a: float
    value_b: float
    record_a: QueryRecord | None
    record_b: QueryRecord | None

    @property
    def difference(self) -> float:
        """Return how much higher the value of B is."""
        return self.value_b - self.value_a

    @property
    def text(self) -> str:
        """Return the question; its id when nobody noted it."""
        record = self.record_a or self.record_b
        return record.text if record else self.query_id

    def to_json(self) -> dict[str, Any]:
        """Return the change as plain values, with what each system retrieved first."""
        return {
            "query_id": self.query_id,
            "text": self.text,
            "measure": self.measure,
            "value_a": self.value_a,
            "value_b": self.value_b,
            "difference": self.difference,
            "first_a": [line.document_id for line in first_retrieved(self.record_a)],
            "first_b": [line.document_id for line in first_retrieved(self.record_b)],
            "answered_a": self.record_a.answered if self.record_a else None,
            "answered_b": self.record_b.answered if self.record_b else None,
        }


def first_retrieved(record: QueryRecord | None) -> tuple[Retrieved, ...]:
    """Return the first lines of a ranking; none for a query that nobody noted."""
    return record.retrieved[:FIRST_RETRIEVED] if record else ()
