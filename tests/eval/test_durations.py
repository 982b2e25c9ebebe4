from __future__ import annotations

import pytest

from eval.durations import memory_mb, percentile, percentile_figures


@pytest.mark.parametrize(
    ("percent", "expected"), [(50, 5.0), (51, 6.0), (90, 9.0), (95, 10.0), (99, 10.0), (1, 1.0)]
)
def test_a_percentile_is_the_value_at_its_nearest_rank(percent: float, expected: float) -> None:
    shuffled = [7.0, 1.0, 10.0, 3.0, 9.0, 2.0, 8.0, 4.0, 6.0, 5.0]
    assert percentile(shuffled, percent) == expected


def test_every_percentile_of_one_value_is_that_value() -> None:
    figures = percentile_figures("search", [4.5])
    assert [(figure.name, figure.value) for figure in figures] == [
        ("search p50", 4.5),
        ("search p95", 4.5),
        ("search p99", 4.5),
    ]


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_a_percentile_that_does_not_exist_is_refused(values: list[float], percent: float) -> None:
    with pytest.raises(ValueError, match=f"no {percent}th percentile of {len(values)} values"):
        percentile(values, percent)


def test_memory_now_is_at_most_its_peak() -> None:
    now, peak = memory_mb()
    assert 0 < now <= peak
