"""An axis of round numbers: which, and where a value stands on it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, inf, log10

from reports.shape import Unit

MOST_STEPS = 4
ROUND = (1.0, 2.0, 2.5, 5.0, 10.0)
MINUTE, HOUR, DAY = 60, 3600, 86_400
# What people call round in a length of time, in seconds; beyond them weeks.
ROUND_LENGTHS = (
    *(1, 2, 5, 10, 15, 30),
    *(MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30)),
    *(HOUR * hours for hours in (1, 2, 3, 6, 12)),
    *(DAY * days for days in (1, 2, 7, 14, 28, 91, 182, 364)),
)
# Values that lie close together, far from nought, are drawn from near the least of them.
CLOSE = 0.5
# What differs less than this is drawn as equal.
LEAST_REACH = 0.01


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`, with a tick at each of `ticks`."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        """0 at the lower edge, 1 at the upper."""
        return (value - self.low) / (self.high - self.low)


def scale_of(values: Iterable[float], unit: Unit, *, from_nought: bool) -> Scale:
    """Wide enough for all values; in counts by whole numbers, in shares never above a hundred of them."""
    known = list(values) or [0.0]
    least, most = min(0.0, *known), max(0.0, *known)
    if not from_nought and min(known) > CLOSE * most:
        least = min(known)
    if most - least < LEAST_REACH:
        least, most = (0.0, max(100.0, most)) if unit is Unit.PERCENT else (least, least + 1.0)
    step = _step(least, most, unit)
    low, high = floor(least / step), ceil(most / step)
    ticks = tuple(round(number * step, 6) for number in range(low, high + 1))
    return Scale(ticks[0], ticks[-1], ticks)


def _step(least: float, most: float, unit: Unit) -> float:
    """The smallest round step with which so few reach from one end to the other."""
    return next(step for step in _steps(most - least, unit) if ceil(most / step) - floor(least / step) <= MOST_STEPS)


def _steps(reach: float, unit: Unit) -> Iterable[float]:
    if unit is Unit.SECONDS:
        yield from ROUND_LENGTHS
    power = floor(log10(reach)) - 1
    while power < inf:
        for step in (number * 10.0**power for number in ROUND):
            if unit is not Unit.COUNT or step.is_integer():
                yield step
        power += 1
