"""The nouns Contents and Layout: what one ingestion produced, and how it lies on disk."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.entry import Entry
from corpus.passage import Passage
from indexes.dense import DenseIndex
from indexes.embedder import Fingerprint, Progress, Vectors
from indexes.index import Name
from indexes.lexical import Document, LexicalIndex
from indexes.manifest import FORMAT_VERSION, Counts, Manifest, hash_files
from indexes.records import write_records

Keys = npt.NDArray[np.uint8]
KEY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Layout:
    """The names inside a snapshot's folder."""

    entries: str = "entries.jsonl"
    entry_ids: str = "entry_ids.npy"  # (entries,) bytes, ascending
    passages: str = "passages.jsonl"
    first_passages: str = "first_passages.npy"  # (entries + 1,) int64: rows of each entry
    first_units: str = "first_units.npy"  # (passages + 1,) int64: rows of each passage
    passage_vectors: str = "passage_vectors.npy"
    unit_vectors: str = "unit_vectors.npy"
    passage_keys: str = "passage_keys.npy"
    unit_keys: str = "unit_keys.npy"
    names: str = "names.jsonl"
    families: str = "families.json"
    vocabulary: str = "vocabulary.json"  # snapshots made before it have none
    dense: str = "dense.faiss"
    lexical_entries: str = "lexical/entries"
    lexical_passages: str = "lexical/passages"


LAYOUT = Layout()


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything one ingestion produced.

    Attributes:
        entries: ascending by id.
        passages: in the order of their entries, then in reading order, numbered from 0.
        passage_vectors: (passages, dimension) float32, unit rows.
        unit_vectors: (units, dimension) float32, unit rows, in the order of the passages.
        passage_keys, unit_keys: (rows, 16) uint8, `text_keys` of the texts that were embedded.
        families: ids of entries that define one concept; only those with two members or more.
        vocabulary: the words of the entries and how often each occurs, for spelling correction.
        configuration: how passages were cut and families found; plain JSON data.
        sources: one report per source, plain JSON data.
    """

    entries: tuple[Entry, ...]
    passages: tuple[Passage, ...]
    passage_vectors: Vectors
    unit_vectors: Vectors
    passage_keys: Keys
    unit_keys: Keys
    families: tuple[tuple[str, ...], ...]
    vocabulary: Mapping[str, int]
    fingerprint: Fingerprint
    configuration: dict[str, Any]
    sources: tuple[dict[str, Any], ...]

    def __post_init__(self) -> None:
        ids = [entry.entry_id for entry in self.entries]
        if any(a >= b for a, b in pairwise(ids)):
            raise ValueError("entries are not ascending by id, or two share one")
        if [p.passage_id for p in self.passages] != list(_passage_ids(ids, self.passages)):
            raise ValueError("passages do not follow their entries, numbered from 0")
        units = sum(len(passage.units) for passage in self.passages)
        for rows, count, width, dtype in (
            (self.passage_vectors, len(self.passages), self.fingerprint.dimension, np.float32),
            (self.unit_vectors, units, self.fingerprint.dimension, np.float32),
            (self.passage_keys, len(self.passages), KEY_BYTES, np.uint8),
            (self.unit_keys, units, KEY_BYTES, np.uint8),
        ):
            if rows.shape != (count, width) or rows.dtype != dtype:
                raise ValueError(
                    f"expected {(count, width)} {dtype}, not {rows.shape} {rows.dtype}"
                )

    @property
    def counts(self) -> Counts:
        """How many entries, passages, units and families there are."""
        units = len(self.unit_vectors)
        return Counts(len(self.entries), len(self.passages), units, len(self.families))

    def names(self) -> Iterator[Name]:
        """Yield every term and alias."""
        for entry in self.entries:
            yield Name(entry.term, entry.entry_id, is_term=True)
            for alias in entry.aliases:
                yield Name(alias, entry.entry_id, is_term=False)


def text_keys(texts: Iterable[str]) -> Keys:
    """Return (texts, 16) uint8: the BLAKE2b of each text, by which its vector is found again."""
    digests = [hashlib.blake2b(text.encode(), digest_size=KEY_BYTES).digest() for text in texts]
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, KEY_BYTES)


def identify_snapshot(
    entries: Iterable[Entry], fingerprint: Fingerprint, configuration: dict[str, Any]
) -> str:
    """Return the id of the snapshot that these would make: 16 hex digits of a SHA-256.

    Neither the order of the entries nor where they were read changes it.
    """
    content = sorted(entry.fingerprint() for entry in entries)
    address = [FORMAT_VERSION, content, fingerprint.digest(), configuration]
    return hashlib.sha256(json.dumps(address, sort_keys=True).encode()).hexdigest()[:16]


def write_snapshot(
    contents: Contents, snapshot_id: str, folder: Path, progress: Progress | None = None
) -> None:
    """Write every file of a snapshot into an empty folder, the manifest last.

    `progress` is called with the number of entries and passages just indexed by words.
    """
    _write_records(contents, folder)
    _write_arrays(contents, folder)
    DenseIndex.build(contents.passage_vectors).write(folder / LAYOUT.dense)
    _write_lexical(contents, folder, progress or (lambda _: None))
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    Manifest(
        snapshot_id=snapshot_id,
        created_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        fingerprint=contents.fingerprint,
        configuration=contents.configuration,
        counts=contents.counts,
        sources=contents.sources,
        files=hash_files(folder, files),
    ).write(folder)


def _write_records(contents: Contents, folder: Path) -> None:
    write_records(folder / LAYOUT.entries, (entry.to_json() for entry in contents.entries))
    write_records(folder / LAYOUT.passages, (p.to_json() for p in contents.passages))
    names = ([name.text, name.entry_id, name.is_term] for name in contents.names())
    write_records(folder / LAYOUT.names, names)
    (folder / LAYOUT.families).write_text(json.dumps(contents.families), encoding="utf-8")
    vocabulary = json.dumps(dict(contents.vocabulary), sort_keys=True, ensure_ascii=False)
    (folder / LAYOUT.vocabulary).write_text(vocabulary, encoding="utf-8")


def _write_arrays(contents: Contents, folder: Path) -> None:
    numbers = {entry.entry_id: number for number, entry in enumerate(contents.entries)}
    owners = [numbers[passage.entry_id] for passage in contents.passages]
    passages = np.bincount(np.array(owners, np.int64), minlength=len(contents.entries))
    units = np.array([len(passage.units) for passage in contents.passages], np.int64)
    arrays: dict[str, npt.NDArray[Any]] = {
        LAYOUT.entry_ids: np.array([e.entry_id.encode() for e in contents.entries], np.bytes_),
        LAYOUT.first_passages: _starts(passages),
        LAYOUT.first_units: _starts(units),
        LAYOUT.passage_vectors: contents.passage_vectors,
        LAYOUT.unit_vectors: contents.unit_vectors,
        LAYOUT.passage_keys: contents.passage_keys,
        LAYOUT.unit_keys: contents.unit_keys,
    }
    for name, array in arrays.items():
        np.save(folder / name, array, allow_pickle=False)


def _write_lexical(contents: Contents, folder: Path, progress: Progress) -> None:
    headings = {
        entry.entry_id: " ".join([entry.term, *entry.aliases]) for entry in contents.entries
    }
    entries = ((e.entry_id, headings[e.entry_id], e.body) for e in contents.entries)
    passages = (
        (p.passage_id, f"{headings[p.entry_id]} {p.section}", p.text) for p in contents.passages
    )
    LexicalIndex.build(folder / LAYOUT.lexical_entries, _counted(entries, progress))
    LexicalIndex.build(folder / LAYOUT.lexical_passages, _counted(passages, progress))


def _counted(documents: Iterable[Document], progress: Callable[[int], None]) -> Iterator[Document]:
    for document in documents:
        yield document
        progress(1)


def _starts(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts, dtype=np.int64)])


def _passage_ids(entry_ids: list[str], passages: tuple[Passage, ...]) -> Iterator[str]:
    """Yield the ids that passages of these entries must have, in order."""
    counts = dict.fromkeys(entry_ids, 0)
    for passage in passages:
        counts[passage.entry_id] = counts.get(passage.entry_id, 0) + 1
    for entry_id, count in counts.items():
        yield from (f"{entry_id}#{number}" for number in range(count))
