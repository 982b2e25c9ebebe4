"""Compare the hybrid search with each of its channels alone, by kind of question.

python -m eval.ablate_channels FOLDER=HOME:SPLIT [FOLDER=HOME:SPLIT ...]

Prints a Markdown table per dataset, judged on families: for every kind of question the mean of the
three searches, and the difference of the hybrid search to whichever channel alone is better there,
with its 95 % interval, the p-value of the paired test, and that p-value adjusted for the kinds of
the dataset (Holm). The better channel is chosen by the very questions that it is compared on, which
favours the channel. A line below says where the hybrid search is significantly worse.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from eval.ablations import MEASURES, SHIPPED, p_value, searcher
from eval.difference import ALPHA, WORSE, Difference, adjusted_together, difference_of
from eval.measures import measure
from eval.place import add_places
from eval.report.notation import counted
from eval.runs import Run
from eval.statistics import EPSILON
from eval.tune_fusion import Trial
from rag.hit import Mode

EVERY_KIND = "every question"
CHANNELS = (Mode.DENSE, Mode.LEXICAL)
FEWEST_CHANGED = 6  # 2 / 2^m is the smallest p that m changed questions can reach

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the hybrid search stands on one kind of question.

    Attributes:
        means: of each search.
        better: the channel that is better there alone; the dense one when both are alike.
        difference: A is that channel, B the hybrid search.
        changed: how many questions differ between these two.
    """

    means: Mapping[Mode, float]
    better: Mode
    difference: Difference
    changed: int

    @property
    def is_worse(self) -> bool:
        """Tell whether the hybrid search is significantly worse than the better channel."""
        return self.difference.verdict() == WORSE


def search_every_way(trial: Trial, name: str) -> dict[Mode, Values]:
    """Return the measure `name` of every question, by search."""
    found: dict[Mode, Values] = {}
    for mode in Mode:
        search = searcher(trial, SHIPPED, mode)
        rankings = {q.question_id: trial.ranking(search, q) for q in trial.questions}
        found[mode] = measure(trial.gains, Run(str(mode), rankings), (name,))[name]
    return found


def standings(name: str, values: Mapping[Mode, Values], kinds: Mapping[str, str]) -> list[Standing]:
    """Return how the hybrid search stands on all questions, then on each kind of them.

    `values` is search -> query id -> value of the measure `name`; `kinds` is query id -> kind.
    The kinds are adjusted for each other; all questions together are one test of their own.
    """
    together = [_standing(name, values, "")]
    apart = [
        _standing(name, _of_kind(values, kinds, kind), kind)
        for kind in dict.fromkeys(kinds.values())
        if kind
    ]
    return [*_adjusted(together), *_adjusted(apart)]


def _of_kind(
    values: Mapping[Mode, Values], kinds: Mapping[str, str], kind: str
) -> dict[Mode, Values]:
    return {
        mode: {query: value for query, value in found.items() if kinds.get(query) == kind}
        for mode, found in values.items()
    }


def _standing(name: str, values: Mapping[Mode, Values], kind: str) -> Standing:
    means = {mode: fmean(found.values()) for mode, found in values.items()}
    better = max(CHANNELS, key=means.__getitem__)
    found = difference_of("families", name, values[better], values[Mode.HYBRID], kind)
    assert found is not None, "every search has a value for every question"
    changed = sum(abs(v - values[better][q]) > EPSILON for q, v in values[Mode.HYBRID].items())
    return Standing(means, better, found, changed)


def _adjusted(found: Sequence[Standing]) -> list[Standing]:
    differences = adjusted_together([one.difference for one in found])
    return [replace(one, difference=d) for one, d in zip(found, differences, strict=True)]


def table(trial: Trial, name: str) -> str:
    """Return how the hybrid search stands on one dataset, as a Markdown table and a sentence."""
    kinds = {question.question_id: question.kind for question in trial.questions}
    found = standings(name, search_every_way(trial, name), kinds)
    return "\n".join(_lines(f"{trial.name}, {name}", found))


def _lines(title: str, found: Sequence[Standing]) -> Iterator[str]:
    yield from (title, "")
    columns = "n | changed | hybrid | dense | lexical | hybrid − the better one | p | adjusted p"
    yield f"| | {columns} | verdict |"
    yield f"|---|{'--:|' * 8}---|"
    yield from map(_row, found)
    yield from ("", conclusion(found))


def _row(standing: Standing) -> str:
    found = standing.difference
    searches = (Mode.HYBRID, *CHANNELS)
    means = " | ".join(f"{standing.means[mode]:.3f}" for mode in searches)
    interval = f"[{found.interval.low:+.3f}, {found.interval.high:+.3f}]"
    tested = f"{p_value(found.p)} | {p_value(found.p_adjusted)} | {found.verdict()}"
    counts = f"{found.kind or EVERY_KIND} | {found.n} | {standing.changed}"
    return f"| {counts} | {means} | {found.difference:+.3f} {interval} | {tested} |"


def conclusion(found: Sequence[Standing]) -> str:
    """Return a sentence: where the hybrid search is significantly worse than the better channel."""
    worse = [
        f"{one.difference.kind or EVERY_KIND} (to {one.better}, {one.difference.difference:+.3f})"
        for one in found
        if one.is_worse
    ]
    lower = sum(one.difference.difference < -EPSILON for one in found)
    able = sum(one.changed >= FEWEST_CHANGED for one in found)
    return (
        f"Significantly worse than the better channel (adjusted p ≤ {ALPHA:g}): "
        f"{', '.join(worse) or 'none'}. Lower at all: {lower} of {counted(len(found), 'row')}; "
        f"{able} with the {FEWEST_CHANGED} changed questions that a p below 0.05 needs."
    )


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    add_places(parser)
    parser.add_argument("--measure", choices=MEASURES, default=MEASURES[0], help="of each question")
    arguments = parser.parse_args()
    trials = map(Trial.read, arguments.places)
    print("\n\n".join(table(trial, arguments.measure) for trial in trials))


if __name__ == "__main__":
    main()
