"""Mixed load for a long time, with a new ingestion every minute.

python -m eval.bench_soak [--source PATH] [--minutes 30] [--every 60] [--workers 2] [--json]

Searches, answers, streams, entries and type-ahead go on without a pause. Every ingestion replaces
one entry by its next revision; from the moment it is told done, no answer may show the one before.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from corpus.entry import Entry
from eval.durations import percentile
from eval.figures import Figure, print_figures
from eval.generated_questions import generated_questions
from eval.glossary_under_test import benchmark_parser, open_or_leave
from eval.load.memory import tree_mib
from eval.load.requesting import Load, get_request, load
from eval.load.serving import our_server
from eval.load.streaming import Followed, chat_request, follow
from rag.chat import Chat

_SETTLED = 3  # ingestions after which memory is compared
_PAUSE_S = 0.05
_QUESTION = "What is the soak gauge?"


@dataclass
class Soak:
    """What was seen so far."""

    loads: list[Load] = field(default_factory=list)
    streams: list[Followed] = field(default_factory=list)
    ingestions_s: list[float] = field(default_factory=list)
    memory_mib: list[float] = field(default_factory=list)
    failed_ingestions: int = 0
    stale: int = 0
    checked: int = 0


def measure(arguments: argparse.Namespace, chat: Chat, home: Path) -> list[Figure]:
    """Return what failed, what was stale, and how memory went."""
    entries = [chat.index.entry(entry_id) for entry_id in chat.index.entry_ids()]
    questions = generated_questions(chat.index)
    with our_server(home, arguments.workers) as (port, process):
        soak = asyncio.run(_soak(port, process.pid, entries, questions, arguments))
    latencies = [value for one in soak.loads for value in one.latencies_ms]
    settled = soak.memory_mib[_SETTLED:] or soak.memory_mib
    growth = (settled[-1] / settled[0] - 1) * 100
    return [
        Figure("minutes", arguments.minutes),
        Figure("requests", len(latencies) + len(soak.streams)),
        Figure("failed requests", sum(one.failed for one in soak.loads) + _broken(soak.streams)),
        Figure("ingestions", len(soak.ingestions_s)),
        Figure("failed ingestions", soak.failed_ingestions),
        Figure("ingestion p50", percentile(soak.ingestions_s, 50), "s"),
        Figure("answers checked for their revision", soak.checked),
        Figure("stale answers", soak.stale),
        *(Figure(f"request, p{p}", percentile(latencies, p), "ms") for p in (50, 95, 99)),
        Figure("memory, settled", settled[0], "MiB"),
        Figure("memory, highest after that", max(settled), "MiB"),
        Figure("memory, at the end", settled[-1], "MiB"),
        Figure("growth", growth, "%"),
    ]


def _broken(streams: Sequence[Followed]) -> int:
    return sum(not one.is_complete for one in streams)


async def _soak(
    port: int,
    process: int,
    entries: Sequence[Entry],
    questions: Sequence[str],
    arguments: argparse.Namespace,
) -> Soak:
    soak = Soak()
    seconds = arguments.minutes * 60
    base = f"http://127.0.0.1:{port}"
    mixed = [
        get_request(url)
        for text in questions
        for url in (
            f"{base}/search?q={quote(text)}",
            f"{base}/suggest?prefix={quote(text[-4:])}",
            f"{base}/entries?limit=5",
        )
    ]
    loading = asyncio.create_task(load("127.0.0.1", port, mixed, 4, seconds, _PAUSE_S))
    streaming = asyncio.create_task(_streams(port, questions, seconds, soak))
    until_s = time.monotonic() + seconds
    revision = 0
    while (begun_s := time.monotonic()) < until_s:
        revision += 1
        await _ingest_and_check(base, entries, revision, soak)
        soak.memory_mib.append(tree_mib(process))
        pause_s = min(begun_s + arguments.every, until_s) - time.monotonic()
        await asyncio.sleep(max(0.0, pause_s))
    soak.loads.append(await loading)
    await streaming
    return soak


async def _streams(port: int, questions: Sequence[str], seconds: float, soak: Soak) -> None:
    until_s = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until_s:
        question = questions[number % len(questions)]
        request = chat_request("127.0.0.1", "/v1/chat/completions", "ai-factory-chat", question)
        soak.streams.append(await follow(port, request))
        number += 1
        await asyncio.sleep(_PAUSE_S)


async def _ingest_and_check(base: str, entries: Sequence[Entry], revision: int, soak: Soak) -> None:
    begun_s = time.monotonic()
    archive = _archive(entries, revision)
    try:
        await asyncio.to_thread(_upload, f"{base}/admin/ingest", archive)
    except OSError:
        soak.failed_ingestions += 1
        return
    soak.ingestions_s.append(time.monotonic() - begun_s)
    for _ in range(5):
        answer = await asyncio.to_thread(_asked, f"{base}/ask")
        soak.checked += 1
        soak.stale += f"revision {revision} " not in answer


def _archive(entries: Sequence[Entry], revision: int) -> bytes:
    """Return a zip of Markdown files: the entries, and one that tells its revision."""
    gauge = (
        "---\ntitle: Soak gauge\n---\n"
        f"The soak gauge is an instrument that shows revision {revision} of a long test.\n"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("soak-gauge.md", gauge)
        for entry in entries:
            front = f"---\ntitle: {json.dumps(entry.term)}\n---\n"
            archive.writestr(f"{entry.entry_id}.md", front + entry.body + "\n")
    return buffer.getvalue()


def _upload(url: str, archive: bytes) -> None:
    boundary = "soak-boundary"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="glossary.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    body = head.encode() + archive + f"\r\n--{boundary}--\r\n".encode()
    content_type = f"multipart/form-data; boundary={boundary}"
    request = urllib.request.Request(url, body, {"Content-Type": content_type})  # noqa: S310
    with urllib.request.urlopen(request, timeout=300) as response:  # noqa: S310  loopback
        response.read()


def _asked(url: str) -> str:
    body = json.dumps({"question": _QUESTION}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310  loopback
        answer: str = json.loads(response.read())["answer"]
        return answer


def main() -> None:
    """Run as the command line says."""
    parser = benchmark_parser(__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long (default: 30)")
    parser.add_argument("--every", type=float, default=60, help="seconds between ingestions")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aifactory-soak-") as folder:
        home = Path(folder)  # its glossary is replaced, so it is never the operator's own
        figures = measure(arguments, open_or_leave(home, arguments.source), home)
    print_figures("A long mixed load", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
