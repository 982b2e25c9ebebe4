"""The nouns Mean and TaskTable: what the values of a task come to, overall and per slice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from eval.evaluation import DESCRIBING, LOWER_IS_BETTER, SHARES, Evaluation, Values
from eval.report.notation import sentence_case
from eval.statistics import Interval, mean_interval

RETRIEVAL, FAMILIES = "retrieval", "families"
INTERVALS = (
    "95 %: for shares of the questions the exact binomial interval, for other means the bootstrap; "
    "where all values are 0 or all are 1, the exact one too, which is then conservative."
)
ALIKE = "Counted per family of entries, where any twin counts as found, every value is the same."
LEADING_MEASURES = ("nDCG@10", "must include")
"""What stands for a task that measures it; for others it is their first measure."""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean, its 95 % interval and over how many queries it was taken (at least one)."""

    value: float
    interval: Interval
    count: int


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of a task; `means` has one place per evaluation, None where it is unmeasured."""

    measure: str
    means: tuple[Mean | None, ...]

    @property
    def lower_is_better(self) -> bool:
        """Tell whether a smaller value is the better one; measures that only describe have none."""
        return self.measure in LOWER_IS_BETTER - DESCRIBING


@dataclass(frozen=True, slots=True)
class Slice:
    """The queries of one kind; `means` has one place per measure of the task."""

    kind: str
    means: tuple[Mean | None, ...]


@dataclass(frozen=True, slots=True)
class TaskTable:
    """Everything measured in one task.

    Attributes:
        task: its name.
        rows: one per measure; empty when no evaluation measured anything.
        leading: position in `rows` of the measure that stands for the task.
        slices: of the first evaluation; empty unless there are two or more.
        note: what else is to be said; "" for nothing.
    """

    task: str
    rows: tuple[MeasureRow, ...]
    leading: int
    slices: tuple[Slice, ...]
    note: str = ""

    @property
    def title(self) -> str:
        """Return the heading of the task."""
        return sentence_case(self.task)


def mean_of(values: Collection[float], *, is_share: bool = False) -> Mean | None:
    """Return the mean of the values; None when there are none.

    `is_share`: the values are 0 or 1 by definition.
    """
    if not values:
        return None
    return Mean(fmean(values), mean_interval([*values], is_share=is_share), len(values))


def _mean(measure: str, values: Values) -> Mean | None:
    return mean_of(values.values(), is_share=measure in SHARES)


def task_tables(evaluations: Sequence[Evaluation]) -> tuple[TaskTable, ...]:
    """Return the tasks of all evaluations, those of the first one first.

    Families that were judged alike with the entries have no table of their own.
    """
    tables = [_task_table(task, evaluations) for task in _names(e.tasks for e in evaluations)]
    if any(e.tasks.get(FAMILIES) != e.tasks.get(RETRIEVAL) for e in evaluations):
        return tuple(tables)
    noted = (replace(t, note=ALIKE) if t.task == RETRIEVAL else t for t in tables)
    return tuple(table for table in noted if table.task != FAMILIES)


def leading_mean(evaluation: Evaluation, task: str) -> tuple[str, Mean] | None:
    """Return the measure that stands for a task and its mean; None when nothing was measured."""
    rows = [(name, _mean(name, v)) for name, v in evaluation.tasks[task].items()]
    measured = {name: mean for name, mean in rows if mean}
    if not measured:
        return None
    name = _leading([*measured])
    return name, measured[name]


def _leading(measures: Sequence[str]) -> str:
    return next((name for name in LEADING_MEASURES if name in measures), measures[0])


def _names(groups: Iterator[Collection[str]]) -> list[str]:
    return list(dict.fromkeys(name for group in groups for name in group))


def _task_table(task: str, evaluations: Sequence[Evaluation]) -> TaskTable:
    per_evaluation = [evaluation.tasks.get(task, {}) for evaluation in evaluations]
    rows = []
    for measure in _names(iter(per_evaluation)):
        means = tuple(_mean(measure, measures.get(measure, {})) for measures in per_evaluation)
        if any(means):
            rows.append(MeasureRow(measure, means))
    measures = [row.measure for row in rows]
    leading = measures.index(_leading(measures)) if measures else 0
    return TaskTable(task, tuple(rows), leading, _slices(task, measures, evaluations[0]))


def _slices(task: str, measures: Sequence[str], evaluation: Evaluation) -> tuple[Slice, ...]:
    measured = evaluation.tasks.get(task, {})
    kinds = evaluation.kinds(task) if measured else ()
    if len(kinds) < 2:
        return ()
    return tuple(
        Slice(kind, tuple(_slice_mean(evaluation, m, kind, measured.get(m, {})) for m in measures))
        for kind in kinds
    )


def _slice_mean(evaluation: Evaluation, measure: str, kind: str, values: Values) -> Mean | None:
    records = evaluation.records
    chosen = {q: v for q, v in values.items() if q in records and records[q].kind == kind}
    return _mean(measure, chosen)
