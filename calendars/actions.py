from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from calendars.models import Calendar, CalendarVersion
from calendars.parse import Holiday, holidays_as_json, parse_holidays, parse_periods, periods_as_json
from calendars.sentences import explain
from calendars.worktime import CalendarError, WorkCalendar, known_zone
from common import audit
from common.errors import InvalidInput
from common.text import one_line

# Closed for this long from now on: the holidays were meant otherwise.
OPENS_WITHIN = timedelta(days=366)

_T = TypeVar("_T")

_CONTENT = ["time_zone", "periods", "holidays"]


@transaction.atomic
def create_calendar(
    *, name: str, time_zone: str, periods: object, holidays: object, now: datetime, by: Any = None
) -> Calendar:
    """A new calendar with its first version.

    `periods` and `holidays` are lists as `parse` reads them. InvalidInput names every field that is wrong.
    """
    content = checked_content(name=name, time_zone=time_zone, periods=periods, holidays=holidays, now=now)
    calendar = _save_named(Calendar(created_at=now), content.pop("name"))
    version = CalendarVersion.objects.create(calendar=calendar, number=1, created_at=now, **content)
    audit.record_change(by=by, subject=_subject(calendar), before={}, after=_snapshot(calendar, version))
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
    by: Any = None,
) -> CalendarVersion:
    """A new version of the calendar; what is None stays as it is. Returns the version in force afterwards.

    Where the working hours stay the same there is no new version. InvalidInput names every field that is wrong.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    current = calendar.current
    before = _snapshot(calendar, current)
    given = {"name": name, "time_zone": time_zone, "periods": periods, "holidays": holidays}
    content = checked_content(now=now, **{key: before[key] if value is None else value for key, value in given.items()})
    _save_named(calendar, content.pop("name"))
    if any(content[key] != before[key] for key in _CONTENT):
        current = calendar.versions.create(number=current.number + 1, created_at=now, **content)
    after = _snapshot(calendar, current)
    if after != before:
        audit.record_change(by=by, subject=_subject(calendar), before=before, after=after)
    return current


def checked_content(*, name: Any, time_zone: Any, periods: object, holidays: object, now: datetime) -> dict[str, Any]:
    """The content as it is kept, or InvalidInput with the errors of all fields at once."""
    errors: dict[str, list[str]] = {}
    kept_name = _collect(errors, lambda: one_line(_string(name, "name"), field="name", limit=100))
    zone = _collect(errors, lambda: known_zone(_string(time_zone, "time_zone").strip()))
    hours = _collect(errors, lambda: parse_periods(periods))
    days = _collect(errors, lambda: parse_holidays(holidays))
    if zone is not None and hours is not None and days is not None:
        _collect(errors, lambda: _check_opens(WorkCalendar(zone, hours, _dates(days)), now))
    if errors:
        raise InvalidInput(errors)
    return {
        "name": kept_name,
        "time_zone": zone,
        "periods": periods_as_json(hours or []),
        "holidays": holidays_as_json(days or []),
    }


def _collect(errors: dict[str, list[str]], check: Callable[[], _T]) -> _T | None:
    try:
        return check()
    except CalendarError as error:
        errors.setdefault(error.field, []).append(explain(error))
    except InvalidInput as error:
        errors |= error.errors
    return None


def _check_opens(calendar: WorkCalendar, now: datetime) -> None:
    if calendar.next_open(now) - now > OPENS_WITHIN:
        raise InvalidInput.of("holidays", _("With these holidays the calendar stays closed for more than a year."))


def _dates(holidays: list[Holiday]) -> list[Any]:
    return [holiday.date for holiday in holidays]


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
        raise InvalidInput.of("name", _("There is already a calendar of this name.")) from None
    return calendar


def _snapshot(calendar: Calendar, version: CalendarVersion) -> dict[str, Any]:
    return {"name": calendar.name, "version": version.number} | {key: getattr(version, key) for key in _CONTENT}


def _subject(calendar: Calendar) -> str:
    return f"{calendar._meta.verbose_name} {calendar.name}"
