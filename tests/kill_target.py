"""One ingestion in a process of its own, for the test that kills it."""

from __future__ import annotations

from pathlib import Path

from indexes.store import Store
from rag.ingestion import Ingested, Ingestion, Request
from tests.fakes import WordEmbedder

ENTRIES = 12


def write_version(source: Path, version: int) -> None:
    """Write a glossary in which every entry says which version it belongs to."""
    records = [
        f'{{"term": "Lamp {number}", "definition": "A lamp of version v{version}. It has light."}}'
        for number in range(ENTRIES)
    ]
    source.write_text("\n".join(records) + "\n", encoding="utf-8")


def run_ingestion(home: Path, source: Path) -> Ingested:
    """Ingest the source into the home, keeping two snapshots."""
    embedder = WordEmbedder("lamp", "light", "version")
    return Ingestion(Store(home), embedder, keep_snapshots=2).run(Request((source,)))
