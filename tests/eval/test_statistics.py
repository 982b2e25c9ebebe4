from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from eval.statistics import (
    Interval,
    detectable_difference,
    difference_interval,
    holm,
    mean_interval,
    permutation_p,
)

Z = 1.959964 + 0.841621
"""The 97.5 % and the 80 % quantile of the normal distribution, from a table."""


def skewed(size: int) -> NDArray[np.float64]:
    """Return values in [0, 1], some of them zero."""
    random = np.random.default_rng(1)
    return random.random(size) * (random.random(size) < 0.7)


def sign_flip_twin(differences: NDArray[np.float64], draws: int = 20_000) -> float:
    """Return the two-sided p-value by drawing signs, independently of SciPy."""
    signs = np.random.default_rng(99).choice([-1.0, 1.0], size=(draws, differences.size))
    as_large = np.abs(signs @ differences) >= abs(differences.sum()) - 1e-9
    return (1 + int(as_large.sum())) / (1 + draws)


def percentile_twin(values: NDArray[np.float64], draws: int = 20_000) -> tuple[float, float]:
    """Return the plain percentile bootstrap, independently of SciPy."""
    picks = np.random.default_rng(99).integers(values.size, size=(draws, values.size))
    low, high = np.quantile(values[picks].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def test_all_right_is_no_certainty() -> None:
    found = mean_interval([1.0] * 20)
    assert (found.low, found.high) == pytest.approx((0.025 ** (1 / 20), 1.0))
    assert found.low == pytest.approx(0.832, abs=0.001)


def test_all_wrong_is_the_mirror_image() -> None:
    found = mean_interval([0.0] * 20)
    assert (found.low, found.high) == pytest.approx((0.0, 1 - 0.025 ** (1 / 20)))


def test_trials_have_the_exact_binomial_interval() -> None:
    # 1 of 2: P(X >= 1) = 1 - (1 - low)^2 = 0.025, and the other end by symmetry
    found = mean_interval([1.0, 0.0], is_share=True)
    assert (found.low, found.high) == pytest.approx((1 - sqrt(0.975), sqrt(0.975)))


def test_the_measure_decides_how_sure_its_mean_is_and_not_its_values() -> None:
    graded = mean_interval([1.0, 0.0] * 10)
    assert (graded.low, graded.high) == pytest.approx(
        percentile_twin(np.array([1.0, 0.0] * 10)), abs=0.06
    )
    assert graded != mean_interval([1.0, 0.0] * 10, is_share=True)
    assert mean_interval([1.0] * 20) == mean_interval([1.0] * 20, is_share=True)


def test_a_lower_confidence_makes_a_shorter_interval() -> None:
    assert mean_interval([1.0] * 20, confidence=0.9).low == pytest.approx(0.05 ** (1 / 20))
    wide, narrow = (mean_interval([0.1, 0.4, 0.5, 0.9], confidence=c) for c in (0.95, 0.5))
    assert wide.low < narrow.low < narrow.high < wide.high


def test_the_bootstrap_of_two_values_reaches_from_one_to_the_other() -> None:
    # of the means 0.2, 0.5 and 0.8 the outer ones come up a quarter of the time each
    found = mean_interval([0.2, 0.8])
    assert (found.low, found.high) == pytest.approx((0.2, 0.8))


def test_the_bootstrap_agrees_with_an_independent_one() -> None:
    values = skewed(200)
    found = mean_interval(values.tolist())
    assert (found.low, found.high) == pytest.approx(percentile_twin(values), abs=0.01)


@pytest.mark.parametrize("values", [[0.63], [0.63] * 9, [0.1 + 0.2, 0.3]])
def test_values_without_spread_give_their_value_twice(values: list[float]) -> None:
    found = mean_interval(values)
    assert (found.low, found.high) == pytest.approx((values[0], values[0]))


@pytest.mark.parametrize("of", [mean_interval, difference_interval, detectable_difference])
def test_the_same_values_give_the_same_result(of: object) -> None:
    assert callable(of)
    values = skewed(50).tolist()
    assert of(values) == of(values)


def test_no_values_have_no_interval() -> None:
    with pytest.raises(ValueError, match="no values"):
        mean_interval([])
    with pytest.raises(ValueError, match="no values"):
        difference_interval([])


def test_differences_that_are_all_zero_or_one_are_no_trials() -> None:
    assert difference_interval([0.0] * 20) == Interval(0.0, 0.0)
    assert difference_interval([1.0]) == Interval(1.0, 1.0)


def test_a_difference_lies_within_its_interval() -> None:
    differences = skewed(60) - 0.5
    found = difference_interval(differences.tolist())
    assert found.low < differences.mean() < found.high
    assert (found.low, found.high) == pytest.approx(percentile_twin(differences), abs=0.015)


def test_more_values_than_are_drawn_at_once_have_an_interval() -> None:
    found = mean_interval([0.25, 0.75] * 1_500)
    # sd 0.25, n = 3000: 0.5 ± 1.96 * 0.25 / sqrt(3000)
    assert (found.low, found.high) == pytest.approx((0.49105, 0.50895), abs=0.001)


@pytest.mark.parametrize(
    ("differences", "p"),
    [
        ([], 1.0),
        ([0.0, 0.0, 0.0], 1.0),
        ([0.4], 1.0),
        ([-0.1, -0.2, -0.3], 2 / 8),
        ([0.1, 0.0, 0.2, 0.0, 0.3], 2 / 8),
        ([3.0, 1.0], 2 / 4),
        ([1.0, 1.0, -1.0], 1.0),
        ([0.3, -0.1, -0.2], 1.0),
        # sums of ±1 ±2 ±3 ±4: at least 8 in size only 10 (all one sign) and 8 (the 1 flipped)
        ([-1.0, 2.0, 3.0, 4.0], 4 / 16),
        ([1.0] * 10, 2 / 1024),
    ],
)
def test_few_differences_are_tested_exactly(differences: list[float], p: float) -> None:
    assert permutation_p(differences) == pytest.approx(p)


@pytest.mark.parametrize("shift", [0.0, 0.03, 0.06])
def test_many_differences_agree_with_an_independent_test(shift: float) -> None:
    differences = np.random.default_rng(5).normal(shift, 0.2, size=60)
    assert permutation_p(differences.tolist()) == pytest.approx(
        sign_flip_twin(differences), abs=0.02
    )


def test_ties_count_as_ties_whatever_the_rounding() -> None:
    # exact: at least 14 or at most 6 of 20 equal signs, 2 * 60460 / 2^20
    p = permutation_p([0.1] * 14 + [-0.1] * 6)
    assert p == pytest.approx(2 * 60_460 / 2**20, abs=0.01)


def test_a_drawn_p_value_is_never_zero() -> None:
    assert permutation_p([1.0] * 40) == pytest.approx(2 / 10_001)


def test_the_sign_of_the_difference_does_not_matter() -> None:
    differences = [0.5, 0.25, 0.125, -0.0625]
    assert permutation_p(differences) == permutation_p([-value for value in differences])


def test_holm_multiplies_by_what_is_left_and_never_falls() -> None:
    # ascending: 4 * 0.005, 3 * 0.01, 2 * 0.03 = 0.06, then 1 * 0.04 raised to 0.06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))


def test_holm_stops_at_one() -> None:
    assert holm([0.6, 0.7]) == (1.0, 1.0)
    assert holm([0.02, 0.02]) == pytest.approx((0.04, 0.04))


def test_holm_leaves_one_test_alone() -> None:
    assert holm([0.03]) == pytest.approx((0.03,))
    assert holm([]) == ()


def test_the_detectable_difference_shrinks_with_the_root_of_the_queries() -> None:
    # sd of (1, -1) is sqrt(2), and sqrt(2) / sqrt(2) = 1
    assert detectable_difference([1.0, -1.0]) == pytest.approx(Z, abs=1e-5)
    # four such pairs: variance 8 / 7, so sqrt(8 / 7) / sqrt(8) = sqrt(1 / 7)
    assert detectable_difference([1.0, -1.0] * 4) == pytest.approx(Z / sqrt(7), abs=1e-5)


def test_more_power_needs_a_larger_difference() -> None:
    # z(0.975) + z(0.9)
    assert detectable_difference([1.0, -1.0], power=0.9) == pytest.approx(3.241516, abs=1e-5)


@pytest.mark.parametrize("differences", [[], [0.3], [0.0] * 30, [0.2] * 30])
def test_differences_without_spread_cannot_tell_what_is_detectable(
    differences: list[float],
) -> None:
    assert detectable_difference(differences) is None
