"""How many reviews are done in time, and what comes of them, counted by severity (R92)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation.models import Escalation, Review
from escalation.procedures.procedures import all_procedures
from reports.asked import Asked, Span
from reports.models import EscalationFact
from reports.register import REPORTS
from reports.shape import Pick

DAY = timedelta(days=1)
WEEKS = Asked(Span(date(2026, 11, 1), date(2026, 11, 30), ZoneInfo("UTC")))


@pytest.fixture
def reviewed(open_ticket, payments, at):
    """An escalation that was opened five days ago, and its review."""

    def make(
        severity: int, *, due: timedelta = DAY, done: timedelta | None = None, state: str = "closed"
    ) -> Escalation:
        known = {"kind": "automatic", "origin": "sla", "reason": "promise", "severity": severity, "state": state}
        common = {**known, "ticket": open_ticket(), "procedure": all_procedures()[0], "opened_at": at - 5 * DAY}
        made = Escalation.objects.create(**common, team=payments, summary="Stuck", step_since=at)
        EscalationFact.objects.create(**common, escalation=made, home=payments, team=payments)
        Review.objects.create(
            escalation=made, called_at=at - 3 * DAY, due_at=at + due, done_at=None if done is None else at + done
        )
        return made

    return make


def test_r92_reviews_done_in_time_and_actions_done_are_counted_by_severity(reviewed, mona, at):
    in_time, _late = reviewed(1, done=-DAY), reviewed(1, due=-2 * DAY, done=-DAY)
    _overdue, _due = reviewed(1, due=-DAY), reviewed(1)
    waived = reviewed(1, due=-DAY)
    Review.objects.filter(escalation=waived).update(waived_at=at, waive_reason="Known")
    reopened = reviewed(2, due=-DAY, state="resolving")
    in_time.actions.create(title="Ask", learned_in="review", done_at=at)
    in_time.actions.create(title="Call", learned_in="review")
    reopened.actions.create(title="Written still", learned_in="analysis")

    report = REPORTS["procedures"].build(mona, WEEKS, now=at)
    figure = next(one for one in report.figures if one.key == "reviews")

    assert figure.headline.value == 33.3
    assert [row.cells for row in figure.table.rows] == [
        ("S1", 5, 2, 33.3, 1, 1, 2, 50.0),
        ("S2", 1, 0, None, 0, 0, 0, None),
    ]


def test_r92_the_number_of_reviews_leads_to_their_tickets(reviewed, mona, anna, open_ticket, at):
    one = reviewed(1)
    reviewed(2)

    found = REPORTS["procedures"].cases(mona, WEEKS, Pick("reviews", "severity=1"), now=at)

    assert [ticket.number for ticket in found] == [one.ticket_id]
