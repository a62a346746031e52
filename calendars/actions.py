from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar, CalendarVersion
from calendars.parse import (
    Holiday,
    OpenDay,
    days_as_json,
    holidays_as_json,
    parse_days,
    parse_holidays,
    parse_periods,
    periods_as_json,
)
from calendars.periods import CalendarError, Period, check_minutes
from calendars.sentences import explain
from calendars.worktime import WorkCalendar, known_zone
from common import audit
from common.errors import InvalidInput, NotFound
from common.languages import as_kept
from common.text import one_line

# Closed for this long from now on: the holidays were meant otherwise.
OPENS_WITHIN = timedelta(days=366)

_T = TypeVar("_T")

CONTENT = ("time_zone", "periods", "holidays", "days")


@transaction.atomic
def create_calendar(
    *,
    name: str,
    time_zone: str,
    periods: object,
    holidays: object,
    now: datetime,
    days: object = (),
    by: Any = None,
) -> Calendar:
    """A new calendar with its first version.

    `periods`, `holidays` and `days` are lists as `parse` reads them. InvalidInput names every field that is wrong.
    """
    content = checked_content(name=name, time_zone=time_zone, periods=periods, holidays=holidays, days=days, now=now)
    calendar = _save_named(Calendar(created_at=now), content.pop("name"))
    version = CalendarVersion.objects.create(calendar=calendar, number=1, created_at=now, created_by=by, **content)
    audit.record_change(by=by, subject=_subject(calendar), before={}, after=_snapshot(calendar, version), of=calendar)
    return calendar


@transaction.atomic
def change_calendar(
    *,
    calendar: Calendar,
    now: datetime,
    name: str | None = None,
    time_zone: str | None = None,
    periods: object = None,
    holidays: object = None,
    days: object = None,
    by: Any = None,
) -> CalendarVersion:
    """A new version of the calendar; what is None stays as it is. Returns the version in force afterwards.

    Where the working hours stay the same there is no new version. InvalidInput names every field that is wrong.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    current = calendar.current
    before = _snapshot(calendar, current)
    given = {"name": name, "time_zone": time_zone, "periods": periods, "holidays": holidays, "days": days}
    content = checked_content(now=now, **{key: before[key] if value is None else value for key, value in given.items()})
    _save_named(calendar, content.pop("name"))
    if any(content[key] != before[key] for key in CONTENT):
        current = calendar.versions.create(number=current.number + 1, created_at=now, created_by=by, **content)
    after = _snapshot(calendar, current)
    if after != before:
        audit.record_change(by=by, subject=_subject(calendar), before=before, after=after, of=calendar)
    return current


@transaction.atomic
def return_to_version(*, calendar: Calendar, number: int, now: datetime, by: Any = None) -> CalendarVersion:
    """A new version with the working hours of an earlier one; the name stays. NotFound where there is none."""
    earlier = calendar.versions.filter(number=number).first()
    if earlier is None:
        raise NotFound
    return change_calendar(calendar=calendar, now=now, by=by, **earlier.content)


@transaction.atomic
def set_archived(*, calendar: Calendar, archived: bool, now: datetime, by: Any = None) -> Calendar:
    """Out of the lists, or back; versions stay. The caller has seen to it that nobody uses it (`usage`)."""
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if (calendar.archived_at is not None) == archived:
        return calendar
    calendar.archived_at = now if archived else None
    calendar.save(update_fields=["archived_at"])
    change = {"before": {"archived": not archived}, "after": {"archived": archived}}
    audit.record_change(by=by, subject=_subject(calendar), **change, of=calendar)
    return calendar


def checked_content(
    *, name: Any, time_zone: Any, periods: object, holidays: object, now: datetime, days: object = ()
) -> dict[str, Any]:
    """The content as it is kept, or InvalidInput with the errors of all fields at once."""
    errors: dict[str, list[str]] = {}
    kept_name = _collect(errors, lambda: one_line(_string(name, "name"), field="name", limit=100))
    zone = _collect(errors, lambda: known_zone(_string(time_zone, "time_zone").strip()))
    hours = _collect(errors, lambda: _periods(periods))
    closed = _collect(errors, lambda: parse_holidays(holidays))
    own = _collect(errors, lambda: _days(days))
    if zone is not None and hours is not None and closed is not None and own is not None:
        _collect(errors, lambda: _check_opens(zone, hours, closed, own, now))
    if errors:
        raise InvalidInput(errors)
    return {
        "name": kept_name,
        "time_zone": zone,
        "periods": periods_as_json(hours or []),
        "holidays": holidays_as_json(closed or []),
        "days": days_as_json(own or []),
    }


def _collect(errors: dict[str, list[str]], check: Callable[[], _T]) -> _T | None:
    try:
        return check()
    except CalendarError as error:
        errors.setdefault(error.field, []).append(explain(error))
    except InvalidInput as error:
        errors |= error.errors
    return None


def _periods(raw: object) -> list[Period]:
    periods = parse_periods(raw)
    check_minutes(periods, "periods")
    return periods


def _days(raw: object) -> list[OpenDay]:
    days = parse_days(raw)
    for day in days:
        check_minutes(day.periods, "days")
    return days


def _check_opens(zone: str, hours: list[Period], closed: list[Holiday], days: list[OpenDay], now: datetime) -> None:
    calendar = WorkCalendar(zone, hours, (holiday.date for holiday in closed), {day.date: day.periods for day in days})
    if calendar.next_open(now) - now > OPENS_WITHIN:
        raise InvalidInput.of("holidays", _("With these holidays the calendar stays closed for more than a year."))


def _string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput.of(field, _("This must be a text."))
    return value


def _save_named(calendar: Calendar, name: str) -> Calendar:
    calendar.name = name
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError:
        raise InvalidInput.of("name", _name_taken(name)) from None
    return calendar


def _name_taken(name: str) -> str:
    if Calendar.objects.active().filter(name=name).exists():
        return _("There is already a calendar of this name.")
    return _("There is already a calendar of this name in the archive.")


def _snapshot(calendar: Calendar, version: CalendarVersion) -> dict[str, Any]:
    return {"name": calendar.name, "version": version.number} | version.content


def _subject(calendar: Calendar) -> str:
    return f"{as_kept(calendar._meta.verbose_name)} {calendar.name}"
