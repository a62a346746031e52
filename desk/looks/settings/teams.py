"""Teams as their settings show them, and when nobody of one is on duty."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from people.models import Absence, Duty, Team, User
from people.teams import edited_by

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TeamLine:
    team: Team
    people: int
    managers: str
    lacks: list[str]


@dataclass(frozen=True, slots=True)
class Rota:
    """`holes`: when nobody is on duty within the next two weeks; empty, too, where there is no rota at all."""

    duties: list[Duty]
    absences: list[Absence]
    holes: list[tuple[datetime, datetime]]


def team_lines(user: User) -> list[TeamLine]:
    """Three queries."""
    active = Count("members", filter=Q(members__is_active=True), distinct=True)
    rows = Team.objects.filter(pk__in=[team.pk for team in edited_by(user)])
    found = rows.select_related("lead", "parent", "calendar").prefetch_related("managers").annotate(n=active)
    return [
        TeamLine(team, team.n, ", ".join(one.name for one in team.managers.all() if one.is_active), [])  # type: ignore[attr-defined] # annotated above
        for team in found
    ]


def rota(team: Team, now: datetime) -> Rota:
    duties = list(Duty.objects.filter(team=team, ends_at__gt=now).select_related("person"))
    absences = Absence.objects.filter(user__in=team.members.all(), ends_at__gt=now).select_related("user")
    spans = [(duty.starts_at, duty.ends_at) for duty in duties]
    holes = list(gaps_between(spans, now, now + AHEAD)) if duties else []
    return Rota(duties, list(absences.order_by("starts_at", "pk")), holes)


def gaps_between(
    spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime
) -> Iterable[tuple[datetime, datetime]]:
    """What no span covers, in order. Pure."""
    reached = since
    for start, end in sorted(spans):
        if start > reached and reached < until:
            yield reached, min(start, until)
        reached = max(reached, end)
    if reached < until:
        yield reached, until
