"""Times in step as a picture of the server's own: coordinates for SVG attributes, for a style is forbidden. Pure.

The scale is logarithmic: of minutes and weeks both ends stay legible. Each escalation is a mark whose form says its
severity; the upright line of a step is its median.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log

from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from desk.templatetags.desk_time import short

WIDTH, LEFT, RIGHT = 1110, 110, 1050
LANE = 36
LABEL = 56
"""What “E-2071” takes, and a little more."""
NEAR = 14
"""Marks that lie so close are put above and below one another."""
SHORTEST = timedelta(minutes=5)
TICKS: tuple[tuple[timedelta, Promise], ...] = (
    (timedelta(minutes=10), _("10 min")),
    (timedelta(minutes=30), _("30 min")),
    (timedelta(hours=1), _("1 h")),
    (timedelta(hours=3), _("3 h")),
    (timedelta(hours=6), _("6 h")),
    (timedelta(days=1), _("1 day")),
    (timedelta(days=3), _("3 days")),
    (timedelta(weeks=1), _("1 week")),
    (timedelta(weeks=4), _("4 weeks")),
    (timedelta(weeks=13), _("13 weeks")),
    (timedelta(weeks=52), _("1 year")),
)
ALWAYS = timedelta(days=3)
_MARK = '<path class="m{}" d="{}"><title>{}, {}</title></path>'
_NAME = '<text x="{}" y="{}" text-anchor="{}">{}</text>'
_LINK = '<a href="{}">{}</a> S{} {}'
# From a mark's middle. The fourth severity is the third with a broken edge.
_CIRCLE = "M{x} {y}m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0"
_FORMS = {1: "M{x} {y}m-7 -7h14v14h-14z", 2: "M{x} {y}m0 -8l8 8l-8 8l-8 -8z", 3: _CIRCLE, 4: _CIRCLE}


@dataclass(frozen=True, slots=True)
class Stay:
    """One escalation, for how long at its step."""

    name: str
    url: str
    severity: int
    length: timedelta


@dataclass(frozen=True, slots=True)
class MarkLook:
    stay: Stay
    path: str
    label_x: int
    """0 where there is no room for its name."""
    label_y: int
    anchor: str


@dataclass(frozen=True, slots=True)
class LaneOfPlot:
    name: str
    y: int
    """Of its lower edge."""
    median: timedelta | None
    median_x: int
    marks: list[MarkLook]

    @property
    def text_y(self) -> int:
        return self.y - LANE // 2 + 4

    @property
    def top(self) -> int:
        return self.y - LANE + 4

    @property
    def drawn(self) -> SafeString:
        """Its marks and their names. Here, and not in the template, which would take longer than the database does."""
        named = ((mark.label_x, mark.label_y, mark.anchor, mark.stay.name) for mark in self.marks if mark.label_x)
        marks = ((mark.stay.severity, mark.path, mark.stay.name, short(mark.stay.length)) for mark in self.marks)
        return format_html_join("", _MARK, marks) + format_html_join("", _NAME, named)

    @property
    def listed(self) -> SafeString:
        """The same in words, the longest first."""
        stays = [mark.stay for mark in reversed(self.marks)]
        return format_html_join(", ", _LINK, ((one.url, one.name, one.severity, short(one.length)) for one in stays))


@dataclass(frozen=True, slots=True)
class PlotLook:
    lanes: list[LaneOfPlot]
    ticks: list[tuple[int, Promise]]
    height: int
    drawn: int

    @property
    def floor(self) -> int:
        return LANE * len(self.lanes) + 4

    @property
    def longest(self) -> tuple[LaneOfPlot, Stay] | None:
        ends = [(lane, lane.marks[-1].stay) for lane in self.lanes if lane.marks]
        return max(ends, key=lambda one: one[1].length, default=None)


def plot(
    names: Mapping[str, str], stays: Mapping[str, Sequence[Stay]], medians: Mapping[str, timedelta | None]
) -> PlotLook:
    """A lane for each step of `names`, in this order."""
    every = [stay.length for found in stays.values() for stay in found]
    known = [length for length in medians.values() if length is not None]
    last = _last_tick(max([ALWAYS, *every, *known]))
    lanes = [
        LaneOfPlot(
            name=name,
            y=LANE * number + 4,
            median=medians.get(step),
            median_x=_x(median, last) if (median := medians.get(step)) is not None else 0,
            marks=_marks(stays.get(step, ()), LANE * number + 4 - LANE // 2, last),
        )
        for number, (step, name) in enumerate(names.items(), start=1)
    ]
    ticks = [(_x(length, last), words) for length, words in TICKS if length <= last]
    return PlotLook(lanes, ticks, LANE * len(lanes) + 28, len(every))


def _last_tick(longest: timedelta) -> timedelta:
    return next((length for length, _words in TICKS if length >= longest), longest)


def _x(length: timedelta, last: timedelta) -> int:
    """What is shorter than the scale stands at its beginning."""
    part = log(max(length, SHORTEST) / SHORTEST) / log(last / SHORTEST)
    return round(LEFT + part * (RIGHT - LEFT))


def _marks(stays: Iterable[Stay], middle: int, last: timedelta) -> list[MarkLook]:
    """From the shortest to the longest, each with its name where that hides nothing."""
    placed = sorted(((_x(stay.length, last), stay) for stay in stays), key=lambda one: (one[1].length, one[1].name))
    drawn: list[MarkLook] = []
    free_from, before, shift = 0, -NEAR, 0
    for at, (x, stay) in enumerate(placed):
        shift = _next_shift(shift) if x - before < NEAR else 0
        following = placed[at + 1][0] if at + 1 < len(placed) else WIDTH
        label_x, anchor = _label(x, following, free_from)
        y = middle + shift
        path = _FORMS[stay.severity].format(x=x, y=y)
        drawn.append(MarkLook(stay, path, label_x, y + 4, anchor))
        free_from = x + LABEL if anchor == "start" and label_x else x + NEAR
        before = x
    return drawn


def _next_shift(shift: int) -> int:
    return {0: -9, -9: 9, 9: 0}[shift]


def _label(x: int, following: int, free_from: int) -> tuple[int, str]:
    if following - x >= LABEL + NEAR or (following == WIDTH and x + LABEL <= WIDTH):
        return x + 12, "start"
    if x - free_from >= LABEL:
        return x - 12, "end"
    return 0, "start"
