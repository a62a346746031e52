"""A chart as numbers for SVG attributes: the content security policy allows no style. Pure.

The drawing stands in a box of `WIDTH` by its own height that is stretched to the page's width, while its texts stand
beside it and keep their size. So one drawing serves a desk and a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from desk.charts.scale import Scale
from reports.saying import day_text, label_texts, short_text, value_text
from reports.shape import Chart, Kind, Series

WIDTH = 1000
HEIGHT = 140
LOW = 70
"""How high a small chart is."""
TOP = 8
"""Room above the box for half a line of text."""
LINE = 16
"""How high a line of text is."""
TONES = (1, 2, 3, 4)
# Parts of a stack touch each other; the two that are told apart least stand farthest apart.
STACKED_TONES = (1, 2, 4, 3)
# So many letters of this type fill a hundred units.
LETTER = 6.4
MOST_LETTERS = 24
# How far two texts under the box are apart at least, in hundredths of its width: lines have the wider boxes.
APART = 26
APART_UNDER_LINES = 16


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """A text under the box; `x` in hundredths of its width. `is_minor` may be left out where room is short."""

    x: float
    text: str
    anchor: str = "middle"
    is_minor: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    path: str
    look: str
    dots: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A rectangle of a stack."""

    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a line or a part is, at its end."""

    y: float
    text: str
    look: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The day from which on something was done otherwise; `x` in the box, `at` in hundredths of its width."""

    x: float
    at: float
    width: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Plot:
    """`alt` says in a sentence or two what is to be seen; `marks` are the places of the steps, for the pointer."""

    height: int
    ticks: tuple[Tick, ...]
    places: tuple[Place, ...]
    lines: tuple[Line, ...] = ()
    areas: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    labels: tuple[Label, ...] = ()
    goal: float | None = None
    plan: Plan | None = None
    alt: str = ""
    is_small: bool = False
    marks: tuple[float, ...] = field(default=())

    @property
    def axis_width(self) -> int:
        return 0 if self.is_small else round(max((len(tick.text) for tick in self.ticks), default=0) * LETTER) + 8

    @property
    def label_width(self) -> int:
        return round(max((len(label.text) for label in self.labels), default=0) * LETTER) + 8 if self.labels else 0

    @property
    def box_height(self) -> int:
        """With the texts above and below."""
        return self.height + TOP + LINE + 4

    @property
    def plan_y(self) -> int:
        """Lines crowd at the top of a chart, bars at its foot."""
        return self.height + 2 if self.lines else TOP + 11

    @property
    def places_y(self) -> int:
        return self.height + TOP + LINE


def ticks_of(scale: Scale, chart: Chart, height: int) -> tuple[Tick, ...]:
    return tuple(Tick(y_of(scale, tick, height), value_text(tick, chart.unit)) for tick in scale.ticks)


def y_of(scale: Scale, value: float, height: int) -> float:
    return round(height - scale.at(value) * height, 1)


def look_of(chart: Chart, series: Series) -> str:
    """A tone of its own for each; what is of an earlier time has its own one's, or a second where it stands alone."""
    tones = TONES if chart.kind in {Kind.LINES, Kind.SPARK} else STACKED_TONES
    now = [one.key for one in chart.series if not one.is_earlier]
    if series.is_earlier:
        place = now.index(series.key) if series.key in now and len(now) > 1 else 1
        return f"{tones[place % len(tones)]} past"
    place = now.index(series.key)
    return f"{tones[place % len(tones)]}{' far' if place >= len(tones) else ''}"


def end_text(series: Series, value: float, chart: Chart) -> str:
    """A line alone is what its chart is called: its value says all."""
    if len(chart.series) == 1:
        return short_text(value, chart.unit)
    name = series.name if len(series.name) <= MOST_LETTERS else f"{series.name[: MOST_LETTERS - 1]}…"
    return f"{name} {short_text(value, chart.unit)}"


def spread(labels: Sequence[Label], height: int) -> tuple[Label, ...]:
    """The same, moved so far that none covers another, and all stay beside the box if they fit there."""
    placed: list[Label] = []
    for label in sorted(labels, key=lambda one: one.y):
        y = max(label.y, placed[-1].y + LINE) if placed else max(label.y, 0.0)
        placed.append(Label(y, label.text, label.look))
    over = placed[-1].y - height if placed else 0.0
    ceiling = float(height)
    for index in reversed(range(len(placed))) if over > 0 else ():
        y = min(placed[index].y, ceiling)
        placed[index], ceiling = Label(y, placed[index].text, placed[index].look), y - LINE
    return tuple(placed)


def places_of(chart: Chart, marks: Sequence[float]) -> tuple[Place, ...]:
    """The first and the last step, and of those between as many as are read beside each other."""
    texts = label_texts(chart)
    last = len(texts) - 1
    apart = APART_UNDER_LINES if chart.kind is Kind.LINES else APART
    if last < 1:
        return tuple(Place(percent(mark), text) for mark, text in zip(marks, texts, strict=True))
    found = [Place(percent(marks[0]), texts[0], "start" if marks[0] < WIDTH / 10 else "middle")]
    end = percent(marks[last])
    for mark, text in list(zip(marks, texts, strict=True))[1:last]:
        x = percent(mark)
        if x - found[-1].x >= apart and end - x >= apart:
            found.append(Place(x, text, is_minor=True))
    return (*found, Place(end, texts[last], "end"))


def percent(x: float) -> float:
    return round(x * 100 / WIDTH, 2)


def plan_of(chart: Chart, marks: Sequence[float]) -> Plan | None:
    """Where the chosen day stands between the steps; None where it lies outside them."""
    days = [label for label in chart.labels if isinstance(label, date)]
    if chart.plan is None or len(days) < 2 or not days[0] <= chart.plan:
        return None
    steps = list(zip(days, marks, strict=True))
    steps.append((days[-1] + (days[-1] - days[-2]), float(WIDTH)))
    for (day, x), (after, x_after) in pairwise(steps):
        if day <= chart.plan < after:
            at = round(x + (x_after - x) * ((chart.plan - day) / (after - day)), 1)
            text = _("plan starts %(day)s") % {"day": day_text(chart.plan)}
            return Plan(at, percent(at), round(WIDTH - at, 1), text, "start" if at < WIDTH * 0.6 else "end")
    return None


def alt_of(chart: Chart) -> str:
    """From what to what each series goes, in words."""
    return " ".join(filter(None, (_way(series, chart) for series in chart.series)))


def _way(series: Series, chart: Chart) -> str:
    known = [value for value in series.values if value is not None]
    if not known:
        return ""
    told = {"name": series.name, "first": value_text(known[0], chart.unit), "last": value_text(known[-1], chart.unit)}
    if len(known) == 1:
        return _("%(name)s: %(last)s.") % told
    return _("%(name)s: from %(first)s to %(last)s.") % told
