"""Around which days the effect of a recommendation is measured. Pure."""

from datetime import date, timedelta

from escalation.enums import RecommendationState
from people.zones import zone_of
from reports.asked import Asked, Span
from reports.models import Aim
from reports.models.effects import DAYS


def asked_of(aim: Aim) -> Asked | None:
    """The days before and after, by the calendar of whoever settled it, or of its owner; None where it is not done."""
    row = aim.recommendation
    if row.state != RecommendationState.DONE or row.settled_at is None:
        return None
    person = row.settled_by or row.owner or row.made_by
    zone = zone_of(person.time_zone if person else "")
    day = row.settled_at.astimezone(zone).date()
    of = {"team": aim.team.slug} if aim.team else {}
    return Asked(Span(day - DAYS, day + DAYS - timedelta(days=1), zone), plan=day, of=of)


def measured_on(asked: Asked) -> date:
    """The day after the last that counts."""
    return asked.span.last + timedelta(days=1)
