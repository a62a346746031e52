"""From a clock's calendar version to its work-time arithmetic."""

from calendars.models import CalendarVersion
from calendars.worktime import ALWAYS, WorkTime


def hours_of(version: CalendarVersion | None) -> WorkTime:
    """The calendar's hours; no calendar means round the clock, as the screen says."""
    return ALWAYS if version is None else version.work_calendar()
