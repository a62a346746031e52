"""What was escalated, why, and how far it is (R84)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.db.models.functions import TruncWeek
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from escalation.enums import Cause, State
from escalation.models import Escalation, OwnCause
from escalation.querysets import EscalationQuerySet
from people.models import User


@dataclass(frozen=True, slots=True)
class Line:
    """How many, `of` how many in all."""

    key: str
    name: str
    count: int
    of: int


def by_cause(user: User, *, since: datetime, until: datetime) -> list[Line]:
    """Of the escalations opened from `since` up to `until`, the most frequent cause first. Two queries."""
    counts = _counted(user, "cause", since, until)
    of = sum(counts.values())
    own = dict(OwnCause.objects.values_list("key", "name"))
    lines = [Line(cause, _cause_name(cause, own), count, of) for cause, count in counts.items()]
    return sorted(lines, key=lambda line: (-line.count, line.key))


def by_state(user: User, *, since: datetime, until: datetime) -> list[Line]:
    """The same escalations by where they stand now, in the order of the steps. One query."""
    counts = _counted(user, "state", since, until)
    of = sum(counts.values())
    return [Line(state, str(state.label), counts[state], of) for state in State if state in counts]


@dataclass(frozen=True, slots=True)
class Week:
    """From this Monday on: how many were opened, and how many ended, however."""

    monday: date
    opened: int
    ended: int


def by_week(user: User, *, weeks: int, until: datetime) -> list[Week]:
    """The trend (R30, R85): the last so many weeks in the reader's zone, the oldest first. Two queries."""
    this = localtime(until).date()
    mondays = [this - timedelta(days=this.weekday(), weeks=back) for back in reversed(range(weeks))]
    since = make_aware(datetime.combine(mondays[0], time()))
    seen = Escalation.objects.visible_to(user)
    opened, ended = _in_weeks(seen, "opened_at", since, until), _in_weeks(seen, "closed_at", since, until)
    return [Week(monday, opened.get(monday, 0), ended.get(monday, 0)) for monday in mondays]


def _in_weeks(seen: EscalationQuerySet, moment: str, since: datetime, until: datetime) -> dict[date, int]:
    found = seen.filter(**{f"{moment}__gte": since, f"{moment}__lt": until}).order_by()
    weeks = found.annotate(week=TruncWeek(moment)).values_list("week").annotate(n=Count("pk"))
    return {week.date(): count for week, count in weeks}


def _counted(user: User, name: str, since: datetime, until: datetime) -> dict[str, int]:
    opened = Escalation.objects.visible_to(user).filter(opened_at__gte=since, opened_at__lt=until)
    return dict(opened.order_by().values_list(name).annotate(n=Count("pk")).values_list(name, "n"))


def _cause_name(cause: str, own: dict[str, str]) -> str:
    """One of the desk's own by what it is called now, or by its key where somebody has deleted it since."""
    if cause in Cause.values:
        return str(Cause(cause).label)
    return own.get(cause, cause) or _("Not chosen yet")
