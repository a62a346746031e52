"""Calendars from the front doors: administrators only, and the running clocks that follow a change."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from calendars import actions, usage
from calendars.models import Calendar, CalendarVersion
from calendars.querysets import CalendarQuerySet
from common.errors import NotAllowedNow, NotFound, Refused
from people.enums import Role
from people.models import User
from sla import rehours
from sla.enums import AppliesTo
from sla.policies import check_applies_to


def list_calendars(*, user: User) -> CalendarQuerySet:
    """All of them, archived ones last, with their versions at hand; NotFound for who may not set calendars."""
    if not _is_admin(user):
        raise NotFound
    return Calendar.objects.with_current().order_by(F("archived_at").asc(nulls_first=True), "name")


def access_calendar(*, user: User, pk: int) -> Calendar:
    """The calendar, an archived one too, with its versions at hand; NotFound for who may not set calendars."""
    found = Calendar.objects.with_current().filter(pk=pk).first() if _is_admin(user) else None
    if found is None:
        raise NotFound
    return found


def create_calendar(*, user: User, **fields: Any) -> Calendar:
    """See `calendars.actions.create_calendar`."""
    _check_admin(user)
    return actions.create_calendar(by=user, **fields)


@transaction.atomic
def change_calendar(
    *, user: User, calendar: Calendar, now: datetime, applies_to: str = AppliesTo.NEW, **fields: Any
) -> tuple[CalendarVersion, int]:
    """The version in force afterwards, and how many running or paused clocks follow it.

    Clocks keep the version they started under, unless `applies_to` says that open ones move as well.
    """
    _check_admin(user)
    check_applies_to(applies_to)
    version = actions.change_calendar(calendar=calendar, now=now, by=user, **fields)
    return version, _follow(version, applies_to, now, user)


@transaction.atomic
def return_to_version(
    *, user: User, calendar: Calendar, number: int, now: datetime, applies_to: str = AppliesTo.NEW
) -> tuple[CalendarVersion, int]:
    """A new version with the hours of an earlier one; the rest as in `change_calendar`."""
    _check_admin(user)
    check_applies_to(applies_to)
    version = actions.return_to_version(calendar=calendar, number=number, now=now, by=user)
    return version, _follow(version, applies_to, now, user)


@transaction.atomic
def archive_calendar(*, user: User, calendar: Calendar, now: datetime) -> Calendar:
    """Out of the lists; its versions and the clocks under them stay. NotAllowedNow, naming the users, while in use."""
    _check_admin(user)
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    users = usage.users_of([calendar.pk]).get(calendar.pk, [])
    if users:
        sentence = _("“%(name)s” is used by %(users)s, so it stays.")
        raise NotAllowedNow(sentence % {"name": calendar.name, "users": _(", ").join(users)})
    return actions.set_archived(calendar=calendar, archived=True, now=now, by=user)


def bring_back_calendar(*, user: User, calendar: Calendar, now: datetime) -> Calendar:
    """Into the lists again."""
    _check_admin(user)
    return actions.set_archived(calendar=calendar, archived=False, now=now, by=user)


def _follow(version: CalendarVersion, applies_to: str, now: datetime, user: User) -> int:
    return rehours.move_clocks(version, now=now, by=user) if applies_to == AppliesTo.NEW_AND_OPEN else 0


def _is_admin(user: User) -> bool:
    return user.is_active and user.role == Role.ADMIN


def _check_admin(user: User) -> None:
    if not _is_admin(user):
        raise Refused(_("Only an administrator may change working hours."))
