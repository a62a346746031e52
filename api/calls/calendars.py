"""The calls about a calendar's history and about holidays to copy into one."""

from http import HTTPStatus
from typing import cast

from api.ask import Ask
from api.calls.sla import calendar_row, changed, read, shown_calendar
from api.endpoint import endpoint
from api.fields import Input
from api.inputs.sla import HolidayParameters, ReturnInput
from api.shapes.sla import CalendarShape, CalendarVersions, HolidayOffer, HolidayShape, version_shapes
from calendars.parse import holidays_as_json
from calendars.regions import holidays_of
from sla import working_hours


def list_calendar_versions(ask: Ask, pk: int) -> CalendarVersions:
    """The versions of a calendar, each with what it changed."""
    return {"results": version_shapes(calendar_row(pk))}


def return_calendar(ask: Ask, pk: int) -> CalendarShape:
    """A new version with the working hours of an earlier one."""
    working_hours.return_to_version(user=ask.user, calendar=calendar_row(pk), now=ask.now, **ask.given)
    return shown_calendar(pk)


def archive_calendar(ask: Ask, pk: int) -> CalendarShape:
    """Out of the list; versions and the clocks under them stay. 409, naming the users, while somebody uses it."""
    working_hours.archive_calendar(user=ask.user, calendar=calendar_row(pk), now=ask.now)
    return shown_calendar(pk)


def bring_back_calendar(ask: Ask, pk: int) -> CalendarShape:
    """Into the list again."""
    working_hours.bring_back_calendar(user=ask.user, calendar=calendar_row(pk), now=ask.now)
    return shown_calendar(pk)


def list_holidays(ask: Ask) -> HolidayOffer:
    """The holidays of a country or region in a year, as `holidays` of a calendar takes them."""
    asked = ask.parameters
    found = holidays_of(asked["country"], asked["subdivision"], [asked["year"]], asked["language"])
    return {"results": cast(list[HolidayShape], holidays_as_json(found))}


versions = endpoint(GET=read(list_calendar_versions, CalendarVersions))
returning = endpoint(POST=changed(return_calendar, CalendarShape, ReturnInput))
archiving = endpoint(POST=changed(archive_calendar, CalendarShape, Input, HTTPStatus.OK))
bringing_back = endpoint(POST=changed(bring_back_calendar, CalendarShape, Input, HTTPStatus.OK))
holidays = endpoint(GET=read(list_holidays, HolidayOffer, HolidayParameters))
