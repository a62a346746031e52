"""What teams had in hand hour by hour: a row that cannot be counted stops neither the other hours nor the facts."""

from datetime import timedelta

import pytest

from common import clock
from common.models import Setback
from common.setbacks import FIRST_PAUSE
from reports import keeping, loads
from reports.counting import LOAD_ROUND
from reports.models import FactTail, LoadHour, TicketFact
from tests.reports.histories import START, Desk, check_load
from tickets import services as tickets
from tickets.models import OwnerSpell, Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(db) -> Desk:
    """Its first ticket was opened, and nothing is counted yet."""
    return Desk()


def until(desk: Desk, hours: int) -> None:
    desk.now += hours * HOUR
    clock.freeze(desk.now)


def test_a_spell_that_ends_before_it_begins_was_nobodys_load_and_stops_no_report(desk):
    until(desk, 8)
    ticket = Ticket.objects.get()
    OwnerSpell.objects.create(
        ticket=ticket, team=desk.risk, started_at=START + 5 * HOUR, ended_at=START + 3 * HOUR, owner=desk.rosa
    )

    desk.keep()

    assert TicketFact.objects.count() == 1
    check_load()
    assert not LoadHour.objects.filter(team=desk.risk).exists()


def test_an_hour_that_cannot_be_counted_stops_no_other_and_is_tried_again(desk, monkeypatch):
    until(desk, 8)
    bad, insert = START.replace(minute=0) + 3 * HOUR, loads.insert

    def refuse(model, rows):
        if any(row["hour"] == bad for row in rows):
            raise ValueError(bad)
        insert(model, rows)

    with monkeypatch.context() as broken:
        broken.setattr(loads, "insert", refuse)
        tickets.reply(user=desk.anna, number=Ticket.objects.get().number, body="Soon.", now=desk.now)
        desk.keep()

    assert TicketFact.objects.get().replies == 1
    assert FactTail.objects.get().load_from > bad
    there = set(LoadHour.objects.values_list("hour", flat=True))
    assert bad not in there and {bad - HOUR, bad + HOUR} <= there
    assert Setback.objects.get(round=LOAD_ROUND).error == "ValueError"
    desk.now += FIRST_PAUSE
    clock.freeze(desk.now)
    keeping.run()
    check_load()
    assert not Setback.objects.exists()


def test_of_what_was_opened_in_an_hour_that_could_not_be_counted_no_load_is_known(desk):
    until(desk, 8)
    desk.keep()
    hour = START.replace(minute=0).isoformat()
    Setback.objects.create(round=LOAD_ROUND, key=hour, attempts=1, next_try_at=desk.now + HOUR, error="ValueError")

    tickets.reply(user=desk.anna, number=Ticket.objects.get().number, body="Soon.", now=desk.now)
    desk.keep()

    assert (TicketFact.objects.get().replies, TicketFact.objects.get().load) == (1, None)


def test_an_hour_that_waits_is_counted_once_when_all_is_made_anew_meanwhile(desk):
    until(desk, 8)
    desk.keep()
    hour = (START.replace(minute=0) + 3 * HOUR).isoformat()
    Setback.objects.create(round=LOAD_ROUND, key=hour, attempts=1, next_try_at=START, error="ValueError")

    keeping.rebuild()

    check_load()
    assert not Setback.objects.exists()
