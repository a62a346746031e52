"""“How we count this”: the customer's half of a ledger."""

from datetime import timedelta

import pytest

from calendars.actions import create_calendar
from sla.publishing import change_policy
from tests.factories.sla import HOUR, make_policy, same_for_all
from tickets import actions as tickets

ONE_HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
WEEKDAYS = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]
CANARY = "KANARIENVOGEL"


@pytest.fixture
def page(client, payments, open_ticket, anna, adam, cora, time, at) -> str:
    """Of a ticket with everything internal that a ledger can hold: reasons, names of people, policies and calendars."""
    office = create_calendar(name=f"{CANARY} hours", time_zone="UTC", periods=WEEKDAYS, holidays=[], now=at)
    policy = make_policy(at, resolution=10 * HOUR, calendar=office, name=f"{CANARY} policy")
    adam.name = f"{CANARY} Adam"
    adam.save()
    ticket = open_ticket()
    asked = at + 80 * MINUTE + 10 * SECOND
    tickets.change_status(ticket=ticket, verb="wait", now=asked, by=adam, reason=f"{CANARY} reason")
    tickets.change_status(ticket=ticket, verb="resume", now=at + 2 * ONE_HOUR, by=adam, reason=f"{CANARY} on")
    change_policy(
        policy=policy,
        targets=same_for_all("resolution", 8 * HOUR),
        calendar=None,
        name=f"{CANARY} new",
        now=at + 3 * ONE_HOUR,
        by=adam,
        applies_to="new_and_open",
    )
    time.move_to(at + 4 * ONE_HOUR)
    client.force_login(cora)
    return " ".join(client.get(f"/help/{ticket.number}/counting/").content.decode().split())


def test_a_customer_reads_how_a_promise_adds_up_and_nothing_internal(page):
    for part in (
        "How we count this",
        "10:00–11:20:10",
        "1h 20m 10s",
        "we waited for your answer; 39m 50s of working time went by",
        "Target 10h 00m → 8h 00m",
        # 1:20:10 + 1:00:00 + 1:00:00, and 14:00 + 4:39:50.
        "3h 20m 10s",
        "4h 39m 50s",
        "Wed 18 Nov 2026, 18:39:50",
    ):
        assert part in page, part
    assert CANARY not in page


def test_a_promise_in_working_hours_and_one_round_the_clock_say_so(client, payments, open_ticket, cora, at):
    office = create_calendar(name="Office", time_zone="UTC", periods=WEEKDAYS, holidays=[], now=at)
    client.force_login(cora)
    make_policy(at, resolution=10 * HOUR, conditions={"priority": ["high"]}, name="Round the clock")
    make_policy(at, resolution=10 * HOUR, calendar=office, name="Office hours", order=200)

    always, office_hours = (
        client.get(f"/help/{open_ticket(priority=priority).number}/counting/").content.decode()
        for priority in ("high", "low")
    )

    assert "10h 00m round the clock, counted from Wed 18 Nov 2026, 10:00." in always
    assert "10h 00m of our working hours, counted from Wed 18 Nov 2026, 10:00." in office_hours
    assert "10:00–17:00" in office_hours and "Closed hours" not in office_hours


@pytest.mark.parametrize(
    ("waits_for", "said"),
    [
        ("supplier", "we waited for somebody else"),
        ("colleagues", "we waited for somebody else"),
        ("planned_work", "planned work"),
        ("agreed_date", "until the agreed date"),
    ],
)
def test_what_we_waited_for_is_told_to_the_customer_without_saying_whom(
    waits_for, said, client, payments, open_ticket, anna, cora, time, at
):
    make_policy(at, pauses={waits_for: ["resolution"]})
    ticket = open_ticket()
    tickets.change_status(ticket=ticket, verb="hold", now=at, by=anna, waits_for=waits_for, reason=f"{CANARY} Ltd")
    time.move_to(at + ONE_HOUR)
    client.force_login(cora)

    page = " ".join(client.get(f"/help/{ticket.number}/counting/").content.decode().split())

    assert f"{said}; 1h 00m 00s of working time went by" in page or f"{said}; 1h 00m of working time went by" in page
    assert CANARY not in page and "supplier" not in page
