"""Standing bars, each of one part or of several on top of each other. Pure."""

from desk.charts.plot import (
    HEIGHT,
    WIDTH,
    Label,
    Part,
    Plot,
    alt_of,
    end_text,
    look_of,
    places_of,
    plan_of,
    spread,
    ticks_of,
    y_of,
)
from desk.charts.scale import Scale, scale_of
from reports.shape import Chart, Series

FILLED = 0.7
LEAST = 1.0
"""So high is a part at least, that it is seen."""


def draw_stack(chart: Chart) -> Plot:
    """A gap is nothing: no part."""
    count = len(chart.labels)
    slot = WIDTH / max(1, count)
    marks = tuple(round((number + 0.5) * slot, 1) for number in range(count))
    now = [series for series in chart.series if not series.is_earlier]
    totals = [sum(float(series.values[place] or 0) for series in now) for place in range(count)]
    scale = scale_of([*totals, *([] if chart.goal is None else [chart.goal])], chart.unit, from_nought=True)
    parts, labels = _parts(chart, now, scale, slot)
    return Plot(
        height=HEIGHT,
        ticks=ticks_of(scale, chart, HEIGHT),
        places=places_of(chart, marks),
        parts=parts,
        labels=spread(labels, HEIGHT) if len(now) > 1 else (),
        goal=None if chart.goal is None else y_of(scale, chart.goal, HEIGHT),
        plan=plan_of(chart, tuple(mark - slot / 2 for mark in marks)),
        alt=alt_of(chart),
        marks=marks,
    )


def _parts(chart: Chart, now: list[Series], scale: Scale, slot: float) -> tuple[tuple[Part, ...], list[Label]]:
    """And what each part of the last bar is."""
    found, labels = [], []
    for place in range(len(chart.labels)):
        below = 0.0
        for series in now:
            value = float(series.values[place] or 0)
            y, foot = y_of(scale, below + value, HEIGHT), y_of(scale, below, HEIGHT)
            if value:
                height = max(LEAST, round(foot - y, 1))
                x = round((place + (1 - FILLED) / 2) * slot, 1)
                look = look_of(chart, series)
                found.append(Part(x, round(foot - height, 1), round(slot * FILLED, 1), height, look))
            if place == len(chart.labels) - 1:
                labels.append(Label(round((y + foot) / 2, 1), end_text(series, value, chart), look_of(chart, series)))
            below += value
    return tuple(found), labels
