"""A report as a letter: what its mail shows of each figure, in the active language. Pure."""

from datetime import date
from typing import Any

from reports.saying import change_text, label_texts, measure_text, value_text
from reports.shape import Chart, Figure, Kind, Report, Table, Unit

MOST_ROWS = 15
MOST_BARS = 16


def figures_of(report: Report, plan: date | None) -> list[dict[str, Any]]:
    """As plain texts and numbers: they wait in the outbox."""
    return [_figure(figure, plan) for figure in report.figures]


def _figure(figure: Figure, plan: date | None) -> dict[str, Any]:
    unit = figure.headline.unit
    return {
        "title": figure.title,
        "headline": measure_text(figure.headline),
        "said": [text for text in (figure.note, figure.finding, _change(figure, unit, plan)) if text],
        "bars": _bars(figure.chart) if figure.chart else None,
        "table": _table(figure.table) if figure.table else None,
    }


def _change(figure: Figure, unit: Unit, plan: date | None) -> str:
    return change_text(figure.change, unit, plan) if figure.change else ""


def _bars(chart: Chart) -> dict[str, Any]:
    """A row for each step with a bar for each of its series, or one for all of a stack; the last so many."""
    now = [series for series in chart.series if not series.is_earlier]
    steps = list(zip(*(series.values for series in now), strict=True))
    if chart.kind is Kind.STACK:
        steps = [(sum(value or 0 for value in values),) for values in steps]
    rows = list(zip(label_texts(chart), steps, strict=False))
    shown = rows[:MOST_BARS] if chart.kind is Kind.BARS else rows[-MOST_BARS:]
    most = max((value or 0 for _name, values in shown for value in values), default=0) or 1
    return {
        "heads": [] if chart.kind is Kind.STACK else [series.name for series in now],
        "rows": [
            {"name": name, "values": [_bar(value, chart.unit, most) for value in values]} for name, values in shown
        ],
    }


def _bar(value: float | None, unit: Unit, most: float) -> dict[str, Any]:
    """As long as its share of the longest, in hundredths."""
    return {"text": value_text(value, unit), "width": round(max(0, value or 0) * 100 / most)}


def _table(table: Table) -> dict[str, Any]:
    units = [column.unit for column in table.columns]
    rows = [[value_text(*cell) for cell in zip(row.cells, units, strict=True)] for row in table.rows[:MOST_ROWS]]
    return {
        "heads": [column.name for column in table.columns],
        "rows": rows,
        "more": max(0, len(table.rows) - MOST_ROWS),
    }
