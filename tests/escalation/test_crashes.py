"""A sweep that dies between any two steps loses nothing, and the next one doubles nothing (DESIGN §3.1, §3.2)."""

from datetime import timedelta

import pytest

from common.failpoints import Point
from escalation import sweep
from escalation.models import Escalation
from notifications.models import Alert, Delivery
from sla.models import Breach, Clock
from tickets.enums import Priority

STEPS = [Point.AFTER_CLAIM, Point.BEFORE_COMMIT, Point.AFTER_COMMIT]


# The first time with the clocks, the second with their breaches.
@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("point", STEPS)
def test_a_sweep_that_dies_while_promises_are_missed(point, nth, crash_at, policy, open_ticket, mona, rosa, time, at):
    numbers = [open_ticket().number for _ in range(2)]
    time.move_to(at + timedelta(hours=6))

    with crash_at(point, nth):
        sweep.run()
    sweep.run()

    assert sorted(Escalation.objects.values_list("ticket", flat=True)) == numbers
    told = Alert.objects.filter(kind="breach").order_by("ticket_number", "recipient__name")
    assert list(told.values_list("ticket_number", "recipient__name")) == [
        (number, person.name) for number in numbers for person in (mona, rosa)
    ]
    assert Delivery.objects.filter(template="alert").count() == 4
    # To die is nobody's fault: no row is set aside for it.
    assert {row.attempts for model in (Clock, Breach) for row in model.objects.all()} == {0}


@pytest.mark.parametrize("point", STEPS)
def test_a_sweep_that_dies_on_a_ladder_tells_the_next_level_once_and_the_one_after_it_no_sooner(
    point, crash_at, breached, adam, time
):
    breached()
    time.move_to(time.now + timedelta(hours=1))

    with crash_at(point):
        sweep.run()
    sweep.run()

    told = Alert.objects.filter(kind="escalation")
    assert list(told.values_list("recipient__name", flat=True)) == [adam.name]


@pytest.mark.parametrize("point", STEPS)
def test_a_sweep_that_dies_over_an_overdue_update_tells_of_it_once(point, crash_at, breached, mona, time):
    escalation = breached(priority=Priority.URGENT)
    escalation.rungs.update(next_moment=None)
    time.move_to(time.now + timedelta(hours=1))

    with crash_at(point):
        sweep.run()
    sweep.run()

    # One for each audience that waits.
    assert Alert.objects.filter(kind="overdue", recipient=mona).count() == 2
