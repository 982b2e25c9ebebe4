"""The whole application on a real server on loopback, over a small glossary of its own."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.door.drain import Drain
from api.door.exposure import Exposure
from api.door.guards import Serving
from api.serving.http_protocol import BoundedHttpProtocol
from api.streams.live_streams import Pace
from indexes.embedder import Embedder
from indexes.store import Store
from rag.ingestion import Ingestion, Request
from rag.opening import open_chat
from rag.settings import Settings
from tests.services.scripted_model import Reply, ScriptedModel, by_words

QUESTION = "What is a table lamp?"
FAITHFUL = (
    "A table lamp is a small light for a desk [1]. It needs a socket [1].\n\n"
    "- The **bulb** gives light [1].\n- The **shade** softens the light [1].\n"
)
WITH_INVENTIONS = (
    "A table lamp is a small light for a desk [1]. It was invented in 1850 in Toronto [1]. "
    "It needs a socket [9].\n"
)
LAMP = """---
title: Table Lamp
aliases: [TL, desk light]
category: lighting
---

A table lamp is a small light for a desk. It needs a socket.

## Parts

Every lamp has three parts:

- **Bulb**: gives light.
- **Switch**: turns the lamp on.
- **Shade**: softens the light.

## Care

1. Unplug the lamp.
2. Let the bulb cool.
3. Wipe the shade.
"""
FAN = """---
title: Desk Fan
category: cooling
---

A desk fan moves air with a blade. It cools a person, not a room.
"""
KETTLE = """---
title: Kettle
category: kitchen
---

A kettle heats water until it is steam. It switches itself off.
"""
QUICK = Pace(ping_s=0.1, abandon_s=0.3, look_again_s=0.02)


@dataclass(frozen=True)
class Served:
    """A running server; `model` is the language model behind it, whose script tests set."""

    url: str
    application: FastAPI | None = None
    model: ScriptedModel | None = None

    def script(self, *replies: Reply) -> None:
        """Make the model give these replies, the last one again and again."""
        assert self.model is not None
        self.model.script = list(replies)
        self.model.requests.clear()

    def client(self, **more: Any) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, timeout=30, **more)

    def post(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.client() as client:
            return client.post(path, json=body, headers=named)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.client() as client:
            return client.get(path, headers=named)

    def delete(self, path: str) -> httpx2.Response:
        with self.client() as client:
            return client.delete(path)


@dataclass(frozen=True)
class Event:
    """One server-sent event."""

    id: str
    name: str
    data: Any


def write_glossary(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, text in (("lamp", LAMP), ("fan", FAN), ("kettle", KETTLE)):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def ingest(folder: Path, embedder: Embedder) -> Path:
    """Make the small glossary live in a home; return the home."""
    home = folder / "home"
    Ingestion(Store(home), embedder).run(Request((write_glossary(folder / "glossary"),)))
    return home


def application_of(
    home: Path, embedder: Embedder, pace: Pace | None = None, **settings: Any
) -> FastAPI:
    """Return the application as `aifactory serve` on loopback has it."""
    serving = Serving(Exposure(keys_needed=False, this_machine_only=True), Drain(5))
    return create_app(
        Settings(home=home, **settings),
        lambda chosen: open_chat(chosen, embedder=embedder),
        serving=serving,
        pace=pace or QUICK,
    )


@contextmanager
def served(application: FastAPI, model: ScriptedModel | None = None) -> Iterator[Served]:
    """Run a server in a thread."""
    config = uvicorn.Config(
        application,
        port=0,
        http=BoundedHttpProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield Served(f"http://127.0.0.1:{port}", application, model)
    finally:
        server.should_exit = True
        thread.join(30)


def events_of(lines: Iterable[str]) -> Iterator[Event]:
    """Read server-sent events; comments count as events named "comment"."""
    fields: dict[str, str] = {}
    for line in lines:
        if line.startswith(":"):
            yield Event("", "comment", line)
        elif line:
            name, _, value = line.partition(": ")
            assert name not in fields, "one line a field"
            fields[name] = value
        elif fields:
            text = fields.get("data", "")
            data = text if text == "[DONE]" else json.loads(text)
            yield Event(fields.get("id", ""), fields.get("event", ""), data)
            fields = {}


def read_events(response: httpx2.Response) -> list[Event]:
    """Return the events of a whole stream without its comments."""
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    return [event for event in events_of(response.text.splitlines()) if event.name != "comment"]


def faithful(pace_s: float = 0, first_s: float = 0) -> Reply:
    return by_words(FAITHFUL, pace_s, first_s)


def until(condition: Any, within_s: float = 5) -> bool:
    """Wait until a condition holds; tell whether it did in time."""
    end_s = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end_s:
            return False
        time.sleep(0.01)
    return True
