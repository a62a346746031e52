"""A view as a table: what one may see and no more, in batches, with nothing that a spreadsheet would run."""

import csv
import io
import zipfile
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test.utils import CaptureQueriesContext

from desk.looks.inbox import export
from tests.desk.helpers import get
from tests.factories.people import make_team
from tickets.models import CustomField, Ticket

pytestmark = pytest.mark.each


def sent(response) -> bytes:
    async def read() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return async_to_sync(read)()


def table(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sent(response).decode("utf-8-sig"), newline="")))


def test_a_view_is_a_table_in_its_order_with_times_in_the_readers_zone(policy, open_ticket, anna, at):
    anna.time_zone = "America/Sao_Paulo"
    anna.save()
    open_ticket(subject="later")
    open_ticket(subject="late", now=at - timedelta(hours=7))
    open_ticket(subject="secret", team=make_team("Fraud", restricted=True))

    answer = get(anna, "desk:inbox_export", format="csv")
    head, *rows = table(answer)

    assert answer["Content-Disposition"].startswith('attachment; filename="tickets-2026-11-18-')
    assert head[:2] == ["Number", "Subject"]
    assert [row[1] for row in rows] == ["late", "later"]
    assert rows[1][head.index("Opened")] == "2026-11-18 07:00:00-03:00"
    assert rows[1][head.index("Customer")] == "Cora Menezes"


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_cell_is_a_formula(open_ticket, anna, start, form):
    open_ticket(subject=f"{start}1+1")

    answer = sent(get(anna, "desk:inbox_export", format=form))

    if form == "xlsx":
        with zipfile.ZipFile(io.BytesIO(answer)) as book:
            answer = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in answer
    assert f"'{start}1+1".encode() in answer.replace(b"&#39;", b"'")


def test_tabs_and_returns_are_no_way_round(open_ticket):
    assert export.text_of("\t=1") == "'\t=1"
    assert export.text_of("\r=1") == "'\r=1"
    assert export.text_of("plain") == "plain"


def test_it_is_read_in_batches_of_which_each_costs_the_same(open_ticket, anna, monkeypatch):
    monkeypatch.setattr(export, "BATCH", 2)
    for number in range(5):
        open_ticket(subject=f"T{number}")

    with CaptureQueriesContext(connection) as caught:
        rows = table(get(anna, "desk:inbox_export", q="is:open"))

    assert [row[1] for row in rows[1:]] == [f"T{number}" for number in range(5)]
    assert sum("UNION ALL" in query["sql"] for query in caught) == 4


def test_a_wrong_search_and_a_wrong_format_export_nothing(open_ticket, anna):
    assert get(anna, "desk:inbox_export", q="colour:blue").status_code == 422
    assert get(anna, "desk:inbox_export", format="pdf").status_code == 404


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_desks_own_fields_are_columns_too(open_ticket, anna, form):
    CustomField.objects.create(key="plan", label="=Plan", type="choice", choices=["Gold"])
    CustomField.objects.create(key="gone", label="Retired", type="text", is_enabled=False)
    for values in ({"plan": "Gold", "gone": "x"}, {}):
        Ticket.objects.filter(pk=open_ticket().pk).update(fields=values)

    answer = get(anna, "desk:inbox_export", format=form)

    if form == "csv":
        head, *rows = table(answer)
        assert head[-1] == "'=Plan"
        assert sorted(row[-1] for row in rows) == ["", "Gold"]
        return
    with zipfile.ZipFile(io.BytesIO(sent(answer))) as book:
        texts = book.read("xl/worksheets/sheet1.xml") + (
            book.read("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in book.namelist() else b""
        )
    assert b"Gold" in texts and b"Plan" in texts and b"Retired" not in texts
