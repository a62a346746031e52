"""A calendar's content as it comes from a form, the API or the database: JSON to values and back."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from calendars.periods import CalendarError, Period, _

PERIOD_LIMIT = 200
HOLIDAY_LIMIT = 5_000
DAY_LIMIT = 1_000
HOURS_LIMIT = 20
NAME_LIMIT = 100
SOURCE_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Holiday:
    """A local date on which no period starts. `source`: the country or region it was copied from; empty: our own."""

    date: date
    name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A local date with hours of its own, which hold instead of the week's, on a holiday too."""

    date: date
    periods: tuple[Period, ...]
    name: str = ""


def parse_periods(raw: object) -> list[Period]:
    """`[{"weekday": 0, "start": "09:00", "end": "12:00"}, …]`; CalendarError for anything else."""
    rows = _rows(raw, field="periods", limit=PERIOD_LIMIT)
    return [_period(row, _weekday(row.get("weekday"), at), "periods", at) for at, row in enumerate(rows, start=1)]


def parse_holidays(raw: object) -> list[Holiday]:
    """`[{"date": "2026-12-25", "name": "Christmas"}, …]`, `source` where it was copied; a date twice is an error."""
    rows = _rows(raw, field="holidays", limit=HOLIDAY_LIMIT)
    holidays = [
        Holiday(
            _date(row.get("date"), "holidays", at),
            _line(row.get("name", ""), "holidays", at),
            _source(row.get("source", ""), at),
        )
        for at, row in enumerate(rows, start=1)
    ]
    _check_once([holiday.date for holiday in holidays], "holidays")
    return holidays


def parse_days(raw: object) -> list[OpenDay]:
    """`[{"date": "2026-12-24", "name": "…", "periods": [{"start": "09:00", "end": "13:00"}]}, …]`; a date once."""
    rows = _rows(raw, field="days", limit=DAY_LIMIT)
    days = [_day(row, at) for at, row in enumerate(rows, start=1)]
    _check_once([day.date for day in days], "days")
    return days


def periods_as_json(periods: Iterable[Period]) -> list[dict[str, Any]]:
    """In the order of the week; seconds are written only where there are any."""
    return [{"weekday": period.weekday, **_hours_as_json(period)} for period in sorted(periods)]


def holidays_as_json(holidays: Iterable[Holiday]) -> list[dict[str, Any]]:
    """In the order of their dates; the source is written only where there is one."""
    return [
        {"date": holiday.date.isoformat(), "name": holiday.name}
        | ({"source": holiday.source} if holiday.source else {})
        for holiday in sorted(holidays, key=lambda holiday: holiday.date)
    ]


def days_as_json(days: Iterable[OpenDay]) -> list[dict[str, Any]]:
    """In the order of their dates."""
    return [
        {
            "date": day.date.isoformat(),
            "name": day.name,
            "periods": [_hours_as_json(period) for period in sorted(day.periods)],
        }
        for day in sorted(days, key=lambda day: day.date)
    ]


def digest_of(time_zone: str, periods: object, holidays: object, days: object) -> str:
    """The same for the same content as it is kept, whichever calendar it belongs to."""
    content = json.dumps([time_zone, periods, holidays, days], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def _day(row: Mapping[str, object], at: int) -> OpenDay:
    day = _date(row.get("date"), "days", at)
    hours = row.get("periods")
    if not isinstance(hours, list | tuple) or not all(isinstance(span, Mapping) for span in hours):
        raise _wrong("days", at, _("%(row)s: the periods must be a list of objects."))
    if not hours:
        raise _wrong("days", at, _("%(row)s has no hours: a day that is closed is a holiday."))
    if len(hours) > HOURS_LIMIT:
        raise _wrong("days", at, _("%(row)s has too many periods: at most %(limit)d."), limit=HOURS_LIMIT)
    periods = tuple(_period(span, day.weekday(), "days", at) for span in hours)
    return OpenDay(day, periods, _line(row.get("name", ""), "days", at))


def _period(row: Mapping[str, object], weekday: int, field: str, at: int) -> Period:
    return Period(weekday, _time(row.get("start"), field, at), _time(row.get("end"), field, at))


def _check_once(dates: Iterable[date], field: str) -> None:
    seen: set[date] = set()
    for day in dates:
        if day in seen:
            raise CalendarError(field, _("%(date)s is listed twice."), date=day.isoformat())
        seen.add(day)


def _rows(raw: object, *, field: str, limit: int) -> list[Mapping[str, object]]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise CalendarError(field, _("This must be a list of objects."))
    if len(raw) > limit:
        raise CalendarError(field, _("There are too many: at most %(limit)d."), limit=limit)
    return list(raw)


def _weekday(value: object, at: int) -> int:
    # True is an int to Python; it is no weekday.
    if type(value) is not int or not 0 <= value <= 6:
        raise _wrong("periods", at, _("%(row)s: the weekday must be 0 (Monday) to 6 (Sunday)."))
    return value


def _time(value: object, field: str, at: int) -> time:
    try:
        parsed = time.fromisoformat(value) if isinstance(value, str) and ":" in value else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is not None or parsed.microsecond:
        raise _wrong(field, at, _("%(row)s: start and end must be times such as 09:00."))
    return parsed


def _date(value: object, field: str, at: int) -> date:
    try:
        parsed = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-12-25") else None
    except ValueError:
        parsed = None
    # The first and the last day there is have no neighbour to be compared with.
    if parsed is None or parsed in (date.min, date.max):
        raise _wrong(field, at, _("%(row)s: the date must look like 2026-12-25."))
    return parsed


def _line(value: object, field: str, at: int) -> str:
    if not isinstance(value, str) or len(value) > NAME_LIMIT or not value.isprintable():
        raise _wrong(
            field, at, _("%(row)s: the name must be one line of at most %(limit)d characters."), limit=NAME_LIMIT
        )
    return value.strip()


def _source(value: object, at: int) -> str:
    if not isinstance(value, str) or len(value) > SOURCE_LIMIT or not value.isprintable():
        raise _wrong("holidays", at, _("%(row)s: the source must be a country or region such as BR-SP."))
    return value.strip()


@dataclass(frozen=True, slots=True)
class Row:
    """Which row of a field an error is about, for whoever words it."""

    field: str
    number: int

    def __str__(self) -> str:
        return f"{_ROW_NAMES[self.field]} {self.number}"


_ROW_NAMES = {"periods": "Period", "holidays": "Holiday", "days": "Day"}


def _wrong(field: str, at: int, sentence: str, **values: object) -> CalendarError:
    return CalendarError(field, sentence, row=Row(field, at), **values)


def _hours_as_json(period: Period) -> dict[str, str]:
    return {"start": _text(period.start), "end": _text(period.end)}


def _text(at: time) -> str:
    return at.isoformat("minutes" if not at.second else "seconds")
