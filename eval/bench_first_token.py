"""Time what answering adds to a language model's own pace.

python -m eval.bench_first_token [--source PATH] [--home DIR] [--rounds 40] [--json]

The model is asked in turn directly and through the server. A sentence is released once it is
complete and verified, so what counts is when its words are there: from the model directly, and
from the server.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import median

from eval.durations import percentile
from eval.figures import Figure, print_figures
from eval.glossary_under_test import benchmark_parser, glossary_and_home
from eval.load.model_server import Pace, paced_model
from eval.load.script import write_script
from eval.load.serving import our_server
from eval.load.streaming import Followed, chat_request, follow
from rag.chat import Chat

_WORDS = 60
_PACE = Pace(0.2, 0.01, _WORDS)
_WARM_UP = 3


def measure(arguments: argparse.Namespace, chat: Chat, home: Path) -> list[Figure]:
    """Return the time to the first sentence, directly and through the server."""
    with (
        tempfile.TemporaryDirectory() as folder,
        paced_model((script := write_script(chat, Path(folder)))[1], _PACE) as url,
        our_server(home, 1, {"AIFACTORY_LLM": f"openai-compatible:scripted@{url}"}) as (port, _),
    ):
        question, _, words = script
        model_port = int(url.split(":")[2].split("/")[0])
        # The word after a sentence tells that it has ended; a marker follows it first.
        direct, ours = asyncio.run(
            _in_turn(model_port, port, question, words + 2, words, arguments.rounds)
        )
    added = [
        (mine.spoken_ms or 0) - (own.spoken_ms or 0) for mine, own in zip(ours, direct, strict=True)
    ]
    return [
        Figure("rounds", len(ours)),
        Figure("model, first token p50", median(one.first_ms for one in direct), "ms"),
        Figure("model, first sentence p50", median(one.spoken_ms or 0 for one in direct), "ms"),
        Figure("server, first sentence p50", median(one.spoken_ms or 0 for one in ours), "ms"),
        *(Figure(f"added p{p}", percentile(added, p), "ms") for p in (50, 95)),
    ]


async def _in_turn(
    model_port: int, port: int, question: str, model_words: int, words: int, rounds: int
) -> tuple[list[Followed], list[Followed]]:
    directly = chat_request("127.0.0.1", "/v1/chat/completions", "scripted", question)
    through = chat_request("127.0.0.1", "/v1/chat/completions", "ai-factory-chat", question)
    direct: list[Followed] = []
    ours: list[Followed] = []
    for _ in range(rounds + _WARM_UP):
        direct.append(await follow(model_port, directly, model_words))
        ours.append(await follow(port, through, words))
    return direct[_WARM_UP:], ours[_WARM_UP:]


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=40, help="of each (default: 40)")
    arguments = parser.parse_args()
    with glossary_and_home(arguments) as (chat, home):
        figures = measure(arguments, chat, home)
    print_figures("What answering adds to a model", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
