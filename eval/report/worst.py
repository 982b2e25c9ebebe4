"""The nouns WeakRanking and Failures: the queries to look at first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eval.evaluation import Evaluation, QueryRecord

MEASURE = "nDCG@10"
WORST = 10
"""How many queries of a sort are shown."""
SHOWN_RANKS = 10


@dataclass(frozen=True, slots=True)
class WeakRanking:
    """A query whose ranking is not perfect. `first_relevant` is None when nothing relevant came."""

    query_id: str
    record: QueryRecord
    value: float
    first_relevant: int | None

    @property
    def verdict(self) -> str:
        """Say where the first relevant one stands."""
        found = len(self.record.retrieved)
        if self.first_relevant is not None:
            return f"first relevant at rank {self.first_relevant}"
        return f"none of the first {found} is relevant" if found else "nothing was retrieved"


@dataclass(frozen=True, slots=True)
class Failures:
    """Queries of one sort that went wrong: the first few of `count`, with their ids."""

    title: str
    queries: tuple[tuple[str, QueryRecord], ...]
    count: int


def weakest_rankings(evaluation: Evaluation) -> tuple[WeakRanking, ...]:
    """Return the queries with the lowest nDCG@10, lowest first; perfect ones are left out."""
    values = evaluation.tasks.get("retrieval", {}).get(MEASURE, {})
    records = evaluation.records
    imperfect = [(q, value) for q, value in values.items() if value < 1 and q in records]
    imperfect.sort(key=lambda pair: pair[1])
    return tuple(
        WeakRanking(query, records[query], value, _first_relevant(records[query]))
        for query, value in imperfect[:WORST]
    )


def failures(evaluation: Evaluation) -> tuple[Failures, ...]:
    """Return what went wrong with answers, the surest mistakes first; only sorts that occur."""
    found = (
        _failures("Answers that lack required words", _incomplete(evaluation)),
        _failures("Unanswerable questions that were answered", _wrong(evaluation, answered=True)),
        _failures("Answerable questions that were declined", _wrong(evaluation, answered=False)),
    )
    return tuple(sort for sort in found if sort.count)


def _first_relevant(record: QueryRecord) -> int | None:
    return min((line.rank for line in record.retrieved if line.relevant), default=None)


def _failures(title: str, queries: Iterator[tuple[str, QueryRecord]]) -> Failures:
    found = tuple(queries)
    return Failures(title, found[:WORST], len(found))


def _incomplete(evaluation: Evaluation) -> Iterator[tuple[str, QueryRecord]]:
    """Yield answers with missing words; those that were wrongly declined are listed as such."""
    for query, record in evaluation.records.items():
        if record.missing and not (record.answered is False and record.answerable):
            yield query, record


def _wrong(evaluation: Evaluation, *, answered: bool) -> Iterator[tuple[str, QueryRecord]]:
    wrong = [
        (query, record)
        for query, record in evaluation.records.items()
        if record.answered is answered and record.answerable is (not answered)
    ]
    sign = -1 if answered else 1
    wrong.sort(key=lambda pair: sign * (pair[1].probability or 0.0))
    return iter(wrong)
