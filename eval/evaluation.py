"""The noun Evaluation: everything one evaluation measured, per query; means are derived from it.

A result file is one JSON object in this very shape. Keeping the values of every query is what makes
intervals, slices and paired tests possible later, without running anything again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from eval.errors import EvaluationUnreadable
from eval.whole_file import write_whole

FORMAT = "aifactory-evaluation-1"
_LARGEST = 1e15  # beyond any count, time or memory that was ever measured

Values = Mapping[str, float]
"""The value of every query, by query id."""

SHARES = frozenset(
    {
        *("Success@1", "Success@5"),
        *("answered", "must include", "cites a judged one", "nothing uncited", "decided rightly"),
    }
)
"""Measures that are 0 or 1 for every query by definition: their means are shares of the queries."""

LOWER_IS_BETTER = frozenset({"squared error", "words"})
DESCRIBING = frozenset({"words"})
"""Measures that describe and do not judge: no change of them is better or worse."""

SECONDARY = frozenset(
    {
        *("Success@5", "RR@10", "R@10", "R@100", "AP", "Rprec"),
        *("answered", "gold quoted", "cites a judged one", "supported", "nothing uncited"),
    }
)
"""Measures that say once more, in another way, what a gated one says."""

SECONDARY_TASKS = frozenset({"conversations, raw", "conversations, rewrite"})
"""Tasks that give the scale for another one."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """One line of a ranking. The ranks count from 1; None: the channel did not find it."""

    rank: int
    document_id: str
    term: str
    score: float
    relevant: bool
    exact: int | None = None
    dense: int | None = None
    lexical: int | None = None


@dataclass(frozen=True, slots=True)
class QueryRecord:
    """One question and what became of it.

    Attributes:
        text: as it was asked.
        kind: the slice it belongs to; "" without one.
        answerable: as judged; None when nobody said.
        standalone: what was searched for.
        answered: whether the system answered; None when it was only searched.
        probability: that the glossary answers it, in [0, 1], as the system says.
        retrieved: the ranking, best first.
        answer: the text that was shown.
        missing: required words that the answer lacks.
    """

    text: str
    kind: str = ""
    answerable: bool | None = None
    standalone: str = ""
    answered: bool | None = None
    probability: float | None = None
    retrieved: tuple[Retrieved, ...] = ()
    answer: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One system judged on one split of one dataset.

    Attributes:
        name: how tables and plots call it.
        created: ISO 8601, UTC.
        dataset: what it was judged on (name, split, digest, counts).
        system: what was judged (snapshot id, models, settings, version).
        tasks: task -> measure -> query id -> value. Tasks are "retrieval", "families",
            "answers", "abstention" and "conversations, <how the turn was put>".
        records: by query id.
        stages_ms: stage -> milliseconds of every question, in the order asked.
        memory_mb: resident memory of the process in MiB, by name ("now", "peak").
        format: of the file.
    """

    name: str
    created: str
    dataset: dict[str, str | int]
    system: dict[str, str | int | float]
    tasks: dict[str, dict[str, dict[str, float]]]
    records: dict[str, QueryRecord]
    stages_ms: dict[str, list[float]] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    format: str = FORMAT

    def mean(self, task: str, measure: str) -> float:
        """Return the mean over the queries of a task; NaN when there is none."""
        values = self.tasks[task][measure]
        return fmean(values.values()) if values else float("nan")

    def kinds(self, task: str) -> tuple[str, ...]:
        """Return the slices of a task, in the order they first occur."""
        measured = dict.fromkeys(q for values in self.tasks[task].values() for q in values)
        found = (self.records[q].kind for q in measured if q in self.records)
        return tuple(kind for kind in dict.fromkeys(found) if kind)


def is_gated(task: str, measure: str) -> bool:
    """Tell whether a significant loss of a measure is a regression.

    The few that are gated are adjusted for together: with every measure among them, the adjustment
    would hide a real loss (about sixty tests need p < 0.001).
    """
    return measure not in DESCRIBING | SECONDARY and task not in SECONDARY_TASKS


_SHAPE = TypeAdapter(Evaluation)


def write_evaluation(evaluation: Evaluation, file: Path) -> None:
    """Write a result beside its place and rename it there: a reader never sees half of one."""
    written = json.dumps(_SHAPE.dump_python(evaluation, mode="json"), ensure_ascii=False, indent=1)
    write_whole(file, written.encode("utf-8", "replace") + b"\n")


def read_evaluation(file: Path) -> Evaluation:
    """Read a result.

    Raises:
        EvaluationUnreadable: there is no such file, or it is something else.
    """
    try:
        written = file.read_bytes()
    except OSError as error:
        raise EvaluationUnreadable(f"{file} cannot be read: {error.strerror}") from None
    _refuse_other_format(file, written)
    try:
        found = _SHAPE.validate_json(written)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(map(str, problem["loc"])) or "the whole"
        raise EvaluationUnreadable(
            f"{file} is no result of `aifactory eval`: {place}: {problem['msg']}"
        ) from None
    for problem_found in _contradictions(found):
        raise EvaluationUnreadable(
            f"{file} is no whole result of `aifactory eval`: {problem_found}; "
            "run the evaluation again"
        )
    return found


def _contradictions(evaluation: Evaluation) -> Iterator[str]:
    """Yield what no evaluation writes: values out of range, and queries without a record."""
    for task, measures in evaluation.tasks.items():
        for measure, values in measures.items():
            highest = _LARGEST if measure in DESCRIBING else 1.0
            for query, value in values.items():
                place = f"tasks.{task}.{measure}.{query}"
                if not 0 <= value <= highest:
                    yield f"{place}: {value:g} is not in [0, {highest:g}]"
                if query not in evaluation.records:
                    yield f"{place}: there is no record of the query"
    for query, record in evaluation.records.items():
        if record.probability is not None and not 0 <= record.probability <= 1:
            yield f"records.{query}.probability: {record.probability:g} is not in [0, 1]"
        if any(not abs(line.score) <= _LARGEST for line in record.retrieved):
            yield f"records.{query}.retrieved: a score is not finite"
    spent = {**evaluation.stages_ms, **{name: [v] for name, v in evaluation.memory_mb.items()}}
    for name, amounts in spent.items():
        if any(not 0 <= amount <= _LARGEST for amount in amounts):
            yield f"{name}: an amount is not in [0, {_LARGEST:g}]"


def _refuse_other_format(file: Path, written: bytes) -> None:
    try:
        found = from_json(written)
    except ValueError as error:
        raise EvaluationUnreadable(
            f"{file} is no result of `aifactory eval`: not JSON: {error}"
        ) from None
    named = found.get("format", FORMAT) if isinstance(found, dict) else FORMAT
    if named != FORMAT:
        raise EvaluationUnreadable(
            f"{file} has the format {named!r}, this version reads {FORMAT!r}; "
            "run the evaluation again"
        )
