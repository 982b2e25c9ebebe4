"""Vectors of an earlier snapshot, found again by the text that was embedded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from indexes.embedder import Vectors
from indexes.snapshot import KEY_BYTES, LAYOUT, Keys


class KnownVectors:
    """What need not be embedded again: vectors of passages and units, by `text_keys`."""

    def __init__(self, keys: Keys, *vectors: Vectors) -> None:
        """Know (n, 16) uint8 keys, and their vectors in blocks whose rows add up to n."""
        searchable = _searchable(keys)
        self._order = np.argsort(searchable, kind="stable")
        self._sorted = searchable[self._order]
        self._blocks = vectors

    @classmethod
    def none(cls, dimension: int) -> KnownVectors:
        """Know no text at all."""
        return cls(np.zeros((0, KEY_BYTES), np.uint8), np.zeros((0, dimension), np.float32))

    @classmethod
    def of_snapshot(cls, folder: Path) -> KnownVectors:
        """Know every text of a verified snapshot; its vectors stay on disk."""
        keys = [_mapped(folder / name) for name in (LAYOUT.passage_keys, LAYOUT.unit_keys)]
        vectors = [_mapped(folder / name) for name in (LAYOUT.passage_vectors, LAYOUT.unit_vectors)]
        return cls(np.concatenate(keys), *vectors)

    def __len__(self) -> int:
        return len(self._sorted)

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.bool_], Vectors]:
        """Tell which of (n, 16) uint8 keys are known, and return their vectors in that order.

        Returns a mask (n,) bool with m true, and (m, dimension) float32.
        """
        wanted = _searchable(keys)
        places = np.searchsorted(self._sorted, wanted)
        known = places < len(self)
        known[known] = self._sorted[places[known]] == wanted[known]
        return known, self._rows(self._order[places[known]])

    def _rows(self, rows: npt.NDArray[np.int64]) -> Vectors:
        found = np.empty((len(rows), self._blocks[0].shape[1]), np.float32)
        start = 0
        for block in self._blocks:
            inside = (start <= rows) & (rows < start + len(block))
            found[inside] = block[rows[inside] - start]
            start += len(block)
        return found


def _mapped(path: Path) -> npt.NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _searchable(keys: Keys) -> npt.NDArray[np.bytes_]:
    return np.ascontiguousarray(keys).view(f"S{KEY_BYTES}").reshape(-1)
