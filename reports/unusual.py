"""Whether a count is unusual beside the same hour of earlier weeks (R87). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

FEWEST_WEEKS = 4
SIGMAS = 3.0


@dataclass(frozen=True, slots=True)
class Usual:
    """`value` is what is usual; `mark` is 1 for far more, -1 for far less, 0 where it is not unusual."""

    value: float
    mark: int


def usual(now: int, earlier: Sequence[int]) -> Usual | None:
    """None with fewer weeks than can tell.

    The spread is at least that of chance arrivals (the root of their mean, Poisson) and never less than one, so that
    the second ticket of a quiet hour is no alarm.
    """
    if len(earlier) < FEWEST_WEEKS:
        return None
    mean = fmean(earlier)
    spread = max(stdev(earlier), sqrt(mean), 1.0)
    away = (now - mean) / spread
    return Usual(mean, (away >= SIGMAS) - (away <= -SIGMAS))
