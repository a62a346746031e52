"""The calendars as a list, and what is said of one at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calendars import usage
from calendars.models import Calendar, CalendarVersion
from calendars.parse import Holiday, parse_holidays, parse_periods
from calendars.upcoming import missing_year, next_closed
from calendars.words import week_words
from sla import rehours
from tickets.tally import tallies

# Open for longer than this is open round the clock.
HORIZON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a calendar is open now, and when that changes next; None when that is not in sight."""

    is_open: bool
    changes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Glance:
    """What one line says of a calendar."""

    calendar: Calendar
    version: CalendarVersion
    hours: str
    closed: Holiday | None
    users: Sequence[str]
    clocks: int
    missing: int | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class ListLook:
    active: list[Glance]
    archived: list[Glance]


def list_look(calendars: Sequence[Calendar], now: datetime) -> ListLook:
    """The queries for users and clocks do not grow with the number of calendars."""
    keys = [calendar.pk for calendar in calendars]
    users = usage.users_of(keys)
    clocks = tallies({str(one.pk): rehours.clocks_under(one) for one in calendars})
    rows = [glance(one, users.get(one.pk, []), clocks[str(one.pk)], now) for one in calendars]
    return ListLook(
        active=[row for row in rows if row.calendar.archived_at is None],
        archived=[row for row in rows if row.calendar.archived_at is not None],
    )


def glance(calendar: Calendar, users: Sequence[str], clocks: int, now: datetime) -> Glance:
    version = calendar.current
    holidays, today = parse_holidays(version.holidays), local_date(version, now)
    return Glance(
        calendar=calendar,
        version=version,
        hours=week_words(parse_periods(version.periods)),
        closed=next_closed(version.work_calendar(), holidays, today),
        users=users,
        clocks=clocks,
        missing=missing_year(holidays, today) if calendar.archived_at is None else None,
        standing=standing(version, now),
    )


def standing(version: CalendarVersion, now: datetime) -> Standing:
    hours = version.work_calendar()
    opening = hours.next_open(now)
    if opening > now:
        return Standing(False, opening)
    horizon = now + HORIZON
    closing = next(hours.intervals(now, horizon)).to
    return Standing(True, closing if closing < horizon else None)


def local_date(version: CalendarVersion, now: datetime) -> date:
    return now.astimezone(ZoneInfo(version.time_zone)).date()
