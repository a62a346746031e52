"""A report as a file: what was asked, and each figure with its headline, table and chart; numbers and days as such."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

import xlsxwriter
from django.utils.translation import gettext as _

from desk.looks.inbox.export import XLSX_LETTERS, text_of
from reports.asking import Wanted
from reports.saying import change_text, unit_text
from reports.shape import Chart, Figure, Report, Table, Unit, Value

Line = list[Value]
SHEET_LETTERS = 31
FIRST_WIDTH = 32
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def as_csv(report: Report, wanted: Wanted) -> bytes:
    """UTF-8 with a mark: what was asked, then the figures, with an empty line between."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([_plain(value) for value in line] for line in head_of(report, wanted))
    for figure in report.figures:
        writer.writerow([])
        writer.writerows([_plain(value) for value in line] for line in lines_of(figure, wanted.asked.plan))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(report: Report, wanted: Wanted) -> bytes:
    """A sheet that says what was asked, and one for each figure."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        days = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        _sheet(book, days, report.title, head_of(report, wanted))
        for number, figure in enumerate(report.figures, 1):
            _sheet(book, days, f"{number} {figure.title}", lines_of(figure, wanted.asked.plan))
    return file.getvalue()


def head_of(report: Report, wanted: Wanted) -> Iterator[Line]:
    """Of which days, in whose zone, of whom: a file lies about long after its page is closed."""
    span = wanted.asked.span
    yield [report.title]
    yield [_("First day"), span.first]
    yield [_("Last day"), span.last]
    yield [_("Time zone"), span.zone.key]
    if wanted.asked.plan:
        yield [_("Compared around"), wanted.asked.plan]
    for name, chosen in wanted.narrowed.items():
        yield [name, chosen]


def lines_of(figure: Figure, plan: date | None) -> Iterator[Line]:
    yield [figure.title, figure.headline.value, unit_text(figure.headline.unit)]
    change = change_text(figure.change, figure.headline.unit, plan) if figure.change else ""
    for words in (figure.note, figure.finding, change):
        if words:
            yield [words]
    if figure.table:
        yield from _table(figure.table)
    if figure.chart:
        yield from _chart(figure.chart)


def _table(table: Table) -> Iterator[Line]:
    yield [_head(column.name, column.unit) for column in table.columns]
    for row in table.rows:
        yield list(row.cells)


def _chart(chart: Chart) -> Iterator[Line]:
    yield ["", *(_head(series.name, chart.unit) for series in chart.series)]
    for name, *values in zip(chart.labels, *(series.values for series in chart.series), strict=True):
        yield [name, *values]


def _head(name: str, unit: Unit) -> str:
    said = unit_text(unit)
    return f"{name} ({said})" if said else name


def _plain(value: Value) -> str:
    """Numbers and days as every program reads them, and nothing that a spreadsheet would run."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else text_of(value)


def _sheet(book: "xlsxwriter.Workbook", days: "xlsxwriter.format.Format", name: str, lines: Iterable[Line]) -> None:
    sheet = book.add_worksheet(name.translate(NOT_IN_NAMES).strip()[:SHEET_LETTERS])
    sheet.set_column(0, 0, FIRST_WIDTH)
    for at, line in enumerate(lines):
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, days)
            elif isinstance(value, int | float):
                sheet.write_number(at, column, value)
            elif value is not None:
                sheet.write_string(at, column, text_of(value)[:XLSX_LETTERS])
