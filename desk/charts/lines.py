"""Lines over time, large or small. Pure."""

from collections.abc import Sequence

from desk.charts.plot import (
    HEIGHT,
    LOW,
    WIDTH,
    Label,
    Line,
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
from reports.shape import Chart, Kind, Series

Point = tuple[float, float]


def draw_lines(chart: Chart) -> Plot:
    """A spark has no axis beside it and no words at the lines' ends; its first line stands on a tinted ground."""
    small = chart.kind is Kind.SPARK
    height = LOW if small else HEIGHT
    marks = _marks(len(chart.labels))
    scale = scale_of(_values(chart), chart.unit, from_nought=False)
    runs = [(series, _runs(series, marks, scale, height)) for series in chart.series]
    ticks = ticks_of(scale, chart, height)
    first = next((found for series, found in runs if not series.is_earlier), [])
    return Plot(
        height=height,
        ticks=(ticks[0], ticks[-1]) if small else ticks,
        places=places_of(chart, marks),
        # What was before lies below what is.
        lines=tuple(_line(chart, *run) for run in sorted(runs, key=lambda run: not run[0].is_earlier)),
        areas=tuple(Line(_ground(points, height), "1") for points in first if len(points) > 1) if small else (),
        labels=() if small else _ends(chart, scale, height),
        goal=None if chart.goal is None else y_of(scale, chart.goal, height),
        plan=plan_of(chart, marks),
        alt=alt_of(chart),
        is_small=small,
        marks=marks,
    )


def _values(chart: Chart) -> list[float]:
    found = [value for series in chart.series for value in series.values if value is not None]
    return found if chart.goal is None else [*found, chart.goal]


def _marks(count: int) -> tuple[float, ...]:
    if count < 2:
        return (WIDTH / 2,) * count
    return tuple(round(number * WIDTH / (count - 1), 1) for number in range(count))


def _runs(series: Series, marks: Sequence[float], scale: Scale, height: int) -> list[list[Point]]:
    """The points of a series, parted where it has a gap."""
    found: list[list[Point]] = [[]]
    for x, value in zip(marks, series.values, strict=True):
        if value is None:
            found.append([])
        else:
            found[-1].append((x, y_of(scale, value, height)))
    return [points for points in found if points]


def _line(chart: Chart, series: Series, runs: list[list[Point]]) -> Line:
    path = "".join(_path(points) for points in runs if len(points) > 1)
    # A point alone is a line too short to be seen, with a round end that is.
    dots = "".join(f"M{x} {y}h.01" for points in runs if len(points) == 1 for x, y in points)
    return Line(path, look_of(chart, series), dots)


def _path(points: list[Point]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _ground(points: list[Point], height: int) -> str:
    return f"{_path(points)}L{points[-1][0]} {height}L{points[0][0]} {height}Z"


def _ends(chart: Chart, scale: Scale, height: int) -> tuple[Label, ...]:
    found = []
    for series in chart.series:
        last = next((value for value in reversed(series.values) if value is not None), None)
        if last is not None:
            y = y_of(scale, last, height)
            found.append(Label(y, end_text(series, last, chart), look_of(chart, series)))
    return spread(found, height)
