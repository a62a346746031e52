"""Several escalations of one request: each has its own hour to say so (R35), and the customer one conversation."""

from datetime import timedelta

import pytest

from desk.portal.facts import facts_of
from escalation import services, sweep
from escalation.enums import DeadlineKind
from escalation.models import Deadline, Escalation
from tests.factories.people import make_team

HOUR = timedelta(hours=1)


@pytest.fixture
def both(policy, open_ticket, anna, mona, time):
    """One that was opened by hand, at another team, and one of a missed promise."""
    ticket = open_ticket(now=time.now, priority="urgent")
    time.move_to(time.now + 6 * HOUR)
    sweep.run()
    missed = Escalation.objects.get(ticket=ticket)
    team = make_team("Cards", lead=mona, managers=[mona])
    common = {"severity": 1, "reason": "technical", "summary": "It is down", "tried": "All", "kind": "functional"}
    raised = services.escalate(user=anna, ticket_number=ticket.number, now=time.now, team_slug=team.slug, **common)
    services.begin_communication(
        user=mona, number=raised.number, now=time.now, override_reason="Everybody knows it, go on at once."
    )
    return raised, missed


def _first_words(one) -> list[Deadline]:
    return [row for row in facts_of([one.ticket])[0].deadlines if row.kind == DeadlineKind.FIRST_HOUR]


def test_who_was_told_by_one_of_them_is_not_shown_the_hour_of_the_other_as_missed(both, mona, time):
    told, other = both
    services.communicate(user=mona, number=told.number, audience="customers", body="We know.", now=time.now)

    time.move_to(time.now + 2 * HOUR)
    sweep.run()

    assert _first_words(other) == []
    own = Deadline.objects.get(escalation=other, kind=DeadlineKind.FIRST_HOUR, audience="customers")
    assert own.missed_at is not None and own.met_at is None


def test_who_was_told_by_none_of_them_is_shown_that_the_hour_was_missed(both, time):
    time.move_to(time.now + 2 * HOUR)
    sweep.run()

    assert [row.missed_at is not None for row in _first_words(both[0])] == [True]
