"""Bars of a chart as numbers for SVG attributes: the content security policy allows no style. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 600
HEIGHT = 120
FILLED = 0.7


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in a box of `WIDTH` by `HEIGHT`, standing on its lower edge."""

    x: float
    y: float
    width: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    bars: tuple[Bar, ...]
    top: int
    """The value that the box's height stands for, at least 1."""
    total: int


def bars(values: Sequence[int]) -> Bars:
    """One bar a value, side by side; a value above nothing is at least one unit high, so that it is seen."""
    top = max([1, *values])
    slot = WIDTH / max(1, len(values))
    drawn = []
    for place, value in enumerate(values):
        height = max(1.0, round(value * HEIGHT / top, 1)) if value else 0.0
        drawn.append(Bar(round(place * slot, 1), round(HEIGHT - height, 1), round(slot * FILLED, 1), height, value))
    return Bars(tuple(drawn), top, sum(values))
