"""How sure a mean over queries is, and whether two systems really differ on the same queries.

Pure functions, the same result for the same seed. Queries count as independent of each other: the
turns of one conversation are not quite, so read their p-values with a grain of salt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

BOOTSTRAP_RESAMPLES = 2_000
PERMUTATION_RESAMPLES = 10_000
EPSILON = 1e-9
"""Differences up to this size come from rounding and count as none."""

_DRAWN_AT_ONCE = 1_000_000
_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval, both ends included."""

    low: float
    high: float


def mean_interval(
    values: Sequence[float], confidence: float = 0.95, seed: int = 0, *, is_share: bool = False
) -> Interval:
    """Return a confidence interval of the mean of `values`.

    What the measure is decides, not what its values happen to be. `is_share`: every value is 0 or
    1 by definition; the interval is the exact binomial one (Clopper and Pearson, 1934), so 20
    right of 20 give [0.832, 1], not [1, 1]. For graded measures it is the BCa bootstrap (Efron,
    1987). Graded values that are all 0 or all 1 show no spread to draw from: their interval is the
    exact one of as many trials, which is conservative, since values in [0, 1] vary at most as
    much as trials of the same mean. Others that are all equal give that value twice.

    Raises:
        ValueError: there are no values.
    """
    array = np.asarray(values, dtype=np.float64)
    is_extreme = array.size > 0 and _all_equal(array) and float(array[0]) in (0.0, 1.0)
    if array.size and (is_share or is_extreme):
        trials = stats.binomtest(round(float(array.sum())), array.size)
        exact = trials.proportion_ci(confidence_level=confidence, method="exact")
        return Interval(float(exact.low), float(exact.high))
    return _bootstrap_interval(values, confidence, seed)


def difference_interval(
    differences: Sequence[float], confidence: float = 0.95, seed: int = 0
) -> Interval:
    """Return the BCa bootstrap interval of a mean paired difference (Efron, 1987).

    Differences that are all equal (all zero, or a single one) give that value twice. It does not
    mean certainty: where none of n queries differed, up to about 3/n of unseen ones still may.

    Raises:
        ValueError: there are no differences.
    """
    return _bootstrap_interval(differences, confidence, seed)


def permutation_p(
    differences: Sequence[float], resamples: int = PERMUTATION_RESAMPLES, seed: int = 0
) -> float:
    """Return the two-sided p-value of the paired sign-flip permutation test of a zero mean.

    Were the systems alike, each difference could as well have the other sign. The test is exact
    when all sign patterns of the m non-zero differences, 2^m, fit into `resamples`; else it draws
    patterns and counts the observed one among them (Phipson and Smyth, 2010), so p is never 0.
    It is the test recommended for retrieval measures by Smucker, Allan and Carterette (2007). The
    smallest p that m differences can reach is 2 / 2^m; p is 1 when fewer than two queries differ.
    """
    different = _without_zeros(differences)
    if different.size < 2:
        return 1.0
    result = stats.permutation_test(
        (different,),
        _rounded_mean,
        permutation_type="samples",
        vectorized=True,
        n_resamples=resamples,
        batch=_batch(different.size),
        rng=np.random.default_rng(seed),
    )
    return float(result.pvalue)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return p-values adjusted for their number, in the order given (Holm, 1979).

    In ascending order, p(i) becomes the largest of (m - j + 1) p(j) over all j up to i, at most 1.
    Rejecting what is at most alpha keeps the chance of any false rejection at alpha or below, in
    whatever way the tests depend on each other.
    """
    adjusted = [1.0] * len(p_values)
    largest = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, (len(p_values) - place) * p_values[index])
        adjusted[index] = min(1.0, largest)
    return tuple(adjusted)


def detectable_difference(
    differences: Sequence[float], power: float = 0.8, alpha: float = 0.05
) -> float | None:
    """Return the smallest true mean difference that a paired test would find this often.

    It is (z(1 - alpha/2) + z(power)) sd / sqrt(n), the normal approximation to a single two-sided
    test (Cohen, 1988) with the standard deviation of these very differences. An adjustment for
    several tests makes the true value larger.

    None: these differences cannot tell, because there are fewer than two or all are equal. A
    spread of zero would claim that any difference, however small, would have been found.
    """
    array = np.asarray(differences, dtype=np.float64)
    if array.size < 2 or _all_equal(array):
        return None
    quantiles = float(stats.norm.ppf(1 - alpha / 2)) + float(stats.norm.ppf(power))
    return quantiles * float(array.std(ddof=1)) / sqrt(array.size)


def _bootstrap_interval(values: Sequence[float], confidence: float, seed: int) -> Interval:
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        raise ValueError("no values, no interval of their mean")
    if _all_equal(array):
        return Interval(float(array.mean()), float(array.mean()))
    interval = stats.bootstrap(
        (array,),
        np.mean,
        vectorized=True,
        axis=-1,
        confidence_level=confidence,
        n_resamples=BOOTSTRAP_RESAMPLES,
        method="BCa",
        batch=_batch(array.size),
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(float(interval.low), float(interval.high))


def _all_equal(array: NDArray[np.float64]) -> bool:
    return bool(np.ptp(array) <= EPSILON)


def _without_zeros(differences: Sequence[float]) -> NDArray[np.float64]:
    array = np.asarray(differences, dtype=np.float64)
    return array[np.abs(array) > EPSILON]


def _rounded_mean(sample: NDArray[np.float64], axis: int) -> Any:
    """Return means whose ties are equal, whatever the order in which they were added up."""
    return np.round(np.mean(sample, axis=axis), _DECIMALS)


def _batch(size: int) -> int:
    return max(1, _DRAWN_AT_ONCE // size)
