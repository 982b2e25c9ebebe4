"""Search by cosine: the only file that knows FAISS."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from indexes.embedder import Vectors

Positions = npt.NDArray[np.int64]

FLAT_UP_TO = 50_000  # rows; exact search stays below 5 ms for one query
GRAPH_UP_TO = 1_000_000  # rows; past it the vectors are quantised to one byte a dimension
GRAPH_DEGREE = 32
BEAM = 128  # efSearch: candidates a graph search keeps
LEAST_LISTS = 16  # inverted lists that a quantised search reads; a 16th of many
RESCORED = 4  # candidates per result that exact vectors rescore after a quantised search
GPU_RESULTS = 2048  # the most results one FAISS search on a GPU can return


class DenseIndex:
    """Rows of unit vectors, searched by inner product.

    Exact (flat) up to `FLAT_UP_TO` rows, a graph (HNSW, Malkov & Yashunin 2016) up to
    `GRAPH_UP_TO`, inverted lists of 8-bit codes (IVF-SQ8) beyond. Safe to search from several
    threads.
    """

    def __init__(self, index: Any, vectors: Vectors | None = None, on_gpu: bool = False) -> None:
        self._index = index
        self._vectors = vectors
        self._most = min(index.ntotal, GPU_RESULTS) if on_gpu else index.ntotal
        self._exact = isinstance(index, faiss.IndexFlat) or not index.ntotal

    @property
    def dimension(self) -> int:
        """The length of a row."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @classmethod
    def build(
        cls, vectors: Vectors, flat_up_to: int = FLAT_UP_TO, graph_up_to: int = GRAPH_UP_TO
    ) -> DenseIndex:
        """Index (n, dimension) float32 unit rows; the same rows always give the same index."""
        rows = np.ascontiguousarray(vectors, np.float32)
        faiss.omp_set_num_threads(1)
        index = _empty_index(len(rows), rows.shape[1], flat_up_to, graph_up_to)
        if not index.is_trained:
            index.train(rows)
        index.add(rows)
        return cls(_tuned(index), rows)

    def write(self, path: Path) -> None:
        """Write the index to a file; OSError when the disk refuses."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:  # FAISS has no exception of its own for a full disk
            raise OSError(f"{path.name}: {error}") from error

    @classmethod
    def open(cls, path: Path, vectors: Vectors | None = None, gpu: bool = False) -> DenseIndex:
        """Open a written index memory-mapped.

        `vectors` are the rows it was built from; with them a quantised index returns exact cosines.
        `gpu` copies the index to the first GPU when the installed FAISS has one and can.
        """
        index = _tuned(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        if gpu and hasattr(faiss, "StandardGpuResources") and not _is_graph(index):
            resources = faiss.StandardGpuResources()
            return cls(faiss.index_cpu_to_gpu(resources, 0, index), vectors, on_gpu=True)
        return cls(index, vectors)

    def search(self, vector: Vectors, k: int) -> tuple[Positions, Vectors]:
        """Return the `k` rows nearest to a unit vector (dimension,).

        Returns positions (m,) int64 and cosines (m,) float32, descending, ties by smaller
        position, m = min(k, rows). A graph or quantised index may miss a near row.
        """
        if vector.shape != (self.dimension,):
            raise ValueError(f"the index holds rows of {self.dimension}, not {vector.shape}")
        k = min(k, self._most)
        if k <= 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        if not vector.any():
            return np.arange(k, dtype=np.int64), np.zeros(k, np.float32)
        query = np.ascontiguousarray(vector, np.float32)
        positions, scores = self._exactly(query, k) if self._exact else self._nearly(query, k)
        order = np.lexsort((positions, -scores))[:k]
        return positions[order], scores[order]

    def _exactly(self, query: Vectors, k: int) -> tuple[Positions, Vectors]:
        """Fetch past `k` until the score changes: FAISS cuts equal scores anywhere."""
        wanted = k + 1
        while True:
            positions, scores = self._fetch(query, min(wanted, len(self)))
            if wanted >= len(self) or len(scores) < wanted or scores[-1] < scores[k - 1]:
                return positions, scores
            wanted *= 8

    def _nearly(self, query: Vectors, k: int) -> tuple[Positions, Vectors]:
        if self._vectors is None or _is_graph(self._index):
            return self._fetch(query, k)
        positions, _ = self._fetch(query, min(RESCORED * k, self._most))
        return positions, np.einsum("nd,d->n", self._vectors[positions], query)

    def _fetch(self, query: Vectors, k: int) -> tuple[Positions, Vectors]:
        """Ask FAISS, on this thread alone; it pads with -1, which is no position."""
        faiss.omp_set_num_threads(1)
        scores, positions = self._index.search(query[None], k, params=self._parameters(k))
        found = positions[0] >= 0
        return positions[0][found], scores[0][found]

    def _parameters(self, k: int) -> Any:
        if _is_graph(self._index):
            return faiss.SearchParametersHNSW(efSearch=max(BEAM, 2 * k))  # type: ignore[attr-defined]
        return None


def _empty_index(rows: int, dimension: int, flat_up_to: int, graph_up_to: int) -> Any:
    if rows <= flat_up_to:
        return faiss.IndexFlatIP(dimension)
    if rows <= graph_up_to:
        description = f"HNSW{GRAPH_DEGREE}"
    else:
        lists = 2 ** max(0, round(math.log2(4 * math.sqrt(rows))))
        description = f"IVF{min(lists, rows)},SQ8"
    return faiss.index_factory(dimension, description, faiss.METRIC_INNER_PRODUCT)


def _is_graph(index: Any) -> bool:
    return isinstance(index, faiss.IndexHNSW)


def _tuned(index: Any) -> Any:
    """Set how many inverted lists a search reads; a graph is told with every search."""
    if isinstance(index, faiss.IndexIVF):
        index.nprobe = max(LEAST_LISTS, index.nlist // 16)
    return index
