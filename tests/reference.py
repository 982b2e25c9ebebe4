"""Independent, slow and obvious implementations that the fast ones must agree with."""

from __future__ import annotations

import numpy as np

from indexes.embedder import Vectors


def nearest(vectors: Vectors, query: Vectors, k: int) -> list[tuple[int, float]]:
    """Return (row, cosine) of the `k` nearest rows: cosine descending, ties by smaller row."""
    cosines = [float(np.float32(row.astype(float) @ query.astype(float))) for row in vectors]
    ranked = sorted(range(len(cosines)), key=lambda row: (-cosines[row], row))
    return [(row, cosines[row]) for row in ranked[:k]]
