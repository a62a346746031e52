"""Which way a chart is drawn, and its numbers as a table for whoever would rather read. Pure."""

from dataclasses import dataclass
from datetime import date

from desk.charts.bars import Bar, draw_bars
from desk.charts.lines import draw_lines
from desk.charts.plot import Plot
from desk.charts.stacks import draw_stack
from reports.saying import day_text, value_text
from reports.shape import Chart, Kind


@dataclass(frozen=True, slots=True)
class NumbersTable:
    """A line for each step: its name, and a text for each series."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """Either a plot or bars, which are a table themselves; neither where nothing was counted."""

    plot: Plot | None = None
    bars: tuple[Bar, ...] = ()
    numbers: NumbersTable | None = None


def draw(chart: Chart) -> Drawing:
    if not any(value is not None for series in chart.series for value in series.values):
        return Drawing()
    if chart.kind is Kind.BARS and not isinstance(chart.labels[0], date):
        return Drawing(bars=draw_bars(chart))
    plot = draw_lines(chart) if chart.kind in {Kind.LINES, Kind.SPARK} else draw_stack(chart)
    return Drawing(plot=plot, numbers=numbers_of(chart))


def numbers_of(chart: Chart) -> NumbersTable:
    columns = [[value_text(value, chart.unit) for value in series.values] for series in chart.series]
    return NumbersTable(
        tuple(series.name for series in chart.series),
        tuple((name, tuple(column[row] for column in columns)) for row, name in enumerate(label_names(chart))),
    )


def label_names(chart: Chart) -> list[str]:
    """The chart's steps with the year of each day."""
    return [day_text(label) if isinstance(label, date) else label for label in chart.labels]
