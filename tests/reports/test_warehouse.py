"""The timeline for a warehouse: each event once, in order, resumable, and nothing that could still be overtaken."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from reports import parquet, warehouse
from tests.reports.histories import settle
from tickets import actions as tickets
from tickets.models import Event

pytestmark = pytest.mark.each

HOUR = timedelta(hours=1)


@pytest.fixture
def lived(payments, anna, open_ticket, at, time):
    """Two tickets with a note each, and the facts behind them."""
    for _ in range(2):
        tickets.note(ticket=open_ticket(), author=anna, body="To colleagues only.", now=at)
    time.move_to(at + HOUR)
    settle()
    return list(Event.objects.order_by("pk"))


def cursors(lines) -> list[int]:
    return [line["cursor"] for line in lines]


def test_every_event_comes_once_in_its_order(lived):
    assert cursors(warehouse.events()) == [event.pk for event in lived]


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_whoever_goes_on_from_his_cursor_misses_nothing_and_gets_nothing_twice(lived, size, monkeypatch):
    monkeypatch.setattr(warehouse, "BATCH", 3)
    found, after = [], 0

    while part := cursors(warehouse.events(after=after, most=size)):
        found += part
        after = part[-1]

    assert found == [event.pk for event in lived]


def test_what_is_not_settled_waits(lived, open_ticket):
    open_ticket()

    assert cursors(warehouse.events()) == [event.pk for event in lived]


def test_a_line_says_who_did_what_to_what_and_no_word_of_it(lived, anna):
    noted = next(line for line in warehouse.events() if line["kind"] == "ticket.noted")

    assert (noted["actor"], noted["ticket"]) == (anna.email, lived[0].ticket_id)
    assert "colleagues" not in json.dumps(noted["data"])


def test_the_command_writes_lines_and_the_cursor_to_go_on_from(lived, capsys):
    call_command("export_events", after=lived[0].pk)

    out, err = capsys.readouterr()
    assert cursors(map(json.loads, out.splitlines())) == [event.pk for event in lived[1:]]
    assert err.strip() == f"cursor {lived[-1].pk}"


def test_the_command_writes_parquet(lived, tmp_path):
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra “warehouse” is not installed")
    file = tmp_path / "events.parquet"

    call_command("export_events", parquet=file)

    rows = pq.read_table(file).to_pylist()
    assert cursors(rows) == [event.pk for event in lived]
    assert rows[0]["at"] == lived[0].at
    assert json.loads(rows[0]["data"]) == lived[0].data
    assert [found.name for found in tmp_path.iterdir()] == ["events.parquet"]


def test_a_file_that_cannot_be_finished_is_not_there(lived, tmp_path, monkeypatch):
    pytest.importorskip("pyarrow", reason="the extra “warehouse” is not installed")
    file = tmp_path / "events.parquet"
    broken = iter([{"cursor": "no number", "data": {}}])

    with pytest.raises(Exception, match=r"no number|int"):
        parquet.write(broken, file)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", [{"after": -1}, {"parquet": "nowhere/at/all.parquet"}])
def test_the_command_says_what_is_wrong(given, db, tmp_path):
    if "parquet" in given:
        given = {"parquet": tmp_path / given["parquet"]}
    with pytest.raises(CommandError):
        call_command("export_events", **given)


def test_without_the_extra_it_says_what_to_install(lived, tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "is_available", lambda: False)

    with pytest.raises(CommandError, match="warehouse"):
        call_command("export_events", parquet=tmp_path / "events.parquet")
