"""The local house of the protocol Index: one snapshot on this machine, memory-mapped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.entry import Entry
from corpus.passage import Passage
from indexes.dense import DenseIndex
from indexes.embedder import Fingerprint, Vectors
from indexes.index import Grain, Name, Scored
from indexes.lexical import LexicalIndex
from indexes.manifest import Manifest
from indexes.records import Records
from indexes.snapshot import LAYOUT
from indexes.sorted_ids import SortedIds

CACHED_ENTRIES = 1024


class LocalIndex:
    """One opened snapshot; `Store.open` verifies and opens it.

    Records are parsed when they are asked for, the latest kept. Read-only and safe to use from
    several threads; the files may be removed while it is open. `close` it when nobody uses it.
    """

    def __init__(self, folder: Path, manifest: Manifest, gpu: bool = False) -> None:
        self.manifest = manifest
        self._entry_ids = SortedIds(_mapped(folder / LAYOUT.entry_ids))
        self._first_passages = _mapped(folder / LAYOUT.first_passages)
        self._first_units = _mapped(folder / LAYOUT.first_units)
        self._passage_vectors: Vectors = _mapped(folder / LAYOUT.passage_vectors)
        self._unit_vectors: Vectors = _mapped(folder / LAYOUT.unit_vectors)
        self._dense = DenseIndex.open(folder / LAYOUT.dense, self._passage_vectors, gpu)
        self._lexical = {
            Grain.ENTRY: LexicalIndex.open(folder / LAYOUT.lexical_entries),
            Grain.PASSAGE: LexicalIndex.open(folder / LAYOUT.lexical_passages),
        }
        self._entries = Records(folder / LAYOUT.entries)
        self._passages = Records(folder / LAYOUT.passages)
        self._names = Records(folder / LAYOUT.names)
        self._families = _families(folder / LAYOUT.families)
        self._vocabulary = _vocabulary(folder, manifest)
        self._parsed_entry = lru_cache(CACHED_ENTRIES)(partial(_entry, self._entries))
        self._parsed_passages = lru_cache(CACHED_ENTRIES)(partial(_passages, self._passages))

    def __enter__(self) -> LocalIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def snapshot_id(self) -> str:
        """The id of the snapshot behind this index."""
        return self.manifest.snapshot_id

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the embedder that made the vectors."""
        return self.manifest.fingerprint

    @property
    def passage_count(self) -> int:
        """How many passages the snapshot holds."""
        return len(self._passages)

    def dense(self, vector: Vectors, k: int) -> list[Scored]:
        """Return the `k` passages nearest to a unit vector (dimension,), cosine descending."""
        positions, scores = self._dense.search(vector, k)
        entries = np.searchsorted(self._first_passages, positions, side="right") - 1
        numbers = positions - self._first_passages[entries]
        names = self._entry_ids.at(entries.tolist())
        found = zip(names, numbers.tolist(), scores.tolist(), strict=True)
        return [Scored(f"{name}#{number}", score) for name, number, score in found]

    def lexical(self, query: str, k: int, grain: Grain) -> list[Scored]:
        """Return the `k` entries or passages with the best BM25, scores above 0, descending."""
        return self._lexical[grain].search(query, k)

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text as the lexical channel sees them: in order, repeats kept."""
        return self._lexical[Grain.PASSAGE].stems(text)

    def document_frequency(self, stem: str) -> int:
        """Return in how many passages (their text or term) a stem occurs."""
        return self._lexical[Grain.PASSAGE].document_frequency(stem)

    def entry_ids(self) -> Sequence[str]:
        """Return every entry id, ascending."""
        return self._entry_ids.all()

    def entry(self, entry_id: str) -> Entry:
        """Return one entry; KeyError when the snapshot has none of that id."""
        return self._parsed_entry(self._entry_row(entry_id))

    def passages(self, entry_id: str) -> tuple[Passage, ...]:
        """Return the passages of one entry in reading order."""
        entry = self.entry(entry_id)
        return self._parsed_passages(entry.body, *self._passage_rows(entry_id))

    def passage_vectors(self, entry_id: str) -> Vectors:
        """Return (n, dimension) float32 unit rows, one per passage of the entry."""
        return self._passage_vectors[slice(*self._passage_rows(entry_id))]

    def unit_vectors(self, passage_id: str) -> Vectors:
        """Return (m, dimension) float32 unit rows, one per quotable unit of the passage."""
        row = self._passage_row(passage_id)
        return self._unit_vectors[self._first_units[row] : self._first_units[row + 1]]

    def entry_unit_vectors(self, entry_id: str) -> Vectors:
        """Return (m, dimension) float32 unit rows, one per quotable unit of the entry."""
        first, end = self._passage_rows(entry_id)
        return self._unit_vectors[self._first_units[first] : self._first_units[end]]

    def names(self) -> Iterator[Name]:
        """Yield every term and alias of the snapshot."""
        return (Name(*record) for record in self._names)

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of the snapshot, singular and folded, and how often each occurs."""
        return dict(json.loads(self._vocabulary))

    def family(self, entry_id: str) -> tuple[str, ...]:
        """Return the ids of the entry's family, itself included, ascending."""
        self._entry_row(entry_id)
        return self._families.get(entry_id, (entry_id,))

    def close(self) -> None:
        """Release the memory maps of the records; vectors and postings go with the last user."""
        for records in (self._entries, self._passages, self._names):
            records.close()

    def _entry_row(self, entry_id: str) -> int:
        return self._entry_ids.row(entry_id)

    def _passage_rows(self, entry_id: str) -> tuple[int, int]:
        row = self._entry_row(entry_id)
        return int(self._first_passages[row]), int(self._first_passages[row + 1])

    def _passage_row(self, passage_id: str) -> int:
        entry_id, _, number = passage_id.partition("#")
        first, end = self._passage_rows(entry_id)
        if not (number.isdecimal() and first + int(number) < end):
            raise KeyError(passage_id)
        return first + int(number)


def _mapped(path: Path) -> npt.NDArray[Any]:
    """Map an array; a plain view, because slices of `numpy.memmap` are slow."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _families(path: Path) -> dict[str, tuple[str, ...]]:
    families = [tuple(sorted(family)) for family in json.loads(path.read_bytes())]
    return {entry_id: family for family in families for entry_id in family}


def _vocabulary(folder: Path, manifest: Manifest) -> bytes:
    """Read the words unparsed: most questions need none of them."""
    if LAYOUT.vocabulary not in manifest.files:
        return b"{}"
    return (folder / LAYOUT.vocabulary).read_bytes()


def _entry(records: Records, row: int) -> Entry:
    return Entry.from_json(records[row])


def _passages(records: Records, body: str, first: int, end: int) -> tuple[Passage, ...]:
    return tuple(Passage.from_json(records[row], body) for row in range(first, end))
