"""Promises under a calendar that changes: who uses it, which due times move, and moving them."""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from calendars.models import Calendar, CalendarVersion
from calendars.worktime import WorkTime
from people.models import User
from sla import clocks, sync
from sla.enums import ClockState
from sla.hours import hours_of
from sla.models import Clock, PolicyVersion
from sla.moments import due
from sla.moving import Move
from sla.querysets import ClockQuerySet
from tickets.actions import lock_ticket, set_attention


def calendars_in_use(calendars: Collection[int]) -> Iterator[tuple[int, str]]:
    """The policies that name a calendar, as they are in force or as they are drafted; a policy that is off too."""
    found = PolicyVersion.objects.filter(calendar__in=calendars).select_related("policy")
    newest = Counter[int]()
    rows = list(found.order_by("policy__order", "policy", "-number"))
    numbers = PolicyVersion.objects.filter(policy__in={row.policy_id for row in rows}).published()
    for policy, number in numbers.values_list("policy", "number"):
        newest[policy] = max(newest[policy], number)
    told: set[tuple[int, int]] = set()
    for row in rows:
        at = (row.calendar_id or 0, row.policy_id)
        if at not in told and (row.is_draft or row.number == newest[row.policy_id]):
            told.add(at)
            yield at[0], _("the policy “%(name)s”") % {"name": row.policy.name}


def clocks_under(calendar: Calendar) -> ClockQuerySet:
    """The running and the paused clocks, the teams' own too, whichever version they have; none of tickets put away."""
    live = {ClockState.RUNNING, ClockState.PAUSED}
    return Clock.every.filter(calendar_version__calendar=calendar, state__in=live, ticket__trashed_at=None)


def moves(calendar: Calendar, hours: WorkTime, now: datetime) -> Iterator[Move]:
    """The running clocks whose due time these hours would move, the next due first; nothing is written."""
    running = clocks_under(calendar).filter(state=ClockState.RUNNING, due_at__gt=now)
    rows = running.select_related("ticket", "calendar_version", "responsible_team").order_by("due_at", "pk")
    for clock in rows.iterator(chunk_size=2000):
        after = _due(clock, hours, now)
        if clock.due_at is not None and after != clock.due_at:
            yield Move(clock, clock.due_at, after)


def move_clocks(version: CalendarVersion, *, now: datetime, by: User | None) -> int:
    """Put the running and paused clocks under a calendar's new version; how many there were."""
    behind = clocks_under(version.calendar).exclude(calendar_version=version)
    numbers = sorted(set(behind.values_list("ticket_id", flat=True)))
    return sum(_move(number, version, now=now, by=by) for number in numbers)


def _move(number: int, version: CalendarVersion, *, now: datetime, by: User | None) -> int:
    ticket = lock_ticket(number)
    reason = gettext_noop("the calendar changed")
    theirs = [
        clock
        for clock in sync.latest_clocks(ticket).values()
        if clock.calendar_version and clock.calendar_version.calendar_id == version.calendar_id
    ]
    moved = [clock for clock in theirs if clocks.follow_hours(clock, version, now=now, by=by, reason=reason)]
    set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))
    return len(moved)


def _due(clock: Clock, hours: WorkTime, now: datetime) -> datetime | None:
    old = hours_of(clock.calendar_version)
    if hours is old:
        return clock.due_at
    used = clock.used + old.worked(clock.running_since or now, now)
    return due(hours, at=now, used=used, target=clock.target)
