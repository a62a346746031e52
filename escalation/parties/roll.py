"""A list of customers as somebody hands it in: a CSV file, or lines in a field. Pure: no model, no clock."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.errors import InvalidInput

MOST_BYTES = 5_000_000
# The module's own limit belongs to the whole process, and the importer sets another.
LONGEST_CELL = 10_000
MOST_LINES = 50_000
DELIMITERS = ",;\t"
# What a report shows of a line.
SHOWN = 200
_ADDRESS = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
_HEADS = {"email", "e-mail", "mail", "address", "e-mail address", "email address", "correo", "adresse"}


@dataclass(frozen=True, slots=True)
class Line:
    """`number` as a spreadsheet counts its rows; `text` the row as it came; `email` in small letters."""

    number: int
    text: str
    email: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A line that was left out, and why."""

    line: int
    text: str
    reason: str


def decoded(content: bytes) -> str:
    """UTF-8 with or without a mark, else as Western spreadsheets save; InvalidInput for what is no text."""
    if len(content) > MOST_BYTES:
        raise InvalidInput.of("file", _("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1_000_000})
    if b"\x00" in content:
        raise InvalidInput.of("file", _("This is no CSV file: save the sheet as CSV first."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str, *, field: str = "file") -> tuple[list[Line], list[NotTaken]]:
    """The lines that hold an address, and those that do not. Blank ones are passed over.

    A first row of column names says where the address stands; without one the first cell that looks like an
    address is meant. Raises InvalidInput where nothing can be read at all.
    """
    first = text.lstrip("\r\n").partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count))
    lines: list[Line] = []
    wrong: list[NotTaken] = []
    column: int | None = None
    begun = False
    try:
        for number, cells in enumerate(_cells(rows), start=1):
            if not any(cells):
                continue
            if not begun:
                begun, column = True, _address_column(cells)
                if column is not None:
                    continue
            _take(number, cells, column, lines, wrong)
    except csv.Error as error:
        raise InvalidInput.of(field, _("Line %(line)d cannot be read.") % {"line": rows.line_num}) from error
    if not begun or not (lines or wrong):
        raise InvalidInput.of(field, _("There is no customer on this list."))
    if len(lines) + len(wrong) > MOST_LINES:
        raise InvalidInput.of(field, _("A list has at most %(most)d lines.") % {"most": MOST_LINES})
    return lines, wrong


def _address_column(cells: list[str]) -> int | None:
    """Where the column names say that the address stands; None if this is no row of names."""
    return next((at for at, cell in enumerate(cells) if cell.casefold() in _HEADS), None)


def _cells(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    for row in rows:
        cells = [cell.strip() for cell in row]
        if max(map(len, cells), default=0) > LONGEST_CELL:
            raise csv.Error("a quote that is never closed swallows the rest of the file")
        yield cells


def _take(number: int, cells: list[str], column: int | None, lines: list[Line], wrong: list[NotTaken]) -> None:
    text = ", ".join(cell for cell in cells if cell)[:SHOWN]
    offered = cells if column is None else cells[column : column + 1]
    found = next((cell for cell in offered if _ADDRESS.fullmatch(cell) and len(cell) <= 254), None)
    if found is None:
        wrong.append(NotTaken(number, text, _("There is no e-mail address on this line.")))
    else:
        lines.append(Line(number, text, found.lower()))
