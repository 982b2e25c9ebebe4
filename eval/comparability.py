"""What makes two evaluations less than fully comparable, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from eval.evaluation import Evaluation, Values, is_gated
from eval.report.notation import counted

DATASET = ("name", "split", "digest")
"""What tells datasets apart; the counts follow from it."""


def comparability_warnings(a: Evaluation, b: Evaluation) -> Iterator[str]:
    """Yield one line for everything that A and B do not share and a reader must know."""
    yield from _other_dataset(a, b)
    yield from _other_texts(a, b)
    yield from _missing_measures(a, b)
    yield from _missing_measures(b, a)
    yield from _left_out(a, b)


def gate_gaps(a: Evaluation, b: Evaluation) -> Iterator[str]:
    """Yield what of the baseline A no gate can vouch for in B, since B did not measure it.

    Queries count per task: which of them a measure of citations has depends on what was answered.
    """
    digests = [one.dataset.get("digest") for one in (a, b)]
    if digests[0] != digests[1]:
        yield f"the dataset has the digest {digests[1]} instead of {digests[0]}"
    for task, measures in a.tasks.items():
        gated = [name for name, values in measures.items() if values and is_gated(task, name)]
        lacking = [name for name in gated if not _values(b.tasks, task, name)]
        if lacking:
            yield f"{task} lacks {', '.join(lacking)}"
        elif gated and (missing := _asked(a, task) - _asked(b, task)):
            yield f"{task} lacks {_queries(len(missing))} of the baseline"


def _asked(evaluation: Evaluation, task: str) -> set[str]:
    return {query for values in evaluation.tasks[task].values() for query in values}


def _other_dataset(a: Evaluation, b: Evaluation) -> Iterator[str]:
    datasets = [" ".join(str(one.dataset.get(part, "-")) for part in DATASET) for one in (a, b)]
    if datasets[0] != datasets[1]:
        yield (
            f"{a.name!r} was judged on the dataset {datasets[0]}, {b.name!r} on {datasets[1]}: "
            "queries with the same id are compared, their judgments may differ"
        )


def _other_texts(a: Evaluation, b: Evaluation) -> Iterator[str]:
    shared = [query for query in a.records if query in b.records]
    other = [query for query in shared if a.records[query].text != b.records[query].text]
    if other:
        yield (
            f"{_queries(len(other))} with the same id but another text in {a.name!r} and in "
            f"{b.name!r}: {other[0]!r} is the first"
        )


def _missing_measures(having: Evaluation, lacking: Evaluation) -> Iterator[str]:
    missing = [
        f"{task} {measure}"
        for task, measures in having.tasks.items()
        for measure, values in measures.items()
        if values and not lacking.tasks.get(task, {}).get(measure)
    ]
    if missing:
        yield f"only {having.name!r} measured {', '.join(missing)}"


def _left_out(a: Evaluation, b: Evaluation) -> Iterator[str]:
    for task, measures in a.tasks.items():
        missed = {
            measure: (len(values.keys() - others.keys()), len(others.keys() - values.keys()))
            for measure, values in measures.items()
            if values and (others := _values(b.tasks, task, measure))
        }
        for counts in dict.fromkeys(missed.values()):
            measured = [measure for measure, missing in missed.items() if missing == counts]
            if any(counts):
                yield (
                    f"{task}, {', '.join(measured)}: left out {_queries(counts[0])} that only "
                    f"{a.name!r} measured and {counts[1]} that only {b.name!r} measured"
                )


def _values(tasks: Mapping[str, Mapping[str, Values]], task: str, measure: str) -> Values:
    return tasks.get(task, {}).get(measure, {})


def _queries(count: int) -> str:
    return counted(count, "query", "queries")
