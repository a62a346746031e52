"""Whether a difference is more than chance (R83): intervals of 95 % confidence, and how large an effect is. Pure.

Proportions: Wilson's interval, and Newcombe's for their difference (1998, method 10). Medians: the interval between
two order statistics (Hollander and Wolfe), joined in the same way. Means: Welch. Effects are standardised differences:
Cohen's h and d, of medians with the quartiles in the place of the deviation.
"""

from dataclasses import dataclass
from math import asin, sqrt
from statistics import NormalDist

_Interval = tuple[float, float]

_Z = NormalDist().inv_cdf(0.975)
# Of fewer no interval says anything worth hearing.
FEWEST = 5
# How far apart the quartiles of a normal distribution lie, in deviations.
_QUARTILES_APART = 2 * NormalDist().inv_cdf(0.75)


@dataclass(frozen=True, slots=True)
class Difference:
    """Of the second less the first; `effect` is None where nothing varies."""

    low: float
    high: float
    effect: float | None


@dataclass(frozen=True, slots=True)
class Share:
    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of


@dataclass(frozen=True, slots=True)
class Mean:
    value: float
    deviation: float
    of: int


@dataclass(frozen=True, slots=True)
class Median:
    """`low` and `high` are the values at `median_ranks`, as shares of the whole."""

    value: float
    low: float
    high: float
    lower_quartile: float
    upper_quartile: float
    of: int


def wilson(share: Share) -> tuple[float, float]:
    """Between what the true share lies, from 0 to 1."""
    n, p = share.of, share.value
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def shares(before: Share, after: Share) -> Difference | None:
    if min(before.of, after.of) < FEWEST:
        return None
    low, high = _joined(before.value, wilson(before), after.value, wilson(after))
    effect = 2 * asin(sqrt(after.value)) - 2 * asin(sqrt(before.value))
    return Difference(low, high, effect)


def means(before: Mean, after: Mean) -> Difference | None:
    if min(before.of, after.of) < FEWEST:
        return None
    first, second = before.deviation**2 / before.of, after.deviation**2 / after.of
    error = sqrt(first + second)
    if not error:
        return None
    freedom = (first + second) ** 2 / (first**2 / (before.of - 1) + second**2 / (after.of - 1))
    half = student(freedom) * error
    apart = after.value - before.value
    together = sqrt(
        ((before.of - 1) * before.deviation**2 + (after.of - 1) * after.deviation**2) / (before.of + after.of - 2)
    )
    return Difference(apart - half, apart + half, apart / together)


def medians(before: Median, after: Median) -> Difference | None:
    if min(before.of, after.of) < FEWEST:
        return None
    low, high = _joined(before.value, (before.low, before.high), after.value, (after.low, after.high))
    spread = _deviation(before, after)
    return Difference(low, high, (after.value - before.value) / spread if spread else None)


def rates(before: int, time_before: float, after: int, time_after: float) -> Difference | None:
    """Of events that come by chance (Poisson), so many in each time; an effect of rates is not standardised."""
    if min(before, after) < FEWEST:
        return None
    half = _Z * sqrt(before / time_before**2 + after / time_after**2)
    apart = after / time_after - before / time_before
    return Difference(apart - half, apart + half, None)


def median_ranks(count: int) -> tuple[float, float]:
    """Between which shares of so many values in order the true median lies."""
    half = _Z / (2 * sqrt(count))
    return max(0.0, 0.5 - half), min(1.0, 0.5 + half)


def student(freedom: float) -> float:
    """The 97.5 % quantile of Student's distribution (Abramowitz and Stegun 26.7.5, right to 0.01 from 3 on)."""
    z = _Z
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / freedom**power for power, term in enumerate(terms, start=1))


def _joined(first: float, around: _Interval, second: float, about: _Interval) -> _Interval:
    apart = second - first
    low = apart - sqrt((second - about[0]) ** 2 + (around[1] - first) ** 2)
    high = apart + sqrt((about[1] - second) ** 2 + (first - around[0]) ** 2)
    return low, high


def _deviation(before: Median, after: Median) -> float:
    """What the quartiles say of it, both together."""
    parts = [((one.upper_quartile - one.lower_quartile) / _QUARTILES_APART) ** 2 * one.of for one in (before, after)]
    return sqrt(sum(parts) / (before.of + after.of))
