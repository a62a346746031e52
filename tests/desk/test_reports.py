"""The reports page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from desk.looks.charts import HEIGHT, WIDTH, bars
from escalation import sweep
from tickets import actions as tickets

pytestmark = pytest.mark.each


def test_an_empty_desk_has_an_empty_report(client: Client, anna):
    client.force_login(anna)

    page = client.get("/reports/thirty-days/").content.decode()

    assert "None judged yet" in page
    assert "No reply yet" in page
    assert "Nobody urgent is without an owner." in page


def test_the_page_shows_what_was_kept_and_missed(client: Client, anna, mona, policy, open_ticket, time, at):
    kept = open_ticket()
    tickets.reply(ticket=kept, author=anna, body="Here.", now=at + timedelta(hours=1))
    open_ticket(priority="urgent", subject="Terminals are down")
    time.move_to(at + timedelta(hours=7))
    sweep.run()
    time.move_to(at + timedelta(hours=8))
    client.force_login(mona)

    page = " ".join(client.get("/reports/thirty-days/").content.decode().split())

    assert "50 %" in page
    assert "1 of 2 kept, 2 still run" in page
    assert "1h 00m" in page
    assert "Terminals are down" in page
    assert "Not chosen yet" in page


@pytest.mark.once
def test_its_queries_do_not_grow_with_the_tickets(client: Client, mona, policy, open_ticket):
    client.force_login(mona)
    open_ticket(priority="urgent")
    with CaptureQueriesContext(connection) as for_one:
        client.get("/reports/thirty-days/")

    for _ in range(9):
        open_ticket(priority="urgent")
    with CaptureQueriesContext(connection) as for_ten:
        client.get("/reports/thirty-days/")

    assert len(for_ten) == len(for_one)


@given(st.lists(st.integers(min_value=0, max_value=10**6), max_size=60))
def test_bars_stand_in_their_box(values):
    drawn = bars(values)

    assert drawn.total == sum(values)
    assert [bar.value for bar in drawn.bars] == values
    for bar in drawn.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= WIDTH
        assert bar.height == 0 if bar.value == 0 else 1 <= bar.height <= HEIGHT
        assert round(bar.y + bar.height, 1) == HEIGHT
