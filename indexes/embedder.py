"""The protocol Embedder, and the fingerprint that ties vectors to the model that made them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What decides the vectors of an embedder.

    `runtime` names engine and precision ("torch-fp32", "openvino-int8"). Two runtimes of one model
    make vectors close enough to be searched together (cosine 0.99 and up), so `serves` ignores it;
    a vector is only *reused* by an ingestion of the same runtime.
    """

    model: str
    weights_sha256: str
    dimension: int
    max_tokens: int
    query_prefix: str
    passage_prefix: str
    runtime: str

    def digest(self) -> str:
        """Return a SHA-256 (hex) over every field."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    def serves(self, other: Fingerprint) -> bool:
        """Tell whether queries embedded under `self` may search vectors made under `other`."""
        mine, theirs = asdict(self), asdict(other)
        del mine["runtime"], theirs["runtime"]
        return mine == theirs

    def to_json(self) -> dict[str, Any]:
        """Return the fingerprint as plain JSON data."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Fingerprint:
        """Rebuild a fingerprint from `to_json`."""
        return cls(**data)


class Embedder(Protocol):
    """Text to unit vectors. Passages and queries are two verbs: some models tell them apart."""

    @property
    def fingerprint(self) -> Fingerprint:
        """What decides the vectors."""
        ...

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return (len(texts), dimension) float32, unit rows, in the order of `texts`.

        A row depends on its own text alone, never on its neighbours in the batch. Text past
        `max_tokens` is cut; an empty text gives a row of zeros. `progress` is called with the
        number of texts just done.
        """
        ...

    def embed_query(self, text: str) -> Vectors:
        """Return (dimension,) float32 of length 1 (all zeros for an empty text)."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return how many tokens `text` costs, special tokens not counted."""
        ...
