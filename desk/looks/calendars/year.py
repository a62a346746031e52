"""A year of a calendar, month by month: which days are open, closed, or have hours of their own."""

from calendar import Calendar as Months
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from calendars.models import CalendarVersion
from calendars.parse import parse_days, parse_holidays
from calendars.words import day_words, open_words
from calendars.worktime import WorkCalendar
from common.dates import weekday_name

FIRST_YEAR, LAST_YEAR = 1970, 2999


class Kind(StrEnum):
    """How a day is drawn."""

    OPEN = "open"
    OFF = "off"
    HOLIDAY = "holiday"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class DayLook:
    """`words` says of the day what its colour and its mark say."""

    date: date
    kind: Kind
    words: str
    is_today: bool

    @property
    def differs(self) -> bool:
        return self.kind in {Kind.HOLIDAY, Kind.OWN}


@dataclass(frozen=True, slots=True)
class MonthLook:
    name: str
    weeks: list[list[DayLook | None]]


@dataclass(frozen=True, slots=True)
class YearLook:
    year: int
    weekdays: list[str]
    months: list[MonthLook]
    different: list[DayLook]
    open_days: int


def year_look(version: CalendarVersion, year: int, today: date) -> YearLook:
    """No query. The holidays and own days of the year stand in `different`, in order."""
    names = {holiday.date: holiday.name for holiday in parse_holidays(version.holidays)}
    names |= {day.date: day.name for day in parse_days(version.days)}
    hours = version.work_calendar()
    own = {day.date for day in parse_days(version.days)}
    months = [_month(hours, year, month, names, own, today) for month in range(1, 13)]
    days = [day for month in months for week in month.weeks for day in week if day]
    return YearLook(
        year=year,
        weekdays=[weekday_name(number, is_short=True) for number in range(7)],
        months=months,
        different=[day for day in days if day.differs],
        open_days=sum(bool(hours.on(day.date)) for day in days),
    )


def _month(
    hours: WorkCalendar, year: int, month: int, names: dict[date, str], own: set[date], today: date
) -> MonthLook:
    weeks: list[list[DayLook | None]] = [
        [_day(hours, day, names, own, today) if day.month == month else None for day in week]
        for week in Months().monthdatescalendar(year, month)
    ]
    return MonthLook(capfirst(str(MONTHS[month])), weeks)


def _day(hours: WorkCalendar, day: date, names: dict[date, str], own: set[date], today: date) -> DayLook:
    kind = _kind(hours, day, names, own)
    parts = [day_words(day), open_words(hours.on(day)), names.get(day, "")]
    if day == today:
        parts.append(_("today"))
    return DayLook(day, kind, ", ".join(part for part in parts if part), day == today)


def _kind(hours: WorkCalendar, day: date, names: dict[date, str], own: set[date]) -> Kind:
    if day in own:
        return Kind.OWN
    if day in names:
        return Kind.HOLIDAY
    return Kind.OPEN if hours.on(day) else Kind.OFF
