"""A report as a file: each figure with its headline, its table and its chart's numbers, as numbers."""

import csv
import io
from collections.abc import Iterator
from datetime import date

import xlsxwriter

from desk.charts.drawing import label_names
from desk.looks.export import XLSX_LETTERS, text_of
from reports.saying import unit_text
from reports.shape import Chart, Figure, Report, Table, Unit, Value

Line = list[Value]
SHEET_LETTERS = 31
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def as_csv(report: Report) -> bytes:
    """UTF-8 with a mark, the figures one below the other with an empty line between."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for number, figure in enumerate(report.figures):
        if number:
            writer.writerow([])
        writer.writerows([_plain(value) for value in line] for line in lines_of(figure))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(report: Report) -> bytes:
    """A sheet for each figure."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for number, figure in enumerate(report.figures, 1):
            title = figure.title.translate(NOT_IN_NAMES).strip()
            sheet = book.add_worksheet(f"{number} {title}"[:SHEET_LETTERS])
            for at, line in enumerate(lines_of(figure)):
                for column, value in enumerate(line):
                    _write(sheet, at, column, value)
    return file.getvalue()


def lines_of(figure: Figure) -> Iterator[Line]:
    yield [figure.title, figure.headline.value, unit_text(figure.headline.unit)]
    if figure.note:
        yield [figure.note]
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
    for place, name in enumerate(label_names(chart)):
        yield [name, *(series.values[place] for series in chart.series)]


def _head(name: str, unit: Unit) -> str:
    said = unit_text(unit)
    return f"{name} ({said})" if said else name


def _plain(value: Value) -> str:
    """Numbers as every program reads them, and nothing that a spreadsheet would run."""
    return str(value) if isinstance(value, int | float) else text_of(value)


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, value: Value) -> None:
    if isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value is not None:
        text = value.isoformat() if isinstance(value, date) else text_of(value)
        sheet.write_string(row, column, text[:XLSX_LETTERS])
