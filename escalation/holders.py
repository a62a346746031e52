"""The rights that come with a duty: its holder's alone, or the escalation manager's where nobody holds it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from escalation.models import Escalation
from escalation.permissions import hearing_of, runs
from people.chain import managers_of, present, stand_in
from people.models import User


def holder_of(escalation: Escalation, duty: str) -> User | None:
    """Looked through and not filtered: where a list has fetched them, no question is asked again."""
    found = escalation.responsibilities.all()
    named = next((one for one in found if one.role == duty), None)
    return named.person if named is not None and named.person.is_active else None


def holds(user: User, escalation: Escalation, duty: str, now: datetime) -> bool:
    """By name, by standing in for whoever is away, or as its manager where nobody holds it or stands in."""
    named = holder_of(escalation, duty)
    if named is None or named.pk == user.pk:
        return named is not None or runs(user, escalation)
    deputy = stand_in(named, now, hearing_of(escalation))
    return runs(user, escalation) if deputy is None else deputy.pk == user.pk


def who_answers(escalation: Escalation, duty: str, now: datetime) -> Sequence[User]:
    """Whoever holds the duty or stands in; else the escalation manager, else those of the team."""
    named = holder_of(escalation, duty) or escalation.manager
    return present([named] if named else [], now, hearing_of(escalation)) or managers_for(escalation, now)


def with_managers(named: Iterable[User | None], escalation: Escalation, now: datetime) -> list[User]:
    """Whoever is named, or stands in, and the managers besides; nobody twice."""
    there = present([person for person in named if person is not None], now, hearing_of(escalation))
    return list(dict.fromkeys([*there, *managers_for(escalation, now)]))


def managers_for(escalation: Escalation, now: datetime) -> list[User]:
    """Those of the team that it went to, else of its ticket's; never nobody."""
    return managers_of(escalation.team or escalation.ticket.team, now, hearing_of(escalation))
