"""Bear many streams at once, and search beside them.

python -m eval.bench_streams [--source PATH] [--home DIR] [--streams 500] [--seconds 20]
    [--workers 2] [--json]

A scripted model says one word a chunk at a fixed pace; every sentence is verified.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from eval.durations import percentile
from eval.figures import Figure, print_figures
from eval.generated_questions import generated_questions
from eval.glossary_under_test import benchmark_parser, glossary_and_home
from eval.load.memory import tree_mib
from eval.load.model_server import Pace, paced_model
from eval.load.requesting import Load, get_request, load
from eval.load.script import write_script
from eval.load.serving import our_server
from eval.load.streaming import Followed, chat_request, follow
from rag.chat import Chat

_SEARCHERS = 4
_SEARCH_PAUSE_S = 0.1
_RAMP_S = 2.0  # in which the streams begin


def measure(arguments: argparse.Namespace, chat: Chat, home: Path) -> list[Figure]:
    """Return how the streams and the searches beside them fared."""
    pace = Pace(0.2, arguments.pace, max(2, round(arguments.seconds / arguments.pace)))
    with (
        tempfile.TemporaryDirectory() as folder,
        paced_model((script := write_script(chat, Path(folder)))[1], pace) as url,
        our_server(
            home, arguments.workers, {"AIFACTORY_LLM": f"openai-compatible:scripted@{url}"}
        ) as (port, process),
    ):
        before = tree_mib(process.pid)
        alone = asyncio.run(_search(port, chat, 3.0))
        streams, beside = asyncio.run(_both(port, script[0], chat, arguments))
        after = tree_mib(process.pid)
    return [
        Figure("streams", len(streams)),
        Figure("words of a stream", pace.words),
        Figure("complete", sum(one.is_complete for one in streams)),
        Figure("failed", sum(one.status != 200 for one in streams)),
        *_percentiles("first text", [one.first_ms for one in streams]),
        *_percentiles("whole stream", [one.total_ms for one in streams]),
        *_percentiles("search before", alone.latencies_ms),
        *_percentiles("search beside", beside.latencies_ms),
        Figure("searches beside, failed", beside.failed),
        Figure("memory before", before, "MiB"),
        Figure("memory after", after, "MiB"),
    ]


async def _both(
    port: int, question: str, chat: Chat, arguments: argparse.Namespace
) -> tuple[list[Followed], Load]:
    request = chat_request("127.0.0.1", "/v1/chat/completions", "ai-factory-chat", question)

    async def one(number: int) -> Followed:
        await asyncio.sleep(_RAMP_S * number / arguments.streams)
        return await follow(port, request)

    searching = asyncio.create_task(_search(port, chat, arguments.seconds + _RAMP_S))
    streams = await asyncio.gather(*(one(number) for number in range(arguments.streams)))
    return list(streams), await searching


async def _search(port: int, chat: Chat, seconds: float) -> Load:
    base = f"http://127.0.0.1:{port}/search?k=10&q="
    requests = [get_request(base + quote(text)) for text in generated_questions(chat.index)]
    return await load("127.0.0.1", port, requests, _SEARCHERS, seconds, _SEARCH_PAUSE_S)


def _percentiles(name: str, values_ms: Sequence[float]) -> list[Figure]:
    return [Figure(f"{name}, p{p}", percentile(values_ms, p), "ms") for p in (50, 95, 99)]


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--streams", type=int, default=500, help="at once (default: 500)")
    parser.add_argument("--seconds", type=float, default=20, help="of a stream (default: 20)")
    parser.add_argument("--pace", type=float, default=0.1, help="seconds a word (default: 0.1)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    arguments = parser.parse_args()
    with glossary_and_home(arguments) as (chat, home):
        figures = measure(arguments, chat, home)
    print_figures("Many streams at once", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
