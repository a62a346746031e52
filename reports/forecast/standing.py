"""Each team's line and its pace, read from what the desk has: the ground of `reach`."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Count

from people.enums import STAFF_ROLES
from people.models import Team
from reports.forecast.reach import InLine, Turn, turns
from sla.hours import hours_of
from tickets.enums import EventKind, Status
from tickets.models import Event, Ticket

LOOKS_BACK = timedelta(days=28)
_MOVES = (Status.NEW, Status.OPEN)


def all_turns(*, now: datetime) -> Iterator[Turn]:
    """Of every team's tickets that wait for it. A constant number of queries."""
    lines = _lines(now)
    answers = _answers(now)
    for team in with_who_is_there(Team.objects.filter(pk__in=lines)).order_by("pk"):
        hours = hours_of(team.calendar.current if team.calendar else None)
        worked = hours.worked(now - LOOKS_BACK, now) / timedelta(hours=1)
        there, all_ = there_of(team, now)
        pace = answers.get(team.pk, 0) / worked * there / all_ if worked and all_ else 0.0
        yield from turns(lines[team.pk], pace=pace, hours=hours, now=now)


def with_who_is_there(teams: "models.QuerySet[Team]") -> "models.QuerySet[Team]":
    """Read with all that `there_of` asks of them."""
    return teams.prefetch_related("calendar__versions", "members__absences")


def there_of(team: Team, now: datetime) -> tuple[int, int]:
    """How many who work at the desk are not away now, and how many there are."""
    people = [one for one in team.members.all() if one.is_active and one.role in STAFF_ROLES]
    away = sum(any(absence.starts_at <= now < absence.ends_at for absence in one.absences.all()) for one in people)
    return len(people) - away, len(people)


def _lines(now: datetime) -> dict[int, list[InLine]]:
    waiting = (
        Ticket.objects.active()
        .filter(status__in=_MOVES, trashed_at=None, snoozed_until=None)
        .exclude(next_due_at=None)
        .exclude(team=None)
        .order_by("next_due_at", "number")
    )
    lines: dict[int, list[InLine]] = defaultdict(list)
    for number, team, due_at in waiting.values_list("number", "team", "next_due_at"):
        if team is not None and due_at is not None:
            lines[team].append(InLine(number, due_at))
    return lines


def _answers(now: datetime) -> dict[int, int]:
    """How often each team's tickets were answered in the last weeks."""
    replied = Event.objects.filter(kind=EventKind.REPLIED, at__gte=now - LOOKS_BACK, at__lt=now).order_by()
    counts = replied.exclude(ticket__team=None).values_list("ticket__team").annotate(n=Count("pk"))
    return dict(counts)
