"""The noun Difference: how one measure of two systems differs, on the queries both measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import fmean
from typing import Any

from eval.evaluation import DESCRIBING, LOWER_IS_BETTER, Values, is_gated
from eval.statistics import (
    Interval,
    detectable_difference,
    difference_interval,
    holm,
    permutation_p,
)

ALPHA = 0.05
BETTER = "better"
WORSE = "worse"
NOT_SIGNIFICANT = "no significant difference"


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of the baseline A and of another system B.

    Attributes:
        task: "retrieval", for example.
        measure: "nDCG@10", for example.
        kind: the slice the queries belong to; "" for all queries of the task.
        n: how many queries both measured.
        only_a: how many queries only A measured; they are left out.
        only_b: how many queries only B measured; they are left out.
        mean_a: over the n queries.
        mean_b: over the n queries.
        difference: `mean_b - mean_a`.
        interval: 95 % bootstrap interval of the difference.
        p: of the sign-flip test; None for measures that only describe.
        p_adjusted: for the number of gated tests in the whole comparison (Holm); None for measures
            that are not gated. Of a slice: for the number of slices of the same measure.
        detectable: the smallest difference that one such test finds four times in five; None like
            `p`, and when the queries cannot tell.
    """

    task: str
    measure: str
    kind: str
    n: int
    only_a: int
    only_b: int
    mean_a: float
    mean_b: float
    difference: float
    interval: Interval
    p: float | None = None
    p_adjusted: float | None = None
    detectable: float | None = None

    @property
    def gated(self) -> bool:
        """Tell whether a significant loss is a regression."""
        return not self.kind and self.p is not None and is_gated(self.task, self.measure)

    def verdict(self, alpha: float = ALPHA) -> str:
        """Return better, worse or no significant difference; "" when it was not tested."""
        if self.p_adjusted is None:
            return ""
        if self.p_adjusted > alpha:
            return NOT_SIGNIFICANT
        lower = self.difference < 0
        return BETTER if lower == (self.measure in LOWER_IS_BETTER) else WORSE

    def to_json(self) -> dict[str, Any]:
        """Return the difference as plain values."""
        return {**asdict(self), "verdict": self.verdict()}


def difference_of(
    task: str, measure: str, values_a: Values, values_b: Values, kind: str = ""
) -> Difference | None:
    """Return how B differs from A on the queries both measured; None when there is none."""
    shared = [query for query in values_a if query in values_b]
    if not shared:
        return None
    differences = [values_b[query] - values_a[query] for query in shared]
    tested = measure not in DESCRIBING
    mean_a, mean_b = (fmean(values[query] for query in shared) for values in (values_a, values_b))
    return Difference(
        task=task,
        measure=measure,
        kind=kind,
        n=len(shared),
        only_a=len(values_a) - len(shared),
        only_b=len(values_b) - len(shared),
        mean_a=mean_a,
        mean_b=mean_b,
        difference=mean_b - mean_a,
        interval=difference_interval(differences),
        p=permutation_p(differences) if tested else None,
        detectable=detectable_difference(differences) if tested else None,
    )


def adjusted_together(differences: Sequence[Difference]) -> list[Difference]:
    """Return differences with their p-values adjusted for each other (Holm); None stays None."""
    adjusted = iter(holm([found.p for found in differences if found.p is not None]))
    return [
        found if found.p is None else replace(found, p_adjusted=next(adjusted))
        for found in differences
    ]
