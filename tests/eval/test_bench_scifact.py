from __future__ import annotations

import math

import pytest

from eval.bench_embedding import ndcg
from eval.bench_scifact import ndcg_per_query

GAINS = {"1": {"a": 1, "b": 1}, "2": {"c": 1}, "3": {"d": 2, "e": 1}}


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    found = ndcg_per_query(GAINS, {"1": ["x", "a", "y", "b"], "3": ["e", "d"]})
    ideal = 1 + 1 / math.log2(3)
    assert found["1"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert found["3"] == pytest.approx((1 + 2 / math.log2(3)) / (2 + 1 / math.log2(3)))


def test_a_query_without_an_answer_counts_zero() -> None:
    assert ndcg_per_query(GAINS, {"1": ["a", "b"]}) == {"1": 1.0, "2": 0.0, "3": 0.0}
    assert ndcg_per_query(GAINS, {}) == {"1": 0.0, "2": 0.0, "3": 0.0}


def test_only_ten_ranks_count() -> None:
    ranking = [f"x{number}" for number in range(10)]
    assert ndcg_per_query({"1": {"a": 1}}, {"1": [*ranking, "a"]}) == {"1": 0.0}


def test_two_implementations_agree() -> None:
    ranking = ["x", "a", "y", "b", "z", "w", "v", "u", "t", "s"]
    assert ndcg_per_query(GAINS, {"1": ranking})["1"] == pytest.approx(ndcg(ranking, GAINS["1"]))
