"""Measure what families bring: search with them, and with every entry on its own.

python -m eval.ablate_families FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...]

Prints a Markdown table per dataset: each measure with families and without, the difference with
its 95 % interval, and the p-value of the paired test. A concept is a family: without families, an
entry whose twin stands above it takes a place and brings nothing new. Entries are judged as the
dataset judges them; with families, only the best member of each is shown. Use training or
development splits.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

from eval.ablations import SHIPPED, change_cells, searcher
from eval.difference import Difference, difference_of
from eval.measures import measure
from eval.place import add_places
from eval.report.notation import counted
from eval.runs import Run
from eval.tune_fusion import Trial
from eval.without_families import repeats_apart, without_families
from rag.hit import Hit, Mode

Found = Mapping[str, Sequence[Hit]]
"""query id -> hits, best first."""

Values = Mapping[str, float]
Measured = dict[str, Values]


def search_all(trial: Trial) -> Found:
    """Return the hits of every question, with the families that the trial's index has."""
    search = searcher(trial, SHIPPED, Mode.HYBRID)
    return {question.question_id: search(question) for question in trial.questions}


def measure_all(trial: Trial, found: Found) -> Measured:
    """Return what is measured -> query id -> value."""
    return {
        "different concepts in the first 5": count_concepts(trial, found, 5),
        "different concepts in the first 10": count_concepts(trial, found, 10),
        **_on_concepts(trial, found),
        **_on_entries(trial, found),
    }


def compare(trial: Trial) -> list[Difference]:
    """Return what families bring: A is without them, B with them."""
    apart = measure_all(trial, search_all(replace(trial, index=without_families(trial.index))))
    merged = measure_all(trial, search_all(trial))
    differences = (difference_of("families", name, apart[name], merged[name]) for name in merged)
    return [found for found in differences if found is not None]


def count_concepts(trial: Trial, found: Found, first: int) -> Values:
    """Return how many different concepts the first hits of every question show."""
    return {
        query: float(len({trial.families[hit.entry.entry_id] for hit in hits[:first]}))
        for query, hits in found.items()
    }


def _on_concepts(trial: Trial, found: Found) -> Measured:
    rankings = {
        query: repeats_apart([(trial.families[hit.entry.entry_id], hit.score) for hit in hits])
        for query, hits in found.items()
    }
    values = measure(trial.gains, Run("concepts", rankings), ("nDCG@10", "R@5", "R@10"))
    several = {query for query, gains in trial.gains.items() if len(gains) > 1}
    return {
        **{f"{name}, concepts": of_query for name, of_query in values.items()},
        **{
            f"{name}, questions about several concepts": _only(values[name], several)
            for name in values
        },
    }


def _on_entries(trial: Trial, found: Found) -> Measured:
    rankings = {
        query: [(trial.documents[hit.entry.entry_id], hit.score) for hit in hits]
        for query, hits in found.items()
    }
    gains = {question.question_id: dict(question.gains) for question in trial.questions}
    values = measure(gains, Run("entries", rankings), ("nDCG@10", "R@10"))
    return {f"{name}, entries as judged": of_query for name, of_query in values.items()}


def _only(values: Values, queries: set[str]) -> Values:
    return {query: value for query, value in values.items() if query in queries}


def table(trial: Trial) -> str:
    """Return what families bring to one dataset as a Markdown table."""
    return "\n".join(
        [
            f"{trial.name}, {counted(len(trial.questions), 'question', 'questions')}",
            "",
            "| | n | without families | with families | difference | p |",
            "|---|--:|--:|--:|--:|--:|",
            *map(_row, compare(trial)),
        ]
    )


def _row(found: Difference) -> str:
    means = f"{found.n} | {found.mean_a:.3f} | {found.mean_b:.3f}"
    return f"| {found.measure} | {means} | {change_cells(found)} |"


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    print("\n\n".join(table(Trial.read(place)) for place in parser.parse_args().places))


if __name__ == "__main__":
    main()
