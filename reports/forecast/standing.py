"""Each team's line and its pace, read from what the desk has: the ground of `reach`."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from django.db import models
from django.db.models import Count
from django.db.models.functions import TruncDate

from calendars.worktime import WorkTime
from people.enums import STAFF_ROLES
from people.models import Team
from reports.forecast.reach import InLine, Turn, turns
from sla.hours import hours_of
from tickets.enums import EventKind, Status
from tickets.models import Event, Ticket

LOOKS_BACK = timedelta(days=28)
LOOKS_AHEAD = timedelta(days=3)
_MOVES = (Status.NEW, Status.OPEN)


def all_turns(*, now: datetime) -> Iterator[Turn]:
    """Of every team's tickets that wait for it and are due within three days. A constant number of queries."""
    lines = _lines(now)
    answers = _answers(now)
    for team in with_who_is_there(Team.objects.filter(pk__in=lines)).order_by("pk"):
        hours = hours_of(team.calendar.current if team.calendar else None)
        there, all_ = there_of(team, now)
        pace = busy_pace(answers.get(team.pk, {}), hours) * there / all_ if all_ else 0.0
        yield from turns(lines[team.pk], pace=pace, hours=hours, now=now)


def busy_pace(by_day: Mapping[date, int], hours: WorkTime) -> float:
    """Answers a working hour on a good day: the third quartile of the days with any.

    Not the mean: on a quiet day a team answers what there is, which is not what it could.
    """
    paces = []
    for day, count in by_day.items():
        begins = datetime.combine(day, time(), UTC)
        worked = hours.worked(begins, begins + timedelta(days=1)) / timedelta(hours=1)
        if worked:
            paces.append(count / worked)
    return sorted(paces)[len(paces) * 3 // 4] if paces else 0.0


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
        .filter(status__in=_MOVES, trashed_at=None, snoozed_until=None, next_due_at__lt=now + LOOKS_AHEAD)
        .exclude(team=None)
        .order_by("next_due_at", "number")
    )
    lines: dict[int, list[InLine]] = defaultdict(list)
    for number, team, due_at in waiting.values_list("number", "team", "next_due_at"):
        if team is not None and due_at is not None:
            lines[team].append(InLine(number, due_at))
    return lines


def _answers(now: datetime) -> dict[int, dict[date, int]]:
    """How often each team's tickets were answered, day by day of the last weeks."""
    replied = Event.objects.filter(kind=EventKind.REPLIED, at__gte=now - LOOKS_BACK, at__lt=now).order_by()
    days = replied.exclude(ticket__team=None).annotate(day=TruncDate("at", tzinfo=UTC))
    found: dict[int, dict[date, int]] = defaultdict(dict)
    for team, day, count in days.values_list("ticket__team", "day").annotate(n=Count("pk")):
        found[team][day] = count
    return found
