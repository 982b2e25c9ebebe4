"""What reading a model costs, door by door: processor time per chunk, delay of the first text.

    python tests/services/model_cost.py --streams 100

A scripted model runs as a process of its own. Each door reads many streams at once, for the
processor time of this process per chunk, and then one after another, for the time to the first
text; `socket` is the least that is possible, a bare connection that only looks for line breaks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from rag.models.generator import Message, Role  # noqa: E402
from rag.models.models import open_generator  # noqa: E402
from rag.settings import Settings  # noqa: E402

PROMPT = [Message(Role.USER, "What is a lamp? " * 300)]
CHUNKS, PACE_S, FIRST_S = 60, 0.05, 0.05

Ask = Callable[[], AsyncGenerator[str, None]]


def through_a_door(llm: str) -> Ask:
    """Ask as the product does."""
    patience = open_generator(Settings(llm=llm))
    assert patience is not None
    return lambda: patience.stream(PROMPT)


def over_a_socket(port: int) -> Ask:
    """Ask over a new bare connection."""
    content = {"messages": [{"role": "user", "content": PROMPT[0].content}], "stream": True}
    body = json.dumps(content).encode()
    request = b"POST /v1/chat/completions HTTP/1.1\r\ncontent-length: %d\r\n\r\n" % len(body)

    async def ask() -> AsyncGenerator[str, None]:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request + body)
        async for line in reader:
            if b'"content"' in line:
                yield line.decode()
            elif line.startswith(b"data: [DONE]"):
                break
        writer.close()

    return ask


async def measure(ask: Ask, streams: int) -> tuple[float, float]:
    """Return microseconds of processor time per chunk and median ms to the first text."""

    async def read() -> int:
        return len([text async for text in ask()])

    async def first() -> float:
        started = time.perf_counter()
        async with aclosing(ask()) as texts:
            await anext(texts)
            took = time.perf_counter() - started
            async for _ in texts:
                pass
        return took

    await asyncio.gather(*(read() for _ in range(streams)))
    before = time.process_time()
    chunks = sum(await asyncio.gather(*(read() for _ in range(streams))))
    cost = (time.process_time() - before) / chunks
    delays = [delay for _ in range(12) for delay in await asyncio.gather(first())]
    return cost * 1e6, statistics.median(delays) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description="What reading a model costs, door by door.")
    parser.add_argument("--streams", type=int, default=100)
    parser.add_argument("--port", type=int, default=9301)
    chosen = parser.parse_args()
    url = f"http://127.0.0.1:{chosen.port}/v1"
    os.environ |= {"OPENAI_API_KEY": "none", "OPENAI_BASE_URL": url}
    numbers = {"--port": chosen.port, "--chunks": CHUNKS, "--pace": PACE_S, "--first": FIRST_S}
    options = [str(part) for pair in numbers.items() for part in pair]
    script = str(Path(__file__).with_name("scripted_model.py"))
    server = subprocess.Popen([sys.executable, script, *options], stdout=subprocess.PIPE)
    assert server.stdout is not None
    server.stdout.readline()
    import uvloop

    doors = {
        "socket": lambda: over_a_socket(chosen.port),
        "openai-compatible": lambda: through_a_door(f"openai-compatible:scripted@{url}"),
        "openai (LangChain)": lambda: through_a_door("openai:scripted"),
    }
    try:
        print(f"{'door':<20}{'us per chunk':>14}{'first text ms':>15}")
        for name, door in doors.items():
            cost, first = uvloop.run(measure(door(), chosen.streams))
            print(f"{name:<20}{cost:>14.0f}{first:>15.2f}")
    finally:
        server.terminate()
        server.wait(10)


if __name__ == "__main__":
    main()
