"""Components that show what was counted, as the gallery has them."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from desk.charts.drawing import draw
from desk.looks.reports.report import Cases, bands_of
from reports.asked import Asked, Span
from reports.shape import Change, Chart, Column, Figure, Kind, Measure, Report, Row, Series, Table, Unit


def a_drawing(kind: Kind) -> Any:
    series = (Series("now", "Now", (3, 5)), Series("now", "A year before", (4, None), is_earlier=True))
    return draw(Chart(kind, Unit.COUNT, ("Monday", "Tuesday"), series))


def a_card() -> Any:
    table = Table((Column("team", "Team", Unit.TEXT), Column("n", "Tickets")), (Row(("Payments", 3)),))
    change = Change(5, 3, -0.3, -4, 1, 9, 8)
    figure = Figure("opened", "Opened", Measure(3, Unit.COUNT), "by team", change=change, table=table)
    asked = Asked(Span(date(2026, 11, 1), date(2026, 11, 9), ZoneInfo("UTC")))
    return bands_of(Report("sample", "Sample", (figure,)), asked, Cases("sample", {}))[0].cards[0]


DRAWN: dict[str, tuple[str, dict[str, Any]]] = {
    "plot": (
        '<c-plot :plot="d.plot" :numbers="d.numbers" name="Opened" head="Day" />',
        {"d": a_drawing(Kind.LINES)},
    ),
    "figure": ('<c-figure :card="card" />', {"card": a_card()}),
    "bars": ('<c-bars :bars="d.bars" name="Causes" />', {"d": a_drawing(Kind.BARS)}),
}
