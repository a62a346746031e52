"""What a calendar means: its year, a due time tried out, its versions and the way back to one. For administrators."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from calendars.models import CalendarVersion
from calendars.periods import CalendarError
from calendars.sentences import explain
from common import clock
from common.errors import InvalidInput, NotFound
from common.numbers import whole
from desk.answers import DeskRequest, admin_page, show_settings
from desk.looks.calendars.calendars import local_date, standing
from desk.looks.calendars.versions import return_look, versions_look
from desk.looks.calendars.year import FIRST_YEAR, LAST_YEAR, year_look
from desk.pages.calendars import saved_words
from sla import working_hours

# A trial is for a promise, and no promise is longer than this.
LONGEST_MINUTES = 366 * 24 * 60
DEFAULT_MINUTES = 240


@require_safe
@admin_page
def year(request: DeskRequest, pk: int) -> HttpResponse:
    found = working_hours.access_calendar(user=request.user, pk=pk)
    version, now = found.current, clock.now()
    today = local_date(version, now)
    asked = request.GET.get("year", "")
    shown = min(max(whole(asked, 4) or today.year, FIRST_YEAR), LAST_YEAR)
    context = {
        "calendar": found,
        "version": version,
        "look": year_look(version, shown, today),
        "standing": standing(version, now),
        "trial": _trial(request, version, now),
        "now": now,
    }
    return show_settings(request, "desk/settings/calendar_year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@admin_page
def versions(request: DeskRequest, pk: int) -> HttpResponse:
    found = working_hours.access_calendar(user=request.user, pk=pk)
    if request.method == "POST":
        return _returned(request, pk)
    now, number = clock.now(), _number(request.GET.get("return", ""))
    context = {
        "calendar": found,
        "versions": versions_look(found),
        "back": return_look(found, number, now) if number else None,
        "now": now,
    }
    return show_settings(request, "desk/settings/calendar_versions.html", context)


def _returned(request: DeskRequest, pk: int) -> HttpResponse:
    found = working_hours.access_calendar(user=request.user, pk=pk)
    try:
        version, moved = working_hours.return_to_version(
            user=request.user,
            calendar=found,
            number=_number(request.POST.get("number", "")),
            applies_to=request.POST.get("applies_to", "new"),
            now=clock.now(),
        )
    except NotFound:
        messages.error(request, _("There is no such version."))
    except InvalidInput as error:
        messages.error(request, str(error))
    else:
        messages.success(request, saved_words(version.number, moved))
    return redirect("desk:calendar_versions", pk=pk)


def _number(given: str) -> int:
    return whole(given) or 0


def _trial(request: DeskRequest, version: CalendarVersion, now: datetime) -> dict[str, Any]:
    """When so many minutes from some local time have passed; what was typed stays, a sentence says what is wrong."""
    zone = ZoneInfo(version.time_zone)
    given, minutes = request.GET.get("start", ""), request.GET.get("minutes", "")
    local = now.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    trial: dict[str, Any] = {"start": given or local, "minutes": minutes or str(DEFAULT_MINUTES), "zone": zone}
    try:
        start = parse_datetime(trial["start"])
    except ValueError:
        start = None
    if start is None or start.tzinfo is not None:
        return trial | {"error": _("The start must be a date and a time such as 2026-11-23 09:00.")}
    length = whole(trial["minutes"], 7)
    if length is None:
        return trial | {"error": _("The minutes must be a whole number.")}
    amount = timedelta(minutes=length)
    if amount > timedelta(minutes=LONGEST_MINUTES):
        return trial | {"error": _("At most a year can be tried.")}
    return trial | _due(version, start.replace(tzinfo=zone).astimezone(UTC), amount, asked=bool(given))


def _due(version: CalendarVersion, start: datetime, amount: timedelta, *, asked: bool) -> dict[str, Any]:
    hours = version.work_calendar()
    try:
        due = hours.due(start, amount)
        lines = [(from_, to, to - from_) for from_, to in hours.intervals(start, due)]
    except CalendarError as error:
        return {"error": explain(error)}
    return {"due": due, "lines": lines[:SHOWN], "rest": max(0, len(lines) - SHOWN), "amount": amount, "asked": asked}


# A ledger of more lines than these is summed up.
SHOWN = 12
