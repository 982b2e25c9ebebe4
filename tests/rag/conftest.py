"""A small glossary on disk, ingested with an embedder whose vectors can be counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexes.store import Store
from rag.chat import Chat
from rag.ingestion import Ingested, Ingestion, Request
from tests.fakes import WordEmbedder

WORDS = "lamp light bulb watt fan air blade kettle water steam switch heat cool wind sail"

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

## Power

| Bulb | Watts |
|------|-------|
| LED | 8 |
| Halogen | 42 |

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

## Applications

- Cooling a desk.
- Drying paint.
"""

KETTLE = """---
title: Kettle
category: kitchen
---

A kettle heats water until it is steam. It switches itself off.
"""


def write_glossary(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("lamp", LAMP), ("fan", FAN), ("kettle", KETTLE)):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    return write_glossary(tmp_path / "glossary")


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder(*WORDS.split())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def ingest(store: Store, embedder: WordEmbedder) -> Callable[..., Ingested]:
    def run(*sources: Path, **request: bool) -> Ingested:
        return Ingestion(store, embedder).run(Request(sources, **request))

    return run


@pytest.fixture
def chat(
    glossary: Path, store: Store, embedder: WordEmbedder, ingest: Callable[..., Ingested]
) -> Chat:
    ingest(glossary)
    return Chat(store.open(), embedder)


@pytest.fixture
def chat_about(
    tmp_path: Path, store: Store, embedder: WordEmbedder, ingest: Callable[..., Ingested]
) -> Callable[..., Chat]:
    """Build a chat over records given as JSON lines."""

    def build(*lines: str) -> Chat:
        source = tmp_path / "records.jsonl"
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        ingest(source)
        return Chat(store.open(), embedder)

    return build
