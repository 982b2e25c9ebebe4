"""Time ingestion as fresh processes: the first one, again unchanged, and with one entry changed.

python -m eval.bench_ingestion [--source PATH] [--rounds 3] [--json]
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.entry import Entry
from eval.figures import Figure, print_figures
from eval.processes import aifactory
from indexes.index import Index
from indexes.store import Store
from rag.settings import bundled_glossary

MAPPING = ("heading", "term", "body", "aliases", "category", "key")


@dataclass(frozen=True, slots=True)
class Run:
    """One ingestion: seconds on the clock, and what `ingest --json` told."""

    wall_s: float
    told: dict[str, Any]


def ingest(source: Path, home: Path, *options: str) -> Run:
    """Run `aifactory ingest` in a process of its own."""
    begin = time.perf_counter()
    told = aifactory("ingest", str(source), "--home", str(home), "--json", *options)
    return Run(time.perf_counter() - begin, json.loads(told))


def copy_model(prepared: Path, home: Path) -> None:
    """Give a new home the prepared model of another, if its runtime needs one."""
    if (prepared / "models").is_dir():
        shutil.copytree(prepared / "models", home / "models")


def measure(source: Path, rounds: int, folder: Path) -> list[Figure]:
    """Return the figures of ingesting a source into homes below `folder`."""
    prepared = folder / "home-0"
    first_ever = ingest(source, prepared)
    first: list[Run] = []
    again: list[Run] = []
    for number in range(1, rounds + 1):
        home = folder / f"home-{number}"
        copy_model(prepared, home)
        first.append(ingest(source, home))
        again.append(ingest(source, home))
    told = first_ever.told
    counts = ("entries", "passages", "units", "families", "embedded")
    return [
        *(Figure(name, told[name]) for name in counts),
        Figure("first ingestion, model prepared on the way", first_ever.wall_s, "s"),
        Figure("first ingestion, model ready", _median(first), "s"),
        Figure("again unchanged", _median(again), "s"),
        Figure("again unchanged, texts embedded", _embedded(again), "", "0"),
        *measure_change(prepared, rounds, folder),
    ]


def measure_change(prepared: Path, rounds: int, folder: Path) -> list[Figure]:
    """Ingest the live entries as records, again and again with one sentence more in one entry."""
    index = Store(prepared).open()
    entries = [index.entry(entry_id) for entry_id in index.entry_ids()]
    home, source = folder / "changing", folder / "entries.jsonl"
    copy_model(prepared, home)
    options = [word for name in MAPPING for word in ("--map", f"{name}={name}")]
    _write(source, entries, "")
    ingest(source, home, *options)
    changed: list[Run] = []
    for number in range(1, rounds + 1):
        _write(source, entries, f"\n\nThis is change number {number}.")
        changed.append(ingest(source, home, *options))
    texts = _texts_of_first_record(Store(home).open())
    return [
        Figure("one entry changed", _median(changed), "s"),
        Figure("one entry changed, texts embedded", _embedded(changed), "", f"at most {texts}"),
        Figure("texts of that entry", texts),
    ]


def _write(source: Path, entries: Sequence[Entry], change: str) -> None:
    """Write entries as records; `change` is added to the body of the first."""
    records = [{**entry.to_json(), "key": entry.entry_id} for entry in entries]
    records[0]["body"] += change
    lines = [json.dumps({name: record[name] for name in MAPPING}) for record in records]
    source.write_text("\n".join(lines), encoding="utf-8")


def _texts_of_first_record(index: Index) -> int:
    """Return how many passages and units the entry of line 1 has."""
    entries = map(index.entry, index.entry_ids())
    first = next(entry for entry in entries if entry.source.line == 1)
    own = index.passages(first.entry_id)
    return len(own) + sum(len(passage.units) for passage in own)


def _median(runs: Sequence[Run]) -> float:
    return statistics.median(run.wall_s for run in runs)


def _embedded(runs: Sequence[Run]) -> int:
    return max(int(run.told["embedded"]) for run in runs)


def main() -> None:
    """Run as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--source", type=Path, default=bundled_glossary(), metavar="PATH")
    parser.add_argument("--rounds", type=int, default=3, help="of each kind (default: 3)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    source = arguments.source.resolve()
    with tempfile.TemporaryDirectory(prefix="aifactory-bench-") as folder:
        figures = measure(source, arguments.rounds, Path(folder).resolve())
    print_figures(f"Ingestion of {source.name}", figures, as_json=arguments.json)


if __name__ == "__main__":
    main()
