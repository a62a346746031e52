"""Reports as the API shows them: the same figures as on the page, as plain numbers."""

from datetime import date
from typing import Annotated, TypedDict

from api.shapes.basic import Day, Url
from reports.asked import Asked, Step
from reports.shape import Better, Change, Chart, Figure, Kind, Measure, Pick, Report, Table, Unit
from reports.source import Source

# A number, a text or a day; null where there is nothing to count it from.
CELL = {"oneOf": [{"type": "number"}, {"type": "string"}], "nullable": True}
Cell = Annotated[int | float | str | None, CELL]
Number = Annotated[int | float | None, {"type": "number", "nullable": True}]


class ReportLine(TypedDict):
    """`filters` are the parameters by which it can be narrowed."""

    key: str
    title: str
    filters: list[str]
    url: Url


class ReportList(TypedDict):
    results: list[ReportLine]


class PickShape(TypedDict):
    """What to ask for the cases behind a number: `cases/?figure=…&cell=…`."""

    figure: str
    cell: str


class MeasureShape(TypedDict):
    value: Number
    unit: Annotated[str, Unit]
    pick: PickShape | None


class ChangeShape(TypedDict):
    """Before and after the day `plan`; `low` to `high` hold the true difference with 95 % confidence."""

    before: Number
    after: Number
    effect: Number
    low: Number
    high: Number
    before_cases: int
    after_cases: int
    is_sure: bool


class SeriesShape(TypedDict):
    key: str
    name: str
    values: list[Number]
    is_earlier: bool


class ChartShape(TypedDict):
    """`labels` are the first days of its steps, or names."""

    kind: Annotated[str, Kind]
    unit: Annotated[str, Unit]
    labels: list[str]
    series: list[SeriesShape]
    goal: Number


class ColumnShape(TypedDict):
    key: str
    name: str
    unit: Annotated[str, Unit]


class RowShape(TypedDict):
    """`picks` by a column's key, where the number has cases behind it."""

    cells: list[Cell]
    picks: dict[str, PickShape]


class TableShape(TypedDict):
    columns: list[ColumnShape]
    rows: list[RowShape]


class FigureShape(TypedDict):
    key: str
    title: str
    note: str
    finding: str
    better: Annotated[str, Better]
    headline: MeasureShape
    change: ChangeShape | None
    chart: ChartShape | None
    table: TableShape | None


class FiguresShape(TypedDict):
    """Whole days from `since` to `until` in the caller's time zone, cut into steps."""

    key: str
    title: str
    since: Day
    until: Day
    time_zone: str
    step: Annotated[str, Step]
    plan: Day | None
    of: dict[str, str]
    figures: list[FigureShape]


def line_shape(source: Source, url: str) -> ReportLine:
    return {"key": source.key, "title": source.title(), "filters": list(source.filters), "url": url}


def figures_shape(report: Report, asked: Asked) -> FiguresShape:
    span = asked.span
    return {
        "key": report.key,
        "title": report.title,
        "since": span.first.isoformat(),
        "until": span.last.isoformat(),
        "time_zone": span.zone.key,
        "step": span.step.value,
        "plan": asked.plan.isoformat() if asked.plan else None,
        "of": dict(asked.of),
        "figures": [_figure(figure) for figure in report.figures],
    }


def _figure(figure: Figure) -> FigureShape:
    return {
        "key": figure.key,
        "title": figure.title,
        "note": figure.note,
        "finding": figure.finding,
        "better": figure.better.value,
        "headline": _measure(figure.headline),
        "change": change_shape(figure.change) if figure.change else None,
        "chart": _chart(figure.chart) if figure.chart else None,
        "table": _table(figure.table) if figure.table else None,
    }


def _measure(measure: Measure) -> MeasureShape:
    return {"value": measure.value, "unit": measure.unit.value, "pick": _pick(measure.pick) if measure.pick else None}


def _pick(pick: Pick) -> PickShape:
    return {"figure": pick.figure, "cell": pick.cell}


def change_shape(change: Change) -> ChangeShape:
    return {
        "before": change.before,
        "after": change.after,
        "effect": change.effect,
        "low": change.low,
        "high": change.high,
        "before_cases": change.before_cases,
        "after_cases": change.after_cases,
        "is_sure": change.is_sure,
    }


def _chart(chart: Chart) -> ChartShape:
    return {
        "kind": chart.kind.value,
        "unit": chart.unit.value,
        "labels": [str(_cell(label)) for label in chart.labels],
        "series": [
            {"key": one.key, "name": one.name, "values": list(one.values), "is_earlier": one.is_earlier}
            for one in chart.series
        ],
        "goal": chart.goal,
    }


def _table(table: Table) -> TableShape:
    return {
        "columns": [{"key": one.key, "name": one.name, "unit": one.unit.value} for one in table.columns],
        "rows": [
            {
                "cells": [_cell(value) for value in row.cells],
                "picks": {key: _pick(pick) for key, pick in row.picks.items()},
            }
            for row in table.rows
        ],
    }


def _cell(value: int | float | str | date | None) -> int | float | str | None:
    return value.isoformat() if isinstance(value, date) else value
