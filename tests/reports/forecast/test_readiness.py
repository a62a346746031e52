"""How far a desk is from a forecast is said as the learning itself would count it, and when it will be there (R74)."""

from datetime import timedelta

import pytest

from escalation.models import Escalation
from escalation.procedures.procedures import all_procedures
from reports.forecast import learning
from reports.forecast.readiness import HELD_BACK, readiness

pytestmark = pytest.mark.each

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def escalated(open_ticket, payments, at):
    """`escalated(days, after)`: opened so many days ago, and escalated so long after that."""

    def make(days: float, after: timedelta = 3 * DAY, *more: timedelta) -> None:
        ticket = open_ticket(now=at - days * DAY)
        for later in (after, *more):
            Escalation.objects.create(
                ticket=ticket,
                team=payments,
                kind="automatic",
                origin="sla",
                severity=3,
                reason="promise",
                state="initiated",
                procedure=all_procedures()[0],
                summary="Stuck",
                opened_at=at - days * DAY + later,
                step_since=at,
            )

    return make


def test_it_counts_as_the_learning_does(escalated, open_ticket, at):
    """At once, after hours, after days, twice, on the border of the weeks that are held back, and never."""
    for days, after in ((100, HOUR), (90, 13 * HOUR), (80, 9 * DAY), (34, 2 * DAY), (33, DAY), (20, 3 * DAY), (2, DAY)):
        escalated(days, after)
    escalated(60, 30 * HOUR, 50 * HOUR)
    open_ticket(now=at - 50 * DAY)

    said, known = readiness(at), learning.past(now=at)

    assert (said.found, said.held) == (known.learned.happened.sum(), known.held.happened.sum())
    assert said.found > 8 and said.held > 3 and not said.is_ready


def test_what_has_happened_is_enough_once_it_is_old_enough(escalated, at):
    for days in range(6, 20):
        escalated(days, 3 * DAY)

    said = readiness(at)

    assert (said.found, said.is_sure, said.is_ready) == (0, True, False)
    assert said.ready_at is not None and at + 15 * DAY < said.ready_at < at + HELD_BACK
    assert readiness(said.ready_at + DAY).found >= said.fewest


def test_at_the_pace_of_the_newest_weeks_the_day_lies_ahead(escalated, at):
    for days in (8, 14, 20, 26):
        escalated(days)

    said = readiness(at)

    assert not said.is_sure and said.held == 16
    assert said.ready_at is not None and said.ready_at > at + HELD_BACK


def test_however_much_there_is_to_learn_from_no_day_is_promised_where_nothing_new_is_there_to_judge_by(escalated, at):
    for days in range(60, 74):
        escalated(days)

    said = readiness(at)

    assert said.found >= said.fewest and said.held == 0
    assert said.ready_at is None and not said.is_ready


def test_what_is_new_judges_it_once_it_has_had_its_two_days(escalated, at):
    for days in range(60, 74):
        escalated(days)
    escalated(2, 2 * DAY)

    said = readiness(at)

    assert said.held == 0 and said.ready_at is not None and at < said.ready_at < at + 2 * DAY
    assert readiness(said.ready_at + HOUR).is_ready


@pytest.mark.parametrize("days", [None, 8])
def test_where_next_to_nothing_is_escalated_no_day_is_promised(days, escalated, open_ticket, at):
    open_ticket(now=at - DAY)
    if days is not None:
        escalated(days, HOUR * 13)

    said = readiness(at)

    assert said.ready_at is None and not said.is_ready


def test_fifty_old_ones_and_one_of_these_weeks_are_enough(escalated, at):
    for days in range(60, 74):
        escalated(days)
    escalated(10)

    assert readiness(at).is_ready
