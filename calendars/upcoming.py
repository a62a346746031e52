"""What an administrator should know about the days to come of a calendar. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from calendars.parse import Holiday
from calendars.worktime import WorkCalendar

# From the first of October on the next year's holidays are missed.
MISSED_FROM_MONTH = 10
_LOOK_AHEAD = 370


def next_closed(calendar: WorkCalendar, holidays: Iterable[Holiday], today: date) -> Holiday | None:
    """The next holiday, today's included, on which the calendar would otherwise be open."""
    for holiday in sorted(holidays, key=lambda one: one.date):
        if today <= holiday.date <= today + timedelta(days=_LOOK_AHEAD) and is_lost(calendar, holiday.date):
            return holiday
    return None


def is_lost(calendar: WorkCalendar, day: date) -> bool:
    """Nothing starts on the day, though something would in an ordinary week."""
    return not calendar.on(day) and any(period.weekday == day.weekday() for period in calendar.periods)


def missing_year(holidays: Collection[Holiday], today: date) -> int | None:
    """The next year, when it comes near and has no holidays yet, though this one has."""
    if today.month < MISSED_FROM_MONTH:
        return None
    years = {holiday.date.year for holiday in holidays}
    return today.year + 1 if today.year in years and today.year + 1 not in years else None
