from datetime import timedelta

import pytest

from common import heartbeat
from common.errors import InvalidInput, NotAllowedNow
from escalation import services as escalations
from escalation import sweep
from notifications.models import Alert
from sla.models import Clock
from tests.desk.helpers import get, words
from tests.factories.people import make_team
from tickets import services, waking
from tickets.enums import EventKind, Status, Wait
from tickets.models import Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def asleep(policy, open_ticket, anna, at):
    """Anna's ticket, resting for four hours."""
    ticket = open_ticket(subject="Sleeping beauty")
    services.take(user=anna, number=ticket.number, now=at)
    return services.snooze(user=anna, number=ticket.number, until=at + 4 * HOUR, reason="Batch at noon", now=at)


def until(ticket: Ticket):
    return Ticket.objects.get(number=ticket.number).snoozed_until


def test_it_is_out_of_the_way_until_its_moment(asleep, anna, at):
    assert list(Ticket.objects.awake(at)) == []
    assert list(Ticket.objects.snoozed(at)) == [asleep]
    assert list(Ticket.objects.awake(at + 4 * HOUR)) == [asleep]
    for view, shown in (("", False), ("do-next", False), ("snoozed", True)):
        assert ("Sleeping beauty" in words(get(anna, "desk:inbox", view=view))) is shown


def test_no_clock_stops_for_it(asleep, at):
    assert {clock.due_at for clock in Clock.objects.filter(ticket=asleep)} == {at + 6 * HOUR, at + 24 * HOUR}


def test_it_comes_back_at_its_moment_once_and_its_owner_hears_of_it(asleep, anna, time, at):
    time.move_to(at + 4 * HOUR - timedelta(seconds=1))
    assert waking.run() == 0
    time.move_to(at + 4 * HOUR)

    assert (waking.run(), waking.run()) == (1, 0)

    assert until(asleep) is None
    assert [alert.ticket_number for alert in Alert.objects.filter(recipient=anna, kind="awake")] == [asleep.number]
    assert asleep.events.filter(kind=EventKind.SNOOZED).count() == 2
    assert heartbeat.last("waking") == at + 4 * HOUR


def test_work_on_hold_is_taken_up_again_by_itself(open_ticket, anna, time, at):
    ticket = open_ticket()
    services.snooze(user=anna, number=ticket.number, until=at + HOUR, now=at, hold=True)
    assert Ticket.objects.get(number=ticket.number).status == Status.ON_HOLD

    time.move_to(at + HOUR)
    waking.run()

    assert Ticket.objects.get(number=ticket.number).status == Status.OPEN


def test_what_was_put_on_hold_until_then_waits_for_that_date_and_goes_on_when_it_is_woken(open_ticket, anna, at):
    ticket = open_ticket()
    services.snooze(user=anna, number=ticket.number, until=at + HOUR, now=at, hold=True)
    held = Ticket.objects.get(number=ticket.number)

    services.wake(user=anna, number=ticket.number, now=at)

    assert held.waits_for == Wait.AGREED_DATE
    assert Ticket.objects.get(number=ticket.number).status == Status.OPEN


def test_what_waits_for_somebody_goes_on_waiting_when_it_is_woken(open_ticket, anna, at):
    ticket = open_ticket()
    services.change_status(user=anna, number=ticket.number, verb="hold", now=at)
    services.snooze(user=anna, number=ticket.number, until=at + HOUR, now=at, hold=True)

    services.wake(user=anna, number=ticket.number, now=at)

    assert Ticket.objects.get(number=ticket.number).status == Status.ON_HOLD


def test_what_does_not_sleep_is_not_woken_from_its_hold(open_ticket, anna, at):
    ticket = open_ticket()
    services.change_status(user=anna, number=ticket.number, verb="hold", waits_for=Wait.AGREED_DATE, now=at)

    services.wake(user=anna, number=ticket.number, now=at)

    assert Ticket.objects.get(number=ticket.number).status == Status.ON_HOLD


def test_the_customers_word_wakes_it(asleep, cora, at):
    services.reply(user=cora, number=asleep.number, body="Any news?", now=at + HOUR)

    assert until(asleep) is None


def test_a_missed_promise_wakes_it_at_once(asleep, anna, time, at):
    services.snooze(user=anna, number=asleep.number, until=at + 48 * HOUR, now=at)
    time.move_to(at + 6 * HOUR)
    sweep.run()

    assert until(asleep) is None
    assert asleep.events.filter(kind=EventKind.SNOOZED, data__until="").exists()


def test_an_escalation_wakes_it_at_once(asleep, anna, mona, at):
    make_team("Cards", lead=mona)
    escalations.escalate(
        user=anna,
        ticket_number=asleep.number,
        kind="functional",
        severity=3,
        reason="technical",
        summary="Look",
        team_slug="cards",
        now=at,
    )

    assert until(asleep) is None


def test_solving_ends_it(asleep, anna, at):
    services.change_status(user=anna, number=asleep.number, verb="solve", now=at)

    assert until(asleep) is None
    with pytest.raises(NotAllowedNow, match="nothing to come back to"):
        services.snooze(user=anna, number=asleep.number, until=at + HOUR, now=at)


@pytest.mark.parametrize("late", [timedelta(), -HOUR, timedelta(days=400)])
def test_a_moment_must_be_to_come_and_within_a_year(open_ticket, anna, at, late):
    with pytest.raises(InvalidInput) as error:
        services.snooze(user=anna, number=open_ticket().number, until=at + late, now=at)

    assert set(error.value.errors) == {"until"}


def test_one_that_fails_stops_no_other(open_ticket, anna, at, time, monkeypatch):
    first, second = open_ticket(), open_ticket()
    for ticket in (first, second):
        services.snooze(user=anna, number=ticket.number, until=at + HOUR, now=at)
    wake_up = waking.wake_up

    def fails(*, number, now):
        if number == first.number:
            raise RuntimeError("no")
        return wake_up(number=number, now=now)

    monkeypatch.setattr(waking, "wake_up", fails)
    time.move_to(at + HOUR)

    assert waking.run() == 1
    assert until(second) is None


def test_those_that_always_fail_leave_room_for_the_others_and_are_not_tried_without_end(
    open_ticket, anna, at, time, monkeypatch
):
    poisoned, well = open_ticket(), open_ticket()
    services.snooze(user=anna, number=poisoned.number, until=at + HOUR, now=at)
    services.snooze(user=anna, number=well.number, until=at + 2 * HOUR, now=at)
    wake_up, tried = waking.wake_up, []

    def fails(*, number, now):
        tried.append(number)
        if number == poisoned.number:
            raise RuntimeError("no")
        return wake_up(number=number, now=now)

    monkeypatch.setattr(waking, "wake_up", fails)
    monkeypatch.setattr(waking, "BATCH", 1)
    time.move_to(at + 2 * HOUR)

    assert sum(waking.run() for _round in range(3)) == 1
    assert until(well) is None
    assert tried.count(poisoned.number) == 1
