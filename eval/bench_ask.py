"""Time `aifactory ask` as a fresh process: from the shell to the printed answer.

python -m eval.bench_ask [--source PATH] [--home DIR] [--runs 20] [--json]
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from eval.durations import percentile
from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_home, benchmark_parser
from eval.processes import AIFACTORY, aifactory, cost_of, imported
from indexes.history import History
from rag.settings import bundled_glossary

UNWANTED = ("torch", "transformers", "sentence_transformers", "langchain", "fastapi")


def terms_of(home: Path, source: Path | None) -> list[str]:
    """Return every term of the live glossary, ingesting the source (or the bundled one) first."""
    if source is not None or History(home).live() is None:
        path = (source or bundled_glossary()).resolve()
        aifactory("ingest", str(path), "--home", str(home), "--json")
    entries = json.loads(aifactory("entries", "--home", str(home), "--json"))
    return [entry["term"] for entry in entries]


def measure(home: Path, terms: Sequence[str], runs: int) -> list[Figure]:
    """Return the figures of `runs` fresh processes, after one that warms the file cache."""
    asked = [f"What is {terms[number % len(terms)]}?" for number in range(runs + 1)]
    commands = [(*AIFACTORY, "ask", "--home", str(home), "--", question) for question in asked]
    unwanted = imported(commands[0], UNWANTED)
    costs = [cost_of(command) for command in commands[1:]]
    seconds = [cost.wall_s for cost in costs]
    peak_mb = statistics.median(cost.peak_mb for cost in costs)
    return [
        Figure("fresh processes", runs),
        Figure("wall, median", statistics.median(seconds), "s"),
        Figure("wall, p90", percentile(seconds, 90), "s"),
        Figure("peak memory, median", peak_mb, "MiB"),
        Figure("heavy packages imported", ", ".join(unwanted) or "none", "", "none"),
    ]


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--runs", type=int, default=20, help="processes timed (default: 20)")
    arguments = parser.parse_args()
    with benchmark_home(arguments) as home:
        figures = measure(home, terms_of(home, arguments.source), arguments.runs)
    print_figures("A question from the shell", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
