"""A report as a page has it: its figures as cards in rows, its numbers as texts that lead to their cases."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from desk.charts.bars import Bar
from desk.charts.drawing import Drawing, draw
from reports.asked import Asked
from reports.saying import change_text, change_tone, difference_text, measure_text, value_text
from reports.shape import Chart, Figure, Kind, Pick, Report, Row, Table, Unit, Value

SHOWN_ROWS = 10
TEXTS = frozenset({Unit.TEXT, Unit.DATE})


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    url: str = ""
    is_number: bool = True
    head: str = ""


@dataclass(frozen=True, slots=True)
class CardTable:
    """`rows` are shown, `rest` is folded away."""

    heads: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rest: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Delta:
    """A change: its direction (“up” or “down”), how far, and a sentence on how sure that is."""

    way: str
    text: str
    tone: str
    sentence: str


@dataclass(frozen=True, slots=True)
class FigureCard:
    figure: Figure
    headline: Cell
    delta: Delta | None
    drawing: Drawing | None
    table: CardTable | None
    head: str
    """What a step of its chart is called."""

    @property
    def is_small(self) -> bool:
        return self.figure.chart is not None and self.figure.chart.kind is Kind.SPARK

    @property
    def is_empty(self) -> bool:
        """Neither drawn nor listed, though it could be."""
        drawn = self.drawing and (self.drawing.plot or self.drawing.bars)
        return not drawn and not (self.table and self.table.rows) and bool(self.drawing or self.table)

    @property
    def folds_its_table(self) -> bool:
        """Where the bars say the same, or there is no room for it."""
        return self.is_small or bool(self.drawing and self.drawing.bars)


@dataclass(frozen=True, slots=True)
class Band:
    """Cards side by side; `look` is the class of their row."""

    look: str
    cards: tuple[FigureCard, ...]

    @property
    def has_earlier(self) -> bool:
        charts = [card.figure.chart for card in self.cards if card.figure.chart]
        return any(series.is_earlier for chart in charts for series in chart.series)


class Cases:
    """Addresses of the cases behind numbers, as far as a number has any."""

    def __init__(self, key: str, query: Mapping[str, str]) -> None:
        self._path, self._query = reverse("desk:report_cases", args=[key]), dict(query)

    def of(self, pick: Pick | None) -> str:
        if pick is None:
            return ""
        return f"{self._path}?{urlencode({**self._query, 'figure': pick.figure, 'cell': pick.cell})}"


def bands_of(report: Report, asked: Asked, cases: Cases) -> list[Band]:
    """Large charts in pairs, small ones by four, the rest by two."""
    found: list[Band] = []
    for look, group in groupby(report.figures, key=_look):
        cards = [_card(figure, asked, cases) for figure in group]
        found += [Band(look, tuple(cards[at : at + _AT_ONCE[look]])) for at in range(0, len(cards), _AT_ONCE[look])]
    return [replace(band, look="rall") if len(band.cards) == 1 and band.look != "g4" else band for band in found]


_AT_ONCE = {"rtop": 2, "g4": 4, "rbot": 2}


def _look(figure: Figure) -> str:
    if figure.chart is None:
        return "rbot" if figure.table else "g4"
    return {Kind.LINES: "rtop", Kind.STACK: "rtop", Kind.SPARK: "g4", Kind.BARS: "rbot"}[figure.chart.kind]


def _card(figure: Figure, asked: Asked, cases: Cases) -> FigureCard:
    drawing = draw(figure.chart) if figure.chart else None
    table = _table(figure.table, cases) if figure.table else None
    if drawing and drawing.bars and figure.table:
        drawing = replace(drawing, bars=_linked(drawing.bars, figure.table, cases))
    return FigureCard(
        figure,
        Cell(measure_text(figure.headline), cases.of(figure.headline.pick)),
        _delta(figure, asked),
        drawing,
        table,
        _step_name(figure.chart, asked),
    )


def _step_name(chart: Chart | None, asked: Asked) -> str:
    if chart is None or not chart.labels or isinstance(chart.labels[0], str):
        return _("What")
    return {"day": _("Day"), "week": _("Week of"), "month": _("Month")}[asked.span.step.value]


def _delta(figure: Figure, asked: Asked) -> Delta | None:
    if figure.change is None or (figure.change.before is None and figure.change.after is None):
        return None
    change, unit = figure.change, figure.headline.unit
    difference = change.difference
    way = "" if not difference else "up" if difference > 0 else "down"
    tone = change_tone(change, figure.better)
    return Delta(way, difference_text(change, unit), tone, change_text(change, unit, asked.plan))


def _table(table: Table, cases: Cases) -> CardTable:
    heads = tuple(Cell(column.name, is_number=column.unit not in TEXTS) for column in table.columns)
    rows = [_cells(table, row, cases) for row in table.rows]
    return CardTable(heads, tuple(rows[:SHOWN_ROWS]), tuple(rows[SHOWN_ROWS:]))


def _cells(table: Table, row: Row, cases: Cases) -> tuple[Cell, ...]:
    pairs = zip(table.columns, row.cells, strict=True)
    return tuple(
        Cell(value_text(value, column.unit), cases.of(row.picks.get(column.key)), column.unit not in TEXTS, column.name)
        for column, value in pairs
    )


def _linked(bars: tuple[Bar, ...], table: Table, cases: Cases) -> tuple[Bar, ...]:
    """A bar leads where the first number of the table's row of its name does."""
    by_name = {str(row.cells[0]): next(iter(row.picks.values()), None) for row in table.rows if row.cells}
    return tuple(replace(bar, goes_to=cases.of(by_name.get(bar.name))) for bar in bars)


def name_of(report: Report, pick: Pick) -> str:
    """Which number of a report it is that somebody has followed, in words; the report's title where it says none."""
    for figure in report.figures:
        if figure.headline.pick == pick:
            return figure.title
        for row in figure.table.rows if figure.table else ():
            for column in figure.table.columns if figure.table else ():
                if row.picks.get(column.key) == pick:
                    return f"{figure.title}: {_text(row.cells[0])}, {column.name}"
    return report.title


def _text(value: Value) -> str:
    return value_text(value, Unit.TEXT if isinstance(value, str) else Unit.COUNT)
