"""A view as a table for a spreadsheet: read in batches by keyset, so that memory stays as it is whatever the size."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import IO, NamedTuple

import xlsxwriter
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.looks.inbox.inbox import Asked, found_by
from people.models import User
from tickets import queue
from tickets.models import CustomField, Ticket

BATCH = 500
# A cell that begins so is a formula to a spreadsheet, whoever has written it (SECURITY, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")
XLSX_ROWS = 1_048_575
XLSX_LETTERS = 32_767

Row = list[str]


class Column(NamedTuple):
    words: Promise | str
    cell: Callable[[Ticket], object]


COLUMNS = (
    Column(_("Number"), lambda ticket: ticket.number),
    Column(_("Subject"), lambda ticket: ticket.subject),
    Column(_("Type"), lambda ticket: ticket.get_kind_display()),
    Column(_("Status"), lambda ticket: ticket.get_status_display()),
    Column(_("Priority"), lambda ticket: ticket.get_priority_display()),
    Column(_("Severity"), lambda ticket: ticket.severity),
    Column(_("Team"), lambda ticket: ticket.team),
    Column(_("Owner"), lambda ticket: ticket.assignee),
    Column(_("Customer"), lambda ticket: ticket.requester.name),
    Column(_("E-mail"), lambda ticket: ticket.requester.email),
    Column(_("Organisation"), lambda ticket: ticket.organisation),
    Column(_("Tags"), lambda ticket: ", ".join(tag.name for tag in ticket.tags.all())),
    Column(_("Opened"), lambda ticket: ticket.created_at),
    Column(_("Changed"), lambda ticket: ticket.updated_at),
    Column(_("Due"), lambda ticket: ticket.next_due_at),
    Column(_("Solved"), lambda ticket: ticket.solved_at),
)


def columns() -> list[Column]:
    """What every desk knows of a ticket, and the desk's own fields behind it. One query."""
    own = CustomField.objects.in_use().values_list("key", "label")
    return [*COLUMNS, *(Column(label, _own(key)) for key, label in own)]


def heads(shown: Sequence[Column]) -> Row:
    return [text_of(column.words) for column in shown]


def batches(user: User, asked: Asked, now: datetime, shown: Sequence[Column]) -> Iterator[list[Row]]:
    """The view's rows in its order, the heads first, some hundred at a time, three queries each."""
    yield [heads(shown)]
    found, order = found_by(user, asked, now), asked.sorting
    after = None
    while places := queue.page(found, order, now=now, after=after, size=BATCH):
        numbers = [place.number for place, _group in places]
        tickets = Ticket.objects.with_people().prefetch_related("tags").in_bulk(numbers)
        yield [[text_of(column.cell(tickets[number])) for column in shown] for number in numbers if number in tickets]
        after = places[-1][0]


def csv_parts(rows: Iterator[list[Row]]) -> Iterator[bytes]:
    """UTF-8 with a mark, so that spreadsheets take it for what it is (RFC 4180 otherwise)."""
    yield "\ufeff".encode() + _lines(next(rows, []))
    for batch in rows:
        yield _lines(batch)


def write_xlsx(target: IO[bytes], rows: Iterator[list[Row]]) -> None:
    """One sheet of texts, written row by row; what a sheet cannot hold is left out at its end."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, row in enumerate(_all(rows)):
            for column, text in enumerate(row):
                sheet.write_string(at, column, text[:XLSX_LETTERS])


def _all(rows: Iterator[list[Row]]) -> Iterator[Row]:
    left = XLSX_ROWS + 1
    for batch in rows:
        yield from batch[:left]
        left -= len(batch[:left])


def _own(key: str) -> Callable[[Ticket], object]:
    return lambda ticket: ticket.fields.get(key)


def _lines(rows: Sequence[Row]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def text_of(value: object) -> str:
    """A cell: times in the reader's zone with its offset, and nothing that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(sep=" ", timespec="seconds")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
