"""The protocol Index: what retrieval needs of a searchable snapshot, wherever it lives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from corpus.entry import Entry
from corpus.passage import Passage
from indexes.embedder import Fingerprint, Vectors


class Grain(StrEnum):
    """What a lexical search scores: whole entries or single passages."""

    ENTRY = "entry"
    PASSAGE = "passage"


class Scored(NamedTuple):
    """An id (of an entry or a passage) and its score; lists of these descend by score."""

    id: str
    score: float


@dataclass(frozen=True, slots=True)
class Name:
    """A term or alias under which an entry can be asked for."""

    text: str
    entry_id: str
    is_term: bool


class Index(Protocol):
    """A searchable snapshot. Read-only and safe to use from several threads."""

    @property
    def snapshot_id(self) -> str:
        """The id of the snapshot behind this index."""
        ...

    @property
    def fingerprint(self) -> Fingerprint:
        """The fingerprint of the embedder that made the vectors."""
        ...

    @property
    def passage_count(self) -> int:
        """How many passages the snapshot holds."""
        ...

    def dense(self, vector: Vectors, k: int) -> list[Scored]:
        """Return the `k` passages nearest to a unit vector (dimension,), cosine descending.

        Ties go to the smaller passage position. Fewer than `k` when the index holds fewer.
        """
        ...

    def lexical(self, query: str, k: int, grain: Grain) -> list[Scored]:
        """Return the `k` entries or passages with the best BM25, scores above 0, descending."""
        ...

    def stems(self, text: str) -> list[str]:
        """Return the stems of a text as the lexical channel sees them: in order, repeats kept.

        Stop words are left out.
        """
        ...

    def document_frequency(self, stem: str) -> int:
        """Return in how many passages (their text or term) a stem occurs."""
        ...

    def entry_ids(self) -> Sequence[str]:
        """Return every entry id, ascending."""
        ...

    def entry(self, entry_id: str) -> Entry:
        """Return one entry; KeyError when the snapshot has none of that id."""
        ...

    def passages(self, entry_id: str) -> tuple[Passage, ...]:
        """Return the passages of one entry in reading order."""
        ...

    def passage_vectors(self, entry_id: str) -> Vectors:
        """Return (n, dimension) float32 unit rows, one per passage of the entry."""
        ...

    def unit_vectors(self, passage_id: str) -> Vectors:
        """Return (m, dimension) float32 unit rows, one per quotable unit of the passage."""
        ...

    def entry_unit_vectors(self, entry_id: str) -> Vectors:
        """Return (m, dimension) float32 unit rows, one per quotable unit of the entry."""
        ...

    def names(self) -> Iterator[Name]:
        """Yield every term and alias of the snapshot."""
        ...

    def vocabulary(self) -> Mapping[str, int]:
        """Return the words of the snapshot, singular and folded, and how often each occurs.

        Empty when the snapshot was made before vocabularies were kept.
        """
        ...

    def family(self, entry_id: str) -> tuple[str, ...]:
        """Return the ids of the entry's family, itself included, ascending."""
        ...
