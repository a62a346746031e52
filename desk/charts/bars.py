"""Lying bars with a name before and a number behind each. Pure."""

from dataclasses import dataclass

from reports.saying import label_texts, value_text
from reports.shape import Chart

WIDTH = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """`width` of a hundred; `goes_to` leads to the cases behind it."""

    name: str
    text: str
    width: float
    goes_to: str = ""


def draw_bars(chart: Chart) -> tuple[Bar, ...]:
    """One for each name, of the chart's first series; as long as the longest is wide."""
    values = chart.series[0].values if chart.series else ()
    most = max((value for value in values if value is not None), default=0) or 1
    return tuple(
        Bar(name, value_text(value, chart.unit), round(max(0.0, float(value or 0)) * WIDTH / most, 1))
        for name, value in zip(label_texts(chart), values, strict=True)
    )
