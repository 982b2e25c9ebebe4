"""FAISS must agree with six lines of numpy, in order and score."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from indexes.dense import DenseIndex
from indexes.embedder import Vectors
from tests.reference import nearest


def unit_rows(rows: int, dimension: int, seed: int = 0) -> Vectors:
    return _scaled(np.random.default_rng(seed).normal(size=(rows, dimension)))


def clustered_rows(rows: int, dimension: int) -> Vectors:
    """Return unit rows around 50 centres, as the passages of a corpus lie around its topics."""
    centres = unit_rows(50, dimension, seed=7)[np.arange(rows) % 50]
    return _scaled(centres + 0.7 * unit_rows(rows, dimension, seed=8))


def _scaled(rows: npt.NDArray[Any]) -> Vectors:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def assert_agrees(index: DenseIndex, vectors: Vectors, query: Vectors, k: int) -> None:
    positions, scores = index.search(query, k)
    expected = nearest(vectors, query, k)
    assert positions.tolist() == [row for row, _ in expected]
    assert scores.tolist() == pytest.approx([score for _, score in expected], abs=1e-6)
    assert (positions.dtype.name, scores.dtype.name) == ("int64", "float32")


@pytest.mark.parametrize("k", [1, 10, 300, 1000])
def test_agrees_with_the_reference_for_any_k(k: int) -> None:
    vectors = unit_rows(300, 32)
    assert_agrees(DenseIndex.build(vectors), vectors, unit_rows(1, 32, seed=1)[0], k)


def test_an_empty_index_returns_nothing(tmp_path: Path) -> None:
    DenseIndex.build(np.zeros((0, 4), np.float32)).write(tmp_path / "empty")
    positions, scores = DenseIndex.open(tmp_path / "empty").search(unit_rows(1, 4)[0], 5)
    assert (positions.shape, scores.shape) == ((0,), (0,))


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_returns_nothing(k: int) -> None:
    positions, _ = DenseIndex.build(unit_rows(3, 4)).search(unit_rows(1, 4)[0], k)
    assert positions.tolist() == []


@pytest.mark.parametrize("k", [1, 2, 7, 50, 499])
def test_ties_go_to_the_smaller_position(k: int) -> None:
    distinct = np.eye(8, dtype=np.float32)
    vectors = distinct[np.random.default_rng(2).integers(0, 8, size=500)]
    query = np.array([4, 3, 2, 1, 0, 0, 0, 0], np.float32)
    query /= np.linalg.norm(query)
    assert_agrees(DenseIndex.build(vectors), vectors, query, k)


@pytest.mark.parametrize("k", [1, 3, 200])
def test_equal_rows_tie_although_their_scores_are_not_round(k: int) -> None:
    vectors = unit_rows(3, 384)[np.random.default_rng(3).integers(0, 3, size=200)]
    query = unit_rows(1, 384, seed=4)[0]
    assert_agrees(DenseIndex.build(vectors), vectors, query, k)


def test_a_zero_query_scores_zero_in_order_of_position() -> None:
    positions, scores = DenseIndex.build(unit_rows(9, 4)).search(np.zeros(4, np.float32), 3)
    assert (positions.tolist(), scores.tolist()) == ([0, 1, 2], [0.0, 0.0, 0.0])


def test_a_zero_row_scores_zero() -> None:
    vectors = np.array([[-1, 0], [0, 0], [1, 0]], np.float32)
    positions, scores = DenseIndex.build(vectors).search(np.array([1, 0], np.float32), 3)
    assert (positions.tolist(), scores.tolist()) == ([2, 1, 0], [1.0, 0.0, -1.0])


def test_a_vector_of_another_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match=r"rows of 4, not \(5,\)"):
        DenseIndex.build(unit_rows(3, 4)).search(unit_rows(1, 5)[0], 1)


def test_a_written_index_answers_as_the_built_one(tmp_path: Path) -> None:
    vectors = unit_rows(50, 16)
    DenseIndex.build(vectors).write(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss")
    assert (len(opened), opened.dimension) == (50, 16)
    assert_agrees(opened, vectors, unit_rows(1, 16, seed=5)[0], 10)


def test_an_open_index_survives_the_removal_of_its_file(tmp_path: Path) -> None:
    vectors = unit_rows(50, 16)
    DenseIndex.build(vectors).write(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss")
    (tmp_path / "dense.faiss").unlink()
    assert_agrees(opened, vectors, unit_rows(1, 16, seed=5)[0], 10)


def test_writing_where_nothing_can_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"dense\.faiss"):
        DenseIndex.build(unit_rows(3, 4)).write(tmp_path / "missing" / "dense.faiss")


def recall_at_10(index: DenseIndex, vectors: Vectors, queries: Vectors) -> float:
    found = [set(index.search(query, 10)[0].tolist()) for query in queries]
    truth = [{row for row, _ in nearest(vectors, query, 10)} for query in queries]
    return sum(len(a & b) for a, b in zip(found, truth, strict=True)) / (10 * len(queries))


@pytest.mark.parametrize(("flat_up_to", "graph_up_to"), [(0, 5000), (0, 0)])
def test_larger_indexes_find_what_exact_search_finds(
    tmp_path: Path, flat_up_to: int, graph_up_to: int
) -> None:
    vectors = clustered_rows(3010, 32)
    vectors, queries = vectors[:3000], vectors[3000:]
    built = DenseIndex.build(vectors, flat_up_to, graph_up_to)
    built.write(tmp_path / "dense.faiss")
    opened = DenseIndex.open(tmp_path / "dense.faiss", vectors)
    assert recall_at_10(opened, vectors, queries) >= 0.95
    positions, scores = opened.search(queries[0], 10)
    exact = [float(vectors[row] @ queries[0]) for row in positions]
    assert scores.tolist() == pytest.approx(exact, abs=1e-6)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@pytest.mark.parametrize(("flat_up_to", "graph_up_to"), [(0, 5000), (0, 0)])
def test_larger_indexes_never_return_a_position_outside(flat_up_to: int, graph_up_to: int) -> None:
    vectors = unit_rows(40, 8)
    index = DenseIndex.build(vectors, flat_up_to, graph_up_to)
    positions, _ = index.search(vectors[0], 100)
    assert set(positions.tolist()) <= set(range(40))
    assert len(set(positions.tolist())) == len(positions)


@pytest.mark.parametrize("bounds", [(10_000, 0), (0, 10_000), (0, 0)])
def test_the_same_rows_give_the_same_file(tmp_path: Path, bounds: tuple[int, int]) -> None:
    vectors = unit_rows(1500, 8)
    for name in ("one", "two"):
        DenseIndex.build(vectors, *bounds).write(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_threads_search_at_once() -> None:
    vectors = unit_rows(500, 16)
    index = DenseIndex.build(vectors)
    right: list[bool] = []

    def look_up(row: int) -> None:
        right.append(index.search(vectors[row], 1)[0].tolist() == [row])

    threads = [threading.Thread(target=look_up, args=(row,)) for row in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert right == [True] * 16
