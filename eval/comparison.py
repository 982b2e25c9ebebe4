"""The noun Comparison: a baseline and other evaluations, measure by measure on the same queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eval.comparability import comparability_warnings, gate_gaps
from eval.difference import ALPHA, WORSE, Difference, adjusted_together, difference_of
from eval.errors import NothingToCompare
from eval.evaluation import DESCRIBING, Evaluation, is_gated
from eval.query_change import QueryChange
from eval.report.notation import counted
from eval.statistics import EPSILON, holm

LEADING_MEASURE = "nDCG@10"
MOST_CHANGED = 10

Setting = str | int | float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """The baseline A and one other evaluation B.

    Attributes:
        differences: of every (task, measure) that both have, over all queries of the task.
        slices: of the leading measure of every task, by kind of query; their p-values are
            adjusted among the slices of the task, and none of them is gated.
        warnings: what to know before believing the rest; one line each.
    """

    baseline: Evaluation
    other: Evaluation
    differences: tuple[Difference, ...]
    slices: tuple[Difference, ...]
    warnings: tuple[str, ...]

    def changed_settings(self) -> dict[str, tuple[Setting, Setting]]:
        """Return what differs between the systems: name -> value of A and of B; None: absent."""
        a, b = self.baseline.system, self.other.system
        both = {name: (a.get(name), b.get(name)) for name in {**a, **b}}
        return {name: values for name, values in both.items() if values[0] != values[1]}

    def most_changed(self, k: int = MOST_CHANGED) -> dict[str, tuple[QueryChange, ...]]:
        """Return, per task, up to k queries whose leading measure changed most, largest first."""
        changes = {task: sorted(self._changes(task), key=_by_size) for task in self._tasks()}
        return {task: tuple(found[:k]) for task, found in changes.items() if found}

    def regressions(self, alpha: float = ALPHA) -> tuple[Difference, ...]:
        """Return the measures on which B is significantly worse than A."""
        return tuple(found for found in self.differences if found.verdict(alpha) == WORSE)

    def to_json(self) -> dict[str, Any]:
        """Return the pair as plain values."""
        changed = self.most_changed()
        return {
            "name": self.other.name,
            "warnings": list(self.warnings),
            "changed_settings": {n: list(values) for n, values in self.changed_settings().items()},
            "differences": [difference.to_json() for difference in self.differences],
            "slices": [difference.to_json() for difference in self.slices],
            "most_changed": {task: [c.to_json() for c in found] for task, found in changed.items()},
        }

    def _tasks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(difference.task for difference in self.differences))

    def _changes(self, task: str) -> Iterator[QueryChange]:
        measure = leading_measure([d.measure for d in self.differences if d.task == task])
        a, b = self.baseline.tasks[task][measure], self.other.tasks[task][measure]
        for query, value in a.items():
            if query in b and abs(b[query] - value) > EPSILON:
                records = self.baseline.records.get(query), self.other.records.get(query)
                yield QueryChange(task, measure, query, value, b[query], *records)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A baseline against one or more other evaluations."""

    baseline: Evaluation
    pairs: tuple[Pair, ...]

    def evaluations(self) -> tuple[Evaluation, ...]:
        """Return the baseline and the others, in the order given."""
        return (self.baseline, *(pair.other for pair in self.pairs))

    def tests(self) -> int:
        """Return the number of tests that the p-values are adjusted for."""
        return sum(d.gated for pair in self.pairs for d in pair.differences)

    def regressions(self, alpha: float = ALPHA) -> tuple[tuple[str, Difference], ...]:
        """Return the systems, by name, and measures that are significantly worse than A."""
        return tuple((pair.other.name, d) for pair in self.pairs for d in pair.regressions(alpha))

    def gaps(self) -> tuple[tuple[str, str], ...]:
        """Return the systems, by name, and what of the baseline they did not measure alike."""
        return tuple(
            (pair.other.name, gap)
            for pair in self.pairs
            for gap in gate_gaps(self.baseline, pair.other)
        )

    def passes(self) -> bool:
        """Tell whether every system measured what the baseline did and is not worse."""
        return not self.regressions() and not self.gaps()

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain values, judged at the 5 % level."""
        regressions = self.regressions()
        return {
            "systems": [
                {"name": e.name, "created": e.created, "dataset": e.dataset, "system": e.system}
                for e in self.evaluations()
            ],
            "tests": self.tests(),
            "alpha": ALPHA,
            "comparisons": [pair.to_json() for pair in self.pairs],
            "regressions": [
                {"name": name, "task": found.task, "measure": found.measure}
                for name, found in regressions
            ],
            "gaps": [{"name": name, "gap": gap} for name, gap in self.gaps()],
        }


def compare(evaluations: Sequence[Evaluation]) -> Comparison:
    """Compare every evaluation after the first with the first, on the queries both measured.

    The p-values of the gated measures are adjusted for all systems together. A name that was
    taken already gets a number.

    Raises:
        NothingToCompare: there are fewer than two evaluations, or one shares no measured query
            with the first.
    """
    if len(evaluations) < 2:
        raise NothingToCompare(
            f"a comparison needs two results or more, {len(evaluations)} given: name another one"
        )
    baseline, *others = _told_apart(evaluations)
    return Comparison(baseline, _adjusted([_pair(baseline, other) for other in others]))


def leading_measure(measures: Sequence[str]) -> str:
    """Return the measure that stands for a task: nDCG@10 where it is measured, else the first.

    Measures that judge go before those that only describe.
    """
    judging = [measure for measure in measures if is_gated("", measure)]
    judging = judging or [measure for measure in measures if measure not in DESCRIBING]
    judging = judging or list(measures)
    return LEADING_MEASURE if LEADING_MEASURE in judging else judging[0]


def _by_size(change: QueryChange) -> tuple[float, str]:
    return -round(abs(change.difference), 9), change.query_id


def _told_apart(evaluations: Sequence[Evaluation]) -> list[Evaluation]:
    apart: dict[str, Evaluation] = {}
    for evaluation in evaluations:
        name, number = evaluation.name, 2
        while name in apart:
            name, number = f"{evaluation.name} ({number})", number + 1
        apart[name] = replace(evaluation, name=name)
    return list(apart.values())


def _pair(a: Evaluation, b: Evaluation) -> Pair:
    differences = tuple(_differences(a, b))
    if not differences:
        raise NothingToCompare(
            f"{a.name!r} and {b.name!r} share no measured query: {a.name!r} measured "
            f"{_extent(a)}, {b.name!r} {_extent(b)}; compare results of one dataset and split"
        )
    warnings = tuple(comparability_warnings(a, b))
    return Pair(a, b, differences, tuple(_slices(a, b, differences)), warnings)


def _differences(a: Evaluation, b: Evaluation) -> Iterator[Difference]:
    for task, measures in a.tasks.items():
        for measure, values in measures.items():
            others = b.tasks.get(task, {}).get(measure, {})
            found = difference_of(task, measure, values, others)
            if found is not None:
                yield found


def _slices(
    a: Evaluation, b: Evaluation, differences: Sequence[Difference]
) -> Iterator[Difference]:
    for task in dict.fromkeys(difference.task for difference in differences):
        measure = leading_measure([d.measure for d in differences if d.task == task])
        yield from adjusted_together(list(_slices_of(a, b, task, measure)))


def _slices_of(a: Evaluation, b: Evaluation, task: str, measure: str) -> Iterator[Difference]:
    for kind in a.kinds(task):
        members = {query for query, record in a.records.items() if record.kind == kind}
        values_a, values_b = (
            {query: v for query, v in one.tasks[task][measure].items() if query in members}
            for one in (a, b)
        )
        found = difference_of(task, measure, values_a, values_b, kind)
        if found is not None:
            yield found


def _adjusted(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    tested = [d.p for pair in pairs for d in pair.differences if d.gated and d.p is not None]
    adjusted = iter(holm(tested))
    return tuple(
        replace(
            pair,
            differences=tuple(
                replace(d, p_adjusted=next(adjusted)) if d.gated else d for d in pair.differences
            ),
        )
        for pair in pairs
    )


def _extent(evaluation: Evaluation) -> str:
    queries = {q for task in evaluation.tasks.values() for values in task.values() for q in values}
    tasks = ", ".join(evaluation.tasks) or "nothing"
    dataset = " ".join(str(evaluation.dataset.get(part, "")) for part in ("name", "split"))
    found = counted(len(queries), "query", "queries")
    return f"{tasks} on {found} of {dataset.strip() or 'an unnamed dataset'}"
