"""Time searches over HTTP, beside a minimal FastAPI server with LangChain's FAISS retriever.

python -m eval.bench_http [--source PATH] [--home DIR] [--workers 2] [--connections 8]
    [--seconds 10] [--rounds 3] [--peer PYTHON] [--json]

PYTHON is an interpreter with langchain-community, langchain-huggingface, faiss-cpu and fastapi. The
two servers are measured in turn, round by round, with the same questions; the one that is not
measured is stopped meanwhile, so that each has the machine alone. No request comes twice, as the
server would answer a repeated one from memory; that is measured at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.parse import quote

from eval.durations import percentile
from eval.figures import Figure, print_figures
from eval.generated_questions import generated_questions
from eval.glossary_under_test import benchmark_parser, glossary_and_home
from eval.load.requesting import Load, get_request, load
from eval.load.serving import free_port, our_server, resting, server
from indexes.weights import find_weights
from rag.chat import Chat

_PEER = Path(__file__).resolve().parent / "peers" / "langchain_server.py"
_WARM_UP_S = 2.0
_LENGTHS = 8  # of result lists: each query is asked once for each, so that none comes twice
_FEW = 200


def measure(arguments: argparse.Namespace, chat: Chat, home: Path) -> list[Figure]:
    """Return throughput and latencies of our server, and of the peer when there is one."""
    queries = _queries(chat)
    with (
        our_server(home, arguments.workers) as (port, process),
        _peer(arguments, chat) as (peer_port, peer),
    ):
        ours, peers = [], []
        for number in range(arguments.rounds):
            with resting(peer):
                ours.append(_searched(port, queries, arguments, number))
            if peer:
                with resting(process):
                    peers.append(_searched(peer_port, queries, arguments, number))
        with resting(peer):
            repeated = _searched(port, queries[:_FEW], arguments, 0)
    figures = [
        Figure("workers", arguments.workers),
        Figure("connections", arguments.connections),
        Figure("distinct queries", len(queries)),
        *_figures("ours", ours),
        *_figures(f"ours, {_FEW} queries again and again", [repeated]),
    ]
    if peers:
        ratio = median(one.per_second for one in ours) / median(one.per_second for one in peers)
        figures += [*_figures("LangChain", peers), Figure("ours to LangChain", ratio, "x")]
    return figures


def _queries(chat: Chat) -> list[str]:
    names = {name.text for name in chat.index.names()}
    return sorted({*names, *generated_questions(chat.index)})


def _searched(
    port: int, queries: Sequence[str], arguments: argparse.Namespace, number: int
) -> Load:
    base = f"http://127.0.0.1:{port}/search"
    lengths = range(10, 10 + _LENGTHS) if len(queries) > _FEW else [10]
    requests = [get_request(f"{base}?k={k}&q={quote(query)}") for k in lengths for query in queries]
    first = number * len(requests) // arguments.rounds
    requests = requests[first:] + requests[:first]
    asyncio.run(load("127.0.0.1", port, requests, arguments.connections, _WARM_UP_S))
    return asyncio.run(load("127.0.0.1", port, requests, arguments.connections, arguments.seconds))


def _figures(name: str, loads: Sequence[Load]) -> list[Figure]:
    def middle(p: int) -> float:
        return median(percentile(one.latencies_ms, p) for one in loads)

    return [
        Figure(f"{name}, searches", median(one.per_second for one in loads), "/s"),
        *(Figure(f"{name}, p{p}", middle(p), "ms") for p in (50, 95, 99)),
        Figure(f"{name}, failed", sum(one.failed for one in loads)),
    ]


@contextmanager
def _peer(
    arguments: argparse.Namespace, chat: Chat
) -> Iterator[tuple[int, subprocess.Popen[bytes] | None]]:
    """Run the peer on a free port; yield 0 and None when none is asked for."""
    if not arguments.peer:
        yield 0, None
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        texts = Path(folder) / "entries.json"
        entries = [chat.index.entry(entry_id) for entry_id in chat.index.entry_ids()]
        texts.write_text(
            json.dumps([[e.entry_id, f"{e.term}\n\n{e.body}"] for e in entries]), encoding="utf-8"
        )
        command = [arguments.peer, str(_PEER), str(texts), str(find_weights().folder), str(port)]
        command.append(str(arguments.workers))
        with server(command, port, "/ready", {"PATH": os.environ.get("PATH", "")}) as process:
            yield port, process


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--connections", type=int, default=8, help="at once (default: 8)")
    parser.add_argument("--seconds", type=float, default=10, help="a round (default: 10)")
    parser.add_argument("--rounds", type=int, default=3, help="of each server (default: 3)")
    parser.add_argument("--peer", metavar="PYTHON", help="also measure LangChain with this Python")
    arguments = parser.parse_args()
    with glossary_and_home(arguments) as (chat, home):
        figures = measure(arguments, chat, home)
    print_figures("Searches over HTTP", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
