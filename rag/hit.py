"""The nouns Hit and Channels: a passage that was found, and how each channel ranked it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from corpus.entry import Entry
from corpus.passage import Passage


class Mode(StrEnum):
    """Which channels a search uses."""

    HYBRID = "hybrid"
    DENSE = "dense"
    LEXICAL = "lexical"


@dataclass(frozen=True, slots=True)
class Channels:
    """How each channel ranked the entry (ranks from 1, None when the channel did not find it).

    `exact` is the rank among the entries whose term or alias the query names, `exact_name` that
    term or alias; `dense_score` is a cosine, `lexical_score` a BM25 score.
    """

    exact: int | None = None
    exact_name: str | None = None
    dense: int | None = None
    dense_score: float | None = None
    lexical: int | None = None
    lexical_score: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One found entry with its best passage; `rank` counts from 1, `score` descends.

    `family` lists the ids of every entry that defines the same concept, this one included.
    """

    rank: int
    score: float
    entry: Entry
    passage: Passage
    channels: Channels
    family: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the hit in the shape of `search --json`."""
        return {
            "rank": self.rank,
            "score": self.score,
            "entry_id": self.entry.entry_id,
            "heading": self.entry.heading,
            "term": self.entry.term,
            "passage_id": self.passage.passage_id,
            "text": self.passage.text,
            "start": self.passage.start,
            "end": self.passage.end,
            "channels": asdict(self.channels),
            "family": list(self.family),
        }


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one query, one per family, best first, with the time each stage took."""

    query: str
    snapshot_id: str
    hits: tuple[Hit, ...]
    timings_ms: dict[str, float]

    def to_json(self) -> dict[str, Any]:
        """Return the result in the shape of `search --json`."""
        return {
            "query": self.query,
            "snapshot_id": self.snapshot_id,
            "timings_ms": self.timings_ms,
            "hits": [hit.to_json() for hit in self.hits],
        }
