"""Time searches over HTTP, beside a minimal FastAPI server with LangChain's FAISS retriever.

python -m eval.bench_http [--source PATH] [--home DIR] [--workers 2] [--connections 8]
    [--seconds 10] [--rounds 3] [--peer PYTHON] [--bare] [--json]

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
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
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

Server = tuple[int, subprocess.Popen[bytes]]
_PEER = Path(__file__).resolve().parent / "peers" / "langchain_server.py"
_WARM_UP_S = 2.0
_LENGTHS = 8  # of result lists: each query is asked once for each, so that none comes twice
_FEW = 200


def measure(arguments: argparse.Namespace, chat: Chat, home: Path) -> list[Figure]:
    """Return throughput and latencies of our server, and of the others that are asked for."""
    queries = _queries(chat)
    with ExitStack() as stack:
        servers = {"ours": stack.enter_context(our_server(home, arguments.workers))}
        if arguments.peer:
            servers["LangChain"] = stack.enter_context(_peer(arguments, chat))
        if arguments.bare:
            servers["bare"] = stack.enter_context(_bare(arguments, home))
        loads: dict[str, list[Load]] = {name: [] for name in servers}
        for number in range(arguments.rounds):
            for name, (port, _) in servers.items():
                with _alone(name, servers):
                    loads[name].append(_searched(port, queries, arguments, number))
        with _alone("ours", servers):
            repeated = _searched(servers["ours"][0], queries[:_FEW], arguments, 0)
    figures = [
        Figure("workers", arguments.workers),
        Figure("connections", arguments.connections),
        Figure("distinct queries", len(queries)),
        *_figures("ours", loads["ours"]),
        *_figures(f"ours, {_FEW} queries again and again", [repeated]),
    ]
    for name in list(loads)[1:]:
        figures += _figures(name, loads[name])
    for name in ("ours", "bare") if "LangChain" in loads else ():
        if name in loads:
            figures.append(Figure(f"{name} to LangChain", _ratio(loads, name), "x"))
    return figures


def _ratio(loads: Mapping[str, Sequence[Load]], name: str) -> float:
    ours, theirs = (median(one.per_second for one in loads[of]) for of in (name, "LangChain"))
    return ours / theirs


@contextmanager
def _alone(name: str, servers: Mapping[str, Server]) -> Iterator[None]:
    """Let one server have the machine: the others are stopped meanwhile."""
    with ExitStack() as stack:
        for other, (_, process) in servers.items():
            if other != name:
                stack.enter_context(resting(process))
        yield


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
def _peer(arguments: argparse.Namespace, chat: Chat) -> Iterator[Server]:
    """Run the peer on a free port."""
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


@contextmanager
def _bare(arguments: argparse.Namespace, home: Path) -> Iterator[Server]:
    """Run the server that only embeds and looks up."""
    port = free_port()
    command = [sys.executable, "-m", "eval.peers.bare_server", str(home), str(port)]
    with server([*command, str(arguments.workers)], port, "/ready") as process:
        yield port, process


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--connections", type=int, default=8, help="at once (default: 8)")
    parser.add_argument("--seconds", type=float, default=10, help="a round (default: 10)")
    parser.add_argument("--rounds", type=int, default=3, help="of each server (default: 3)")
    parser.add_argument("--peer", metavar="PYTHON", help="also measure LangChain with this Python")
    parser.add_argument(
        "--bare", action="store_true", help="also measure embedding and lookup alone"
    )
    arguments = parser.parse_args()
    with glossary_and_home(arguments) as (chat, home):
        figures = measure(arguments, chat, home)
    print_figures("Searches over HTTP", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
