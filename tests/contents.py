"""Small snapshots whose every number can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

from corpus.entry import Entry, Source
from corpus.passage import Passage, Unit, UnitKind
from indexes.manifest import Manifest
from indexes.snapshot import Contents, text_keys
from indexes.store import Store
from tests.fakes import WordEmbedder

TREES = {
    "tree": "a tree splits data\n\na tree is a kernel",
    "forest": "trees vote\nthe forest wins",
    "kernel": "a kernel compares data",
}
VOCABULARY = ("tree", "forest", "kernel", "data")


def make_entry(term: str, body: str, line: int = 1) -> Entry:
    source = Source("trees.md", line)
    return Entry(term, term, term, (f"{term}s",), None, body, source)


def make_passages(entry: Entry) -> list[Passage]:
    """Cut a passage at every blank line and a unit at every line."""
    passages: list[Passage] = []
    for start, end in _spans(entry.body, 0, len(entry.body), "\n\n"):
        lines = _spans(entry.body, start, end, "\n")
        units = tuple(Unit(UnitKind.SENTENCE, *span) for span in lines)
        passages.append(Passage.cut(entry, len(passages), start, end, "", units))
    return passages


def make_contents(
    bodies: Mapping[str, str] = TREES,
    model: str = "words",
    families: tuple[tuple[str, ...], ...] = (("forest", "tree"),),
) -> Contents:
    """Embed `bodies` by counting the words of `VOCABULARY`."""
    embedder = WordEmbedder(*VOCABULARY, model=model)
    entries = tuple(make_entry(term, body) for term, body in sorted(bodies.items()))
    passages = tuple(passage for entry in entries for passage in make_passages(entry))
    texts = [passage.text for passage in passages]
    quotes = [unit.quote(bodies[p.entry_id]) for p in passages for unit in p.units]
    return Contents(
        entries=entries,
        passages=passages,
        passage_vectors=embedder.embed_passages(texts),
        unit_vectors=embedder.embed_passages(quotes),
        passage_keys=text_keys(texts),
        unit_keys=text_keys(quotes),
        families=families,
        vocabulary={"tree": 3, "forest": 1},
        fingerprint=embedder.fingerprint,
        configuration={"cut": "blank lines"},
        sources=({"source": "trees.md", "entries": len(entries)},),
    )


def publish(store: Store, *terms: str) -> str:
    """Publish a snapshot of these terms; every term has one passage of one unit."""
    return store.publish(make_contents({term: f"a {term}" for term in terms}, families=()))


def publish_live(store: Store, *terms: str) -> str:
    """Publish and activate a snapshot of these terms."""
    snapshot_id = publish(store, *terms)
    store.activate(snapshot_id)
    return snapshot_id


def without_vocabulary(store: Store) -> None:
    """Make the live snapshot one of those that were made before vocabularies were kept."""
    folder = store.home / str(store.current())
    manifest = Manifest.read(folder)
    (folder / "vocabulary.json").unlink()
    kept = {path: record for path, record in manifest.files.items() if "vocabulary" not in path}
    replace(manifest, files=kept).write(folder)


def litter(home: Path) -> list[str]:
    """Return the names in a home that no finished ingestion explains."""
    known = {"CURRENT", "HISTORY", "ingest.lock", "models"}
    names = [path.name for path in home.iterdir() if path.name not in known]
    return [name for name in names if len(name) != 16 or name.startswith(".")]


def flip(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _spans(text: str, start: int, end: int, separator: str) -> list[tuple[int, int]]:
    parts = text[start:end].split(separator) if start < end else []
    starts = accumulate((len(part) + len(separator) for part in parts), initial=start)
    return [(at, at + len(part)) for at, part in zip(starts, parts, strict=False)]
