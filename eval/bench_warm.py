"""Time retrieval and whole answers in one running process, query embedding included.

python -m eval.bench_warm [--source PATH] [--home DIR] [--questions 100] [--rounds 3] [--json]
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from eval.durations import memory_mb, percentile, percentile_figures
from eval.figures import Figure, print_figures
from eval.generated_questions import generated_questions
from eval.glossary_under_test import benchmark_parser, glossary_under_test
from rag.chat import Chat

Stages = dict[str, float]
_WARM_UP = 20


def measure(chat: Chat, questions: int, rounds: int) -> list[Figure]:
    """Return the figures of every name and some generated questions, searched for and answered."""
    names = sorted({name.text for name in chat.index.names()})
    queries = [*names, *generated_questions(chat.index)[:questions]]
    verbs: dict[str, Callable[[str], Stages]] = {
        "search": lambda query: chat.search(query).timings_ms,
        "ask": lambda query: chat.ask(query).timings_ms,
    }
    figures = [Figure("queries", len(queries)), Figure("rounds", rounds)]
    for verb, run in verbs.items():
        for query in queries[:_WARM_UP]:
            run(query)
        totals, stages = time_all(run, queries * rounds)
        figures.extend(percentile_figures(verb, totals))
        figures.extend(
            Figure(f"{verb}, {stage} p50", percentile(values, 50), "ms")
            for stage, values in stages.items()
        )
    now, peak = memory_mb()
    return [*figures, Figure("memory", now, "MiB"), Figure("peak memory", peak, "MiB")]


def time_all(
    run: Callable[[str], Stages], queries: Sequence[str]
) -> tuple[list[float], dict[str, list[float]]]:
    """Return milliseconds per query on our own clock, and per stage as the product tells them."""
    totals: list[float] = []
    stages: dict[str, list[float]] = {}
    for query in queries:
        begin = time.perf_counter()
        told = run(query)
        totals.append((time.perf_counter() - begin) * 1e3)
        for stage, spent_ms in told.items():
            if stage != "total":
                stages.setdefault(stage, []).append(spent_ms)
    return totals, stages


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--questions", type=int, default=100, help="generated (default: 100)")
    parser.add_argument("--rounds", type=int, default=3, help="over all queries (default: 3)")
    arguments = parser.parse_args()
    with glossary_under_test(arguments) as chat:
        figures = measure(chat, arguments.questions, arguments.rounds)
    print_figures("A question in a running process", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
