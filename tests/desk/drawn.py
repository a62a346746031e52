"""Components that show what was counted, as the gallery has them."""

from typing import Any

from desk.charts.drawing import draw
from reports.shape import Chart, Kind, Series, Unit


def a_drawing(kind: Kind) -> Any:
    series = (Series("now", "Now", (3, 5)), Series("now", "A year before", (4, None), is_earlier=True))
    return draw(Chart(kind, Unit.COUNT, ("Monday", "Tuesday"), series))


DRAWN: dict[str, tuple[str, dict[str, Any]]] = {
    "plot": (
        '<c-plot :plot="d.plot" :numbers="d.numbers" name="Opened" head="Day" />',
        {"d": a_drawing(Kind.LINES)},
    ),
    "bars": ('<c-bars :bars="d.bars" name="Causes" />', {"d": a_drawing(Kind.BARS)}),
}
