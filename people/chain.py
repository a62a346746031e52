"""The chain of command (R14): who answers for a team, upward, with the absent replaced by their deputies."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db.models import Q

from people.enums import STAFF_ROLES
from people.models import Duty, Team, User


def stand_in(user: User, at: datetime) -> User | None:
    """The person, or the first deputy along the line who is present; None if nobody is.

    A ring of deputies ends the search instead of running for ever.
    """
    seen: set[int] = set()
    person: User | None = user
    while person is not None and person.pk not in seen:
        # In Python, so that absences which were fetched for many people at once are not asked for again.
        if person.is_active and not any(away.starts_at <= at < away.ends_at for away in person.absences.all()):
            return person
        seen.add(person.pk)
        person = person.deputy
    return None


def present(people: Iterable[User], at: datetime) -> list[User]:
    """Each person or the deputy, in order, nobody twice."""
    found = (stand_in(person, at) for person in people)
    return list(dict.fromkeys(person for person in found if person is not None))


def teams_upward(team: Team | None) -> Iterator[Team]:
    """The team and those above it; a ring of parents ends the walk."""
    seen: set[int] = set()
    while team is not None and team.pk not in seen:
        yield team
        seen.add(team.pk)
        team = team.parent


def managers_of(team: Team | None, at: datetime) -> list[User]:
    """Who is alerted for a team (R5): its managers; if none is there the fallback team's, then the admins.

    Never empty while the desk has one active administrator (DESIGN §3.3).
    """
    found = present(team.managers.all(), at) if team is not None else []
    if found:
        return found
    fallback = Team.objects.filter(is_fallback=True).first()
    found = present(fallback.managers.all(), at) if fallback is not None else []
    return found or list(User.objects.admins())


def leads_of(team: Team | None, at: datetime) -> list[User]:
    """Who speaks for a team: the lead or his deputy; where there is none, the managers, as never empty as they are."""
    lead = present([team.lead], at) if team is not None and team.lead is not None else []
    return lead or managers_of(team, at)


def last_resort(at: datetime) -> list[User]:
    """Who is alerted where a ladder ends with nobody: the fallback team, lead and managers first; then the admins."""
    fallback = Team.objects.filter(is_fallback=True).select_related("lead").first()
    asked = _first_to_last(fallback) if fallback is not None else []
    return present(asked, at) or list(User.objects.admins())


def _first_to_last(team: Team) -> list[User]:
    """Lead, managers, then the other colleagues; with what tells who is away, in four queries."""
    managers = set(team.managers.values_list("pk", flat=True))
    colleagues = Q(teams=team, is_active=True, role__in=STAFF_ROLES)
    people = User.objects.filter(Q(pk=team.lead_id) | Q(pk__in=managers) | colleagues).distinct()
    found = people.select_related("deputy").prefetch_related("absences", "deputy__absences").order_by("name", "pk")
    return sorted(found, key=lambda one: (one.pk != team.lead_id, one.pk not in managers))


def chain_of_command(team: Team | None, at: datetime) -> list[User]:
    """Lead, managers, then the lead and managers of each team above; nobody twice."""
    chain: list[User] = []
    for step in teams_upward(team):
        people = ([step.lead] if step.lead else []) + list(step.managers.all())
        chain += [person for person in present(people, at) if person not in chain]
    return chain


def on_duty(team: Team | None, at: datetime) -> list[User]:
    """Who is on duty for the team at that moment, the absent replaced by their deputies; may be nobody."""
    found = Duty.objects.at(at).filter(team=team).select_related("person") if team is not None else ()
    return present((duty.person for duty in found), at)


def team_above(team: Team | None, steps: int) -> Team | None:
    """So many teams up the chain; None where it ends before."""
    return next(islice(teams_upward(team), steps, None), None)
