"""The chain of command (R14): who answers for a team, upward, with the absent replaced by their deputies.

Whom a matter calls by his own name is told. Who is told for his place in another team, because a rule names him or in
another's place is asked for first: of what a restricted team keeps to itself (R31) he hears only where he may see it,
else the next one does.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from django.db.models import Q

from people.enums import STAFF_ROLES
from people.models import Duty, Team, User

# Whether somebody may hear of a matter in the place of another.
Hears = Callable[[User], bool]


def anybody(_person: User) -> bool:
    """Of a matter that nobody keeps to himself, or that lets in whoever is called to it."""
    return True


def hearing_of(team: Team | None) -> Hears:
    """Of the matters of a team."""
    if team is None or not team.restricted:
        return anybody
    return lambda person: Team.objects.open_to(person).filter(pk=team.pk).exists()


def stand_in(user: User, at: datetime, hears: Hears) -> User | None:
    """The person, or the first deputy along the line who is present and may hear of it; None if nobody is.

    A ring of deputies ends the search instead of running for ever.
    """
    seen: set[int] = set()
    person: User | None = user
    while person is not None and person.pk not in seen:
        # In Python, so that absences which were fetched for many people at once are not asked for again.
        is_here = person.is_active and not any(away.starts_at <= at < away.ends_at for away in person.absences.all())
        if is_here and (person.pk == user.pk or hears(person)):
            return person
        seen.add(person.pk)
        person = person.deputy
    return None


def present(people: Iterable[User], at: datetime, hears: Hears) -> list[User]:
    """Each person or the deputy, in order, nobody twice."""
    found = (stand_in(person, at, hears) for person in people)
    return list(dict.fromkeys(person for person in found if person is not None))


def hearing(people: Iterable[User], at: datetime, hears: Hears) -> list[User]:
    """The same of people whom the matter itself does not call: only those who may hear of it."""
    return [person for person in present(people, at, hears) if hears(person)]


def teams_upward(team: Team | None) -> Iterator[Team]:
    """The team and those above it; a ring of parents ends the walk."""
    seen: set[int] = set()
    while team is not None and team.pk not in seen:
        yield team
        seen.add(team.pk)
        team = team.parent


def managers_of(team: Team | None, at: datetime, hears: Hears | None = None) -> list[User]:
    """Who is alerted for a team (R5): its managers; if none is there the fallback team's, then the admins.

    `hears`: where the matter is not the team's own. Never empty while the desk has one active administrator
    (DESIGN §3.3): they see everything.
    """
    hears = hears or hearing_of(team)
    found = hearing(team.managers.all(), at, hears) if team is not None else []
    if found:
        return found
    fallback = Team.objects.filter(is_fallback=True).first()
    instead = hearing(fallback.managers.all(), at, hears) if fallback is not None else []
    return instead or list(User.objects.admins())


def leads_of(team: Team | None, at: datetime, hears: Hears | None = None) -> list[User]:
    """Who speaks for a team: the lead or his deputy; where there is none, the managers, as never empty as they are."""
    return lead_of(team, at, hears) or managers_of(team, at, hears)


def lead_of(team: Team | None, at: datetime, hears: Hears | None = None) -> list[User]:
    """The lead or his deputy; may be nobody."""
    return hearing([team.lead], at, hears or hearing_of(team)) if team is not None and team.lead is not None else []


def last_resort(at: datetime, hears: Hears) -> list[User]:
    """Who is alerted where a ladder ends with nobody: the fallback team, lead and managers first; then the admins."""
    fallback = Team.objects.filter(is_fallback=True).select_related("lead").first()
    asked = _first_to_last(fallback) if fallback is not None else []
    return hearing(asked, at, hears) or list(User.objects.admins())


def _first_to_last(team: Team) -> list[User]:
    """Lead, managers, then the other colleagues; with what tells who is away, in four queries."""
    managers = set(team.managers.values_list("pk", flat=True))
    colleagues = Q(teams=team, is_active=True, role__in=STAFF_ROLES)
    people = User.objects.filter(Q(pk=team.lead_id) | Q(pk__in=managers) | colleagues).distinct()
    found = people.select_related("deputy").prefetch_related("absences", "deputy__absences").order_by("name", "pk")
    return sorted(found, key=lambda one: (one.pk != team.lead_id, one.pk not in managers))


def chain_of_command(team: Team | None, at: datetime, hears: Hears | None = None) -> list[User]:
    """Lead, managers, then the lead and managers of each team above; nobody twice."""
    hears = hears or hearing_of(team)
    people = [person for step in teams_upward(team) for person in (step.lead, *step.managers.all()) if person]
    return present(people, at, hears)


def on_duty(team: Team | None, at: datetime, hears: Hears | None = None) -> list[User]:
    """Who is on duty for the team at that moment, the absent replaced by their deputies; may be nobody."""
    found = Duty.objects.at(at).filter(team=team).select_related("person") if team is not None else ()
    return hearing((duty.person for duty in found), at, hears or hearing_of(team))


def team_above(team: Team | None, steps: int) -> Team | None:
    """So many teams up the chain; None where it ends before."""
    return next(islice(teams_upward(team), steps, None), None)
