"""Ingestion: sources become entries, passages, vectors and postings, then the live snapshot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from corpus.chunking import ChunkSize, cut_passages
from corpus.context import passage_context, unit_context, unit_words
from corpus.entry import Entry, Source
from corpus.mapping import Mapping
from corpus.merging import merge_entries
from corpus.passage import Passage
from corpus.plain import plain_text
from corpus.reading import Reading, read_source
from corpus.report import Report
from indexes.embedder import Embedder, Progress, Vectors
from indexes.snapshot import Contents, Keys, identify_snapshot, text_keys
from indexes.store import Store
from rag.embedding import OnStatus, open_embedder
from rag.families import FamilyLimits, entry_directions, find_families
from rag.settings import Settings
from rag.terms.terms import count_words

RECIPE = 2  # raise it when the same entries would make other files

StageProgress = Callable[[str, int, int], None]
"""Called with the stage ("read", "embed", "index"), how much is done and how much there is."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to ingest: the live glossary becomes exactly these sources (with `add`, these too)."""

    sources: tuple[Path, ...]
    add: bool = False
    strict: bool = False
    format: str | None = None
    mapping: Mapping | None = None


@dataclass(frozen=True, slots=True)
class Ingested:
    """What one ingestion did; `embedded` and `reused` count texts (passages and their units)."""

    snapshot_id: str
    changed: bool
    entries: int
    passages: int
    units: int
    families: int
    embedded: int
    reused: int
    removed_snapshots: tuple[str, ...]
    reports: tuple[Report, ...]
    duration_s: float

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON data."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {
            **plain,
            "removed_snapshots": list(self.removed_snapshots),
            "reports": [report.to_json() for report in self.reports],
        }


class Ingestion:
    """Ingests sources into one store with one embedder."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        keep_snapshots: int = 3,
        size: ChunkSize | None = None,
        names_context: bool = True,
        progress: StageProgress | None = None,
    ) -> None:
        """Set up; `names_context` puts term and section before every text that is embedded."""
        self._store = store
        self._embedder = embedder
        self._keep = keep_snapshots
        self._size = size or ChunkSize()
        self._names_context = names_context
        self._limits = FamilyLimits()
        self._progress = progress or _ignore

    def run(self, request: Request) -> Ingested:
        """Read the sources, embed what is new, publish a snapshot and make it live.

        Raises:
            CorpusError: a source cannot be used; nothing changed.
            IngestionRunning, HomeUnwritable: nothing changed.
        """
        begin = time.perf_counter()
        with self._store.lock():
            self._store.clean()
            readings = self._read(request)
            kept, kept_sources = self._kept(request)
            entries = merge_entries(*(r.entries for r in readings), kept)
            snapshot_id = identify_snapshot(
                entries, self._embedder.fingerprint, self._configuration()
            )
            before = self._store.current()
            embedded = reused = 0
            if not self._store.is_sound(snapshot_id):
                sources = (*kept_sources, *map(_provenance, request.sources, readings))
                contents, embedded, reused = self._contents(entries, sources)
                self._publish(contents)
            if before != snapshot_id:
                self._store.activate(snapshot_id)
            removed = self._store.prune(self._keep)
            counts = self._store.verify(snapshot_id).counts
        return Ingested(
            snapshot_id=snapshot_id,
            changed=before != snapshot_id,
            **asdict(counts),
            embedded=embedded,
            reused=reused,
            removed_snapshots=tuple(removed),
            reports=tuple(reading.report for reading in readings),
            duration_s=round(time.perf_counter() - begin, 3),
        )

    def _read(self, request: Request) -> list[Reading]:
        readings: list[Reading] = []
        for number, source in enumerate(request.sources):
            self._progress("read", number, len(request.sources))
            reading = read_source(
                source, format=request.format, mapping=request.mapping, strict=request.strict
            )
            entries = tuple(_located(entry, source) for entry in reading.entries)
            readings.append(replace(reading, entries=entries))
        self._progress("read", len(request.sources), len(request.sources))
        return readings

    def _kept(self, request: Request) -> tuple[list[Entry], list[dict[str, Any]]]:
        """Return what `add` keeps, entries and sources: all but the sources that are read anew."""
        if not request.add or self._store.current() is None:
            return [], []
        read_anew = {str(source.resolve()) for source in request.sources}
        with self._store.open() as index:
            live = [index.entry(entry_id) for entry_id in index.entry_ids()]
            sources = index.manifest.sources
        replaced = [record["source"] for record in sources if record.get("path") in read_anew]
        return (
            [entry for entry in live if not _is_from(entry, replaced)],
            [record for record in sources if record.get("path") not in read_anew],
        )

    def _configuration(self) -> dict[str, Any]:
        return {
            "recipe": RECIPE,
            "chunk_size": asdict(self._size),
            "family_limits": asdict(self._limits),
            **({} if self._names_context else {"names_context": False}),
        }

    def _contents(
        self, entries: Sequence[Entry], sources: tuple[dict[str, Any], ...]
    ) -> tuple[Contents, int, int]:
        cut = [cut_passages(entry, self._size, self._embedder.count_tokens) for entry in entries]
        passages = tuple(chain.from_iterable(cut))
        texts, passage_count = _texts(entries, cut, self._names_context)
        keys = text_keys(texts)
        vectors, embedded = self._vectors(texts, keys)
        owners = np.repeat(np.arange(len(entries)), [len(own) for own in cut]).astype(np.int64)
        directions = entry_directions(owners, vectors[:passage_count], len(entries))
        contents = Contents(
            entries=tuple(entries),
            passages=passages,
            passage_vectors=vectors[:passage_count],
            unit_vectors=vectors[passage_count:],
            passage_keys=keys[:passage_count],
            unit_keys=keys[passage_count:],
            families=find_families(entries, directions, self._limits),
            fingerprint=self._embedder.fingerprint,
            vocabulary=count_words(
                text for entry in entries for text in (entry.term, *entry.aliases, entry.body)
            ),
            configuration=self._configuration(),
            sources=sources,
        )
        return contents, embedded, len(texts) - embedded

    def _vectors(self, texts: Sequence[str], keys: Keys) -> tuple[Vectors, int]:
        """Return (texts, dimension) float32 and how many texts were embedded for it."""
        known = self._store.known_vectors(self._embedder.fingerprint)
        vectors = np.zeros((len(texts), self._embedder.fingerprint.dimension), np.float32)
        is_known, found = known.find(keys)
        vectors[is_known] = found
        rows_of: dict[str, list[int]] = {}
        for row in np.flatnonzero(~is_known).tolist():
            rows_of.setdefault(texts[row], []).append(row)
        missing = list(rows_of)
        if missing:
            fresh = self._embedder.embed_passages(missing, self._counter("embed", len(missing)))
            for vector, rows in zip(fresh, rows_of.values(), strict=True):
                vectors[rows] = vector
        return vectors, len(missing)

    def _publish(self, contents: Contents) -> None:
        total = len(contents.entries) + len(contents.passages)
        self._store.publish(contents, self._counter("index", total))

    def _counter(self, stage: str, total: int) -> Progress:
        """Return a callback that adds up what is done of a stage."""
        done = 0

        def advance(number: int) -> None:
            nonlocal done
            done += number
            self._progress(stage, done, total)

        self._progress(stage, 0, total)
        return advance


def run_ingestion(
    settings: Settings,
    request: Request,
    progress: StageProgress | None = None,
    on_status: OnStatus | None = None,
) -> Ingested:
    """Ingest the sources of `request` into `settings.home` and make the result live."""
    ingestion = Ingestion(
        Store(settings.home),
        open_embedder(settings, on_status),
        keep_snapshots=settings.keep_snapshots,
        progress=progress,
    )
    return ingestion.run(request)


def _located(entry: Entry, source: Path) -> Entry:
    """Name an entry's file below the folder it was read from: two folders may share file names."""
    if not source.is_dir() or _is_from(entry, [str(source)]):
        return entry
    file = str(source / entry.source.file)
    return replace(entry, source=Source(file, entry.source.line))


def _is_from(entry: Entry, sources: Iterable[str]) -> bool:
    file = entry.source.file
    return any(file == source or file.startswith(f"{source}/") for source in sources)


def _provenance(source: Path, reading: Reading) -> dict[str, Any]:
    """Describe a source for the manifest; `path` finds it again from any working directory."""
    return {**reading.report.to_json(), "source": str(source), "path": str(source.resolve())}


def _texts(
    entries: Sequence[Entry], cut: Sequence[tuple[Passage, ...]], names_context: bool
) -> tuple[list[str], int]:
    """Return what to embed, passages first and then all units, and how many are passages."""
    passages = [
        passage_context(entry, passage) if names_context else plain_text(passage.text)
        for entry, own in zip(entries, cut, strict=True)
        for passage in own
    ]
    units = [
        unit_context(entry, unit) if names_context else unit_words(entry.body, unit)
        for entry, own in zip(entries, cut, strict=True)
        for passage in own
        for unit in passage.units
    ]
    return passages + units, len(passages)


def _ignore(_stage: str, _done: int, _total: int) -> None:
    """Take progress and show it to nobody."""
