"""A calendar's periods and holidays as they come from a form, the API or the database: JSON to values and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from calendars.worktime import CalendarError, Period, _

PERIOD_LIMIT = 200
HOLIDAY_LIMIT = 5_000
NAME_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Holiday:
    """A local date on which no period starts."""

    date: date
    name: str = ""


def parse_periods(raw: object) -> list[Period]:
    """`[{"weekday": 0, "start": "09:00", "end": "12:00"}, …]`; CalendarError for anything else."""
    rows = _rows(raw, field="periods", limit=PERIOD_LIMIT)
    return [
        Period(_weekday(row.get("weekday"), at), _time(row.get("start"), at), _time(row.get("end"), at))
        for at, row in enumerate(rows, start=1)
    ]


def parse_holidays(raw: object) -> list[Holiday]:
    """`[{"date": "2026-12-25", "name": "Christmas"}, …]`; CalendarError for anything else, a date twice included."""
    rows = _rows(raw, field="holidays", limit=HOLIDAY_LIMIT)
    holidays = [
        Holiday(_date(row.get("date"), at), _holiday_name(row.get("name", ""), at))
        for at, row in enumerate(rows, start=1)
    ]
    seen: set[date] = set()
    for holiday in holidays:
        if holiday.date in seen:
            raise CalendarError("holidays", _("%(date)s is listed twice."), date=holiday.date.isoformat())
        seen.add(holiday.date)
    return holidays


def periods_as_json(periods: Iterable[Period]) -> list[dict[str, Any]]:
    """In the order of the week; seconds are written only where there are any."""
    return [
        {"weekday": period.weekday, "start": _text(period.start), "end": _text(period.end)}
        for period in sorted(periods, key=lambda period: (period.weekday, period.start))
    ]


def holidays_as_json(holidays: Iterable[Holiday]) -> list[dict[str, Any]]:
    """In the order of their dates."""
    return [
        {"date": holiday.date.isoformat(), "name": holiday.name}
        for holiday in sorted(holidays, key=lambda holiday: holiday.date)
    ]


def _rows(raw: object, *, field: str, limit: int) -> list[Mapping[str, object]]:
    if not isinstance(raw, list | tuple) or not all(isinstance(row, Mapping) for row in raw):
        raise CalendarError(field, _("This must be a list of objects."))
    if len(raw) > limit:
        raise CalendarError(field, _("There are too many: at most %(limit)d."), limit=limit)
    return list(raw)


def _weekday(value: object, at: int) -> int:
    # True is an int to Python; it is no weekday.
    if type(value) is not int or not 0 <= value <= 6:
        raise CalendarError("periods", _("Period %(at)d: the weekday must be 0 (Monday) to 6 (Sunday)."), at=at)
    return value


def _time(value: object, at: int) -> time:
    try:
        parsed = time.fromisoformat(value) if isinstance(value, str) and ":" in value else None
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is not None or parsed.microsecond:
        raise CalendarError("periods", _("Period %(at)d: start and end must be times such as 09:00."), at=at)
    return parsed


def _date(value: object, at: int) -> date:
    try:
        parsed = date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-12-25") else None
    except ValueError:
        parsed = None
    if parsed is None:
        raise CalendarError("holidays", _("Holiday %(at)d: the date must look like 2026-12-25."), at=at)
    return parsed


def _holiday_name(value: object, at: int) -> str:
    if not isinstance(value, str) or len(value) > NAME_LIMIT or not value.isprintable():
        sentence = _("Holiday %(at)d: the name must be one line of at most %(limit)d characters.")
        raise CalendarError("holidays", sentence, at=at, limit=NAME_LIMIT)
    return value.strip()


def _text(at: time) -> str:
    return at.isoformat("minutes" if not at.second else "seconds")
