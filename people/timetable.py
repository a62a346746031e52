"""When a team is at work: its calendar, if it has one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from calendars.usage import Uses
from people.models import Team


@dataclass(frozen=True, slots=True)
class Hours:
    """`opens_at`: when it is next at work; the present where it is."""

    name: str
    opens_at: datetime
    is_open: bool


def hours_of(team: Team, now: datetime) -> Hours | None:
    """None for a team without a calendar."""
    if team.calendar is None:
        return None
    opens_at = team.calendar.current.work_calendar().next_open(now)
    return Hours(team.calendar.name, opens_at, opens_at <= now)


def calendars_in_use(calendars: Collection[int]) -> Uses:
    """For `calendars.usage`: a team's hours are not archived away."""
    rows = Team.objects.filter(calendar__in=calendars).values_list("calendar", "name")
    return [(calendar, _("the team “%(name)s”") % {"name": name}) for calendar, name in rows if calendar is not None]
