"""A scripted model server: OpenAI chat completions over real HTTP, on loopback, as told.

    with scripted_model(says("Hello ", "world.")) as server:
        ...  # ask MODEL@{server.url}; then look at server.requests

A script is one Reply for every request, a list of them (the last one repeats), or a function from
the request to its Reply. As a process, for load and benchmarks:

    python tests/services/scripted_model.py --port 9000 --first 0.2 --pace 0.05 --chunks 400
"""

from __future__ import annotations

import argparse
import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

EVENTS = (("content-type", "text/event-stream; charset=utf-8"), ("cache-control", "no-cache"))
JSON = (("content-type", "application/json"),)
DONE = b"data: [DONE]\n\n"
KEEP_ALIVE = b": keep-alive\n\n"


@dataclass(frozen=True)
class Wait:
    """Say nothing for a while. Waits count from the start of the reply: a pace does not drift."""

    seconds: float


@dataclass(frozen=True)
class Stall:
    """Say nothing more until the client hangs up."""


@dataclass(frozen=True)
class HangUp:
    """Close the connection in the middle of the reply."""


Step = bytes | Wait | Stall | HangUp


@dataclass(frozen=True)
class Reply:
    """What one request gets: a status and the steps of its body.

    `text` is what the steps say in all; a request without `stream` gets it as one JSON object.
    """

    steps: tuple[Step, ...]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = EVENTS
    text: str | None = None


@dataclass(eq=False)
class Received:
    """One request as it came in, and how it ended."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    arrived_s: float
    hung_up: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages of the prompt."""
        messages: list[dict[str, str]] = self.body["messages"]
        return messages

    def has_hung_up(self, timeout_s: float = 5) -> bool:
        """Wait until the request has ended; tell whether the client left before the end."""
        return self.ended.wait(timeout_s) and self.hung_up


Script = Reply | Sequence[Reply] | Callable[[Received], Reply]


def event(payload: object) -> bytes:
    """Return one SSE event that holds a JSON value."""
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


def chunk(text: str | None, finish: str | None = None, **delta: object) -> bytes:
    """Return the SSE event of one chunk of a completion."""
    said = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": {**said, **delta}, "finish_reason": finish}
    return event(_completion("chat.completion.chunk", [choice]))


def says(
    *texts: str, pace_s: float = 0, first_s: float = 0, finish: str = "stop", usage: bool = False
) -> Reply:
    """Say these texts, one a chunk: the first after `first_s`, each further one after `pace_s`."""
    steps: list[Step] = [chunk(None, role="assistant"), Wait(first_s)]
    for position, text in enumerate(texts):
        if position:
            steps.append(Wait(pace_s))
        steps.append(chunk(text))
    steps.append(chunk(None, finish))
    if usage:
        counts = {"prompt_tokens": 7, "completion_tokens": len(texts)}
        steps.append(event({**_completion("chat.completion.chunk", []), "usage": counts}))
    return Reply((*steps, DONE), text="".join(texts))


def stalls(*texts: str) -> Reply:
    """Say these texts and then nothing more, without an end."""
    return Reply((*map(chunk, texts), Stall()))


def dies(*texts: str) -> Reply:
    """Say these texts and close the connection in the middle of the reply."""
    return Reply((*map(chunk, texts), Wait(0.05), HangUp()))


def raw(*steps: Step) -> Reply:
    """Send exactly these bytes and waits as an event stream."""
    return Reply(steps)


def refuses(status: int, message: str = "scripted refusal", **headers: str) -> Reply:
    """Answer with an HTTP error and OpenAI's error object; `retry_after="1"` is a header."""
    more = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    error = {"error": {"message": message, "type": "scripted", "code": str(status)}}
    return Reply((json.dumps(error).encode(),), status, JSON + more)


def by_words(text: str, pace_s: float = 0, first_s: float = 0) -> Reply:
    """Say a text word by word."""
    words = text.split(" ")
    pieces = [word + " " for word in words[:-1]] + words[-1:]
    return says(*pieces, pace_s=pace_s, first_s=first_s)


class ScriptedModel:
    """The server; `requests` are the completions asked for, in order of arrival."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[Received] = []
        self.connections = 0
        self.open: set[_Connection] = set()
        self.port = 0

    @property
    def url(self) -> str:
        """The base URL for clients; ends in `/v1`."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def root(self) -> str:
        """The address without a path, as other wires than OpenAI's have it."""
        return self.url.removesuffix("/v1")

    @property
    def llm(self) -> str:
        """The name for `--llm`."""
        return f"openai-compatible:scripted@{self.url}"

    def reply(self, received: Received) -> Reply:
        """Record a request and return what the script has for it."""
        self.requests.append(received)
        script = self.script
        if isinstance(script, Reply):
            return script
        if callable(script):
            return script(received)
        return script[min(len(self.requests), len(script)) - 1]

    async def start(self, port: int = 0) -> asyncio.Server:
        """Listen on a port of loopback; 0 takes a free one."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: _Connection(self), "127.0.0.1", port, backlog=2048
        )
        self.port = server.sockets[0].getsockname()[1]
        return server


@contextmanager
def scripted_model(script: Script) -> Iterator[ScriptedModel]:
    """Run a server in a thread of its own."""
    model = ScriptedModel(script)
    started = threading.Event()
    loop = asyncio.new_event_loop()

    async def live() -> None:
        server = await model.start()
        stop.append(asyncio.Event())
        started.set()
        await stop[0].wait()
        server.close()
        for connection in list(model.open):
            connection.transport.abort()
        await asyncio.sleep(0.01)

    stop: list[asyncio.Event] = []
    thread = threading.Thread(target=lambda: loop.run_until_complete(live()), daemon=True)
    thread.start()
    assert started.wait(10), "the scripted model did not start"
    try:
        yield model
    finally:
        loop.call_soon_threadsafe(stop[0].set)
        thread.join(10)
        loop.close()


class _Connection(asyncio.Protocol):
    """One connection: requests in, replies out; a client that leaves ends the reply."""

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model
        self.buffer = b""
        self.task: asyncio.Task[None] | None = None
        self.current: Received | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.model.connections += 1
        self.model.open.add(self)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        request, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", 0))
        if len(body) < length:
            return
        self.buffer = body[length:]
        path = request.split(" ")[1]
        if not length:
            self._send_whole(_models() if path.endswith("/models") else refuses(404))
            return
        received = Received(path, headers, json.loads(body[:length]), time.monotonic())
        self.current = received
        self.task = asyncio.get_running_loop().create_task(self._answer(received))

    def connection_lost(self, error: Exception | None) -> None:
        self.model.open.discard(self)
        if self.current and self.task and not self.current.ended.is_set():
            self.current.hung_up = True
            self.task.cancel()

    async def _answer(self, received: Received) -> None:
        try:
            reply = self.model.reply(received)
            if reply.text is not None and not received.body.get("stream"):
                await self._run(_whole(reply))
            else:
                await self._run(reply)
        finally:
            received.ended.set()

    async def _run(self, reply: Reply) -> None:
        self.transport.write(_head(reply, "transfer-encoding: chunked"))
        due = time.monotonic()
        for step in reply.steps:
            if isinstance(step, bytes):
                self.transport.write(b"%x\r\n%b\r\n" % (len(step), step))
            elif isinstance(step, Wait):
                due += step.seconds
                await asyncio.sleep(max(0, due - time.monotonic()))
            elif isinstance(step, HangUp):
                if self.current:
                    self.current.ended.set()
                self.transport.close()
                return
            else:
                await asyncio.Event().wait()
        self.transport.write(b"0\r\n\r\n")

    def _send_whole(self, reply: Reply) -> None:
        body = b"".join(step for step in reply.steps if isinstance(step, bytes))
        self.transport.write(_head(reply, f"content-length: {len(body)}") + body)


def _head(reply: Reply, *more: str) -> bytes:
    phrases = {status.value: status.phrase for status in HTTPStatus}
    lines = [f"HTTP/1.1 {reply.status} {phrases.get(reply.status, 'Scripted')}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    return "\r\n".join((*lines, *more, "", "")).encode("latin-1")


def _whole(reply: Reply) -> Reply:
    waits = tuple(step for step in reply.steps if isinstance(step, Wait))
    message = {"role": "assistant", "content": reply.text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = json.dumps(_completion("chat.completion", [choice])).encode()
    return Reply((*waits, body), headers=JSON)


def _completion(kind: str, choices: list[dict[str, object]]) -> dict[str, object]:
    return {"id": "cmpl-1", "object": kind, "created": 1, "model": "scripted", "choices": choices}


def _models() -> Reply:
    listed = {"object": "list", "data": [{"id": "scripted", "object": "model", "created": 1}]}
    return Reply((json.dumps(listed).encode(),), headers=JSON)


def _main() -> None:
    parser = argparse.ArgumentParser(description="A scripted model server with a fixed pace.")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--first", type=float, default=0.2, help="seconds before the first text")
    parser.add_argument("--pace", type=float, default=0.05, help="seconds between chunks")
    parser.add_argument("--chunks", type=int, default=400, help="how many words are said")
    parser.add_argument("--text", type=Path, help="say the words of this file; repeated as needed")
    chosen = parser.parse_args()
    text = chosen.text.read_text(encoding="utf-8") if chosen.text else "One word after another. "
    words = text.split()
    said = [words[i % len(words)] + " " for i in range(chosen.chunks)]
    model = ScriptedModel(says(*said, pace_s=chosen.pace, first_s=chosen.first))

    async def serve() -> None:
        server = await model.start(chosen.port)
        print(f"listening on {model.url}", flush=True)
        await server.serve_forever()

    asyncio.run(serve())


if __name__ == "__main__":
    _main()
