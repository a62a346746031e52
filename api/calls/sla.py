"""The calls about promises and working hours. Agents read them, administrators change them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from api.ask import Ask, instant
from api.endpoint import Call, endpoint
from api.fields import Input, Parameters
from api.inputs.sla import CalendarChange, CalendarInput, DueParameters, PolicyChange, PolicyInput
from api.pagination import PageParameters, page
from api.shapes.sla import (
    CalendarPage,
    CalendarShape,
    DueShape,
    PolicyPage,
    PolicyShape,
    calendar_shape,
    interval_shapes,
    policies_with_all,
    policy_shape,
)
from calendars.models import Calendar
from common.errors import InvalidInput, NotFound
from people.enums import Role
from sla import services, working_hours
from sla.models import Policy
from sla.reach import asked_now, places


def list_policies(ask: Ask) -> PolicyPage:
    """The policies, each in its newest version."""
    shape = partial(policy_shape, places=places(asked_now(), ask.now))
    results, next_ = page(policies_with_all(), ask, shape, newest_first=False)
    return {"results": list(results), "next": next_}


def create_policy(ask: Ask) -> PolicyShape:
    """A new policy; without a calendar it runs round the clock."""
    given = _with_calendar(ask)
    given.pop("applies_to")
    return _policy(services.create_policy(user=ask.user, now=ask.now, **given).pk, ask.now)


def show_policy(ask: Ask, pk: int) -> PolicyShape:
    """One policy in its newest version."""
    return _policy(pk, ask.now)


def change_policy(ask: Ask, pk: int) -> PolicyShape:
    """A new version of a policy; what is not given stays. `applies_to` says whether open tickets move too."""
    services.change_policy(user=ask.user, policy=_policy_row(pk), now=ask.now, **_with_calendar(ask))
    return _policy(pk, ask.now)


def list_calendars(ask: Ask) -> CalendarPage:
    """The calendars that can be chosen, each in its newest version."""
    results, next_ = page(Calendar.objects.active().with_current(), ask, calendar_shape, newest_first=False)
    return {"results": list(results), "next": next_}


def create_calendar(ask: Ask) -> CalendarShape:
    """New working hours."""
    given = {"holidays": [], **plain(ask.given)}
    given.pop("applies_to")
    return shown_calendar(working_hours.create_calendar(user=ask.user, now=ask.now, **given).pk)


def show_calendar(ask: Ask, pk: int) -> CalendarShape:
    """One calendar in its newest version."""
    return shown_calendar(pk)


def change_calendar(ask: Ask, pk: int) -> CalendarShape:
    """A new version of the working hours; what is not given stays. `applies_to` says whether open clocks follow."""
    working_hours.change_calendar(user=ask.user, calendar=calendar_row(pk), now=ask.now, **plain(ask.given))
    return shown_calendar(pk)


def show_due(ask: Ask, pk: int) -> DueShape:
    """When so many working minutes from `start` have passed, and which ones they are."""
    hours = calendar_row(pk).current.work_calendar()
    start = ask.parameters["start"]
    due_at = hours.due(start, timedelta(minutes=ask.parameters["minutes"]))
    return {"due_at": instant(due_at), "ledger": interval_shapes(hours.intervals(start, due_at))}


def _policy_row(pk: int) -> Policy:
    policy = policies_with_all().filter(pk=pk).first()
    if policy is None:
        raise NotFound
    return policy


def _policy(pk: int, now: datetime) -> PolicyShape:
    return policy_shape(_policy_row(pk), places(asked_now(), now))


def calendar_row(pk: int) -> Calendar:
    calendar = Calendar.objects.with_current().filter(pk=pk).first()
    if calendar is None:
        raise NotFound
    return calendar


def shown_calendar(pk: int) -> CalendarShape:
    return calendar_shape(calendar_row(pk))


def _with_calendar(ask: Ask) -> dict[str, Any]:
    """What was given for a policy, with the calendar's row in place of its number."""
    given = dict(ask.given)
    if given.get("calendar") is not None:
        calendar = Calendar.objects.active().filter(pk=given["calendar"]).first()
        if calendar is None:
            raise InvalidInput.of("calendar", _("There is no such calendar."))
        given["calendar"] = calendar
    return given


def plain(given: dict[str, Any]) -> dict[str, Any]:
    """The dates as texts again: `calendars` checks periods, holidays and days as they came."""
    dated = {name: given[name] for name in ("holidays", "days") if name in given}
    return given | {name: [{**row, "date": row["date"].isoformat()} for row in rows] for name, rows in dated.items()}


def read(act: Callable[..., Any], answer: Any, parameters: type[Input] = Parameters) -> Call:
    return Call(act, Role.AGENT, answer, parameters=parameters, sees=Role.AGENT)


def changed(act: Callable[..., Any], answer: Any, body: type[Input], status: int = HTTPStatus.OK) -> Call:
    return Call(act, Role.ADMIN, answer, status=status, body=body, sees=Role.AGENT)


policies = endpoint(
    GET=read(list_policies, PolicyPage, PageParameters),
    POST=changed(create_policy, PolicyShape, PolicyInput, HTTPStatus.CREATED),
)
policy = endpoint(GET=read(show_policy, PolicyShape), PATCH=changed(change_policy, PolicyShape, PolicyChange))
calendars = endpoint(
    GET=read(list_calendars, CalendarPage, PageParameters),
    POST=changed(create_calendar, CalendarShape, CalendarInput, HTTPStatus.CREATED),
)
calendar = endpoint(
    GET=read(show_calendar, CalendarShape), PATCH=changed(change_calendar, CalendarShape, CalendarChange)
)
due = endpoint(GET=read(show_due, DueShape, DueParameters))
