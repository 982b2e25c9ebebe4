"""Two things of a workshop, ingested with an embedder whose vectors can be counted by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.store import Store
from rag.chat import Chat
from rag.ingestion import Ingestion, Request
from tests.fakes import WordEmbedder

LAMP = """---
title: Table Lamp
aliases: [TL]
---

A table lamp gives light.

## Parts

- **Bulb**: gives light.
- **Switch**: turns the lamp on.
"""

FAN = """---
title: Desk Fan
---

A desk fan moves air with blades.
"""


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    folder = tmp_path / "workshop"
    folder.mkdir()
    (folder / "lamp.md").write_text(LAMP, encoding="utf-8")
    (folder / "fan.md").write_text(FAN, encoding="utf-8")
    embedder = WordEmbedder(*"table lamp light bulb switch desk fan air blade".split())
    store = Store(tmp_path / "home")
    Ingestion(store, embedder).run(Request((folder,)))
    return Chat(store.open(), embedder)
