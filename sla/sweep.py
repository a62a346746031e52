"""The sweep's first half: every clock whose moment has come is warned of or breached.

Oldest first, in batches, until nothing is due: no cap. Candidates are found without a lock by the partial index
on `next_moment`; their *tickets* are then locked (as every other writer does, so nobody waits in a ring), those
that somebody else holds are left to the next round, and each clock's state is asked again under the lock.
A batch that fails is undone and taken row by row; a row that fails alone is put off, and after some tries set
aside where an administrator sees it (DESIGN §3.1, §3.5).
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from calendars.models import CalendarVersion
from common.batches import oldest_first, share
from common.failpoints import Point, reach
from people.models import Team
from sla import clocks
from sla.breaches import mark_breached, record_breaches
from sla.enums import ClockState
from sla.models import Breach, Clock, PolicyVersion
from sla.warnings import send_warnings
from tickets.models import Event, Ticket
from tickets.timeline import record_many

logger = logging.getLogger(__name__)

# A batch asks some thirty times, however many it holds, and its tickets are locked for about half a second.
BATCH = 500
TRIES = 8


def collect(now: datetime) -> int:
    """Handle all clocks that are due at `now`; returns how many were."""
    due = Clock.every.with_moment_due(now)
    return sum(_handle(keys, now) for keys in oldest_first(due, "next_moment", BATCH))


def _handle(keys: Sequence[int], now: datetime) -> int:
    try:
        handled = _handle_together(keys, now)
        reach(Point.AFTER_COMMIT)
        return handled
    except Exception:
        logger.exception("A batch of %d clocks failed; taking them one by one.", len(keys))
    return sum(_handle_alone(key, now) for key in keys)


def _handle_alone(key: int, now: datetime) -> int:
    try:
        return _handle_together([key], now)
    except Exception:
        logger.exception("Clock %d failed.", key)
        put_off(Clock, key, now)
        return 0


@transaction.atomic
def _handle_together(keys: Sequence[int], now: datetime) -> int:
    numbers = Clock.every.filter(pk__in=keys).values("ticket_id")
    locked = {
        ticket.number: ticket
        for ticket in Ticket.objects.filter(number__in=numbers).order_by("number").select_for_update(skip_locked=True)
    }
    reach(Point.AFTER_CLAIM)
    due = Clock.every.with_moment_due(now).filter(pk__in=keys, ticket__in=locked)
    batch = list(due)
    share(batch, "policy_version", PolicyVersion.objects.all())
    share(batch, "calendar_version", CalendarVersion.objects.all())
    share(batch, "responsible_team", Team.objects.with_people())
    for clock in batch:
        clock.ticket = locked[clock.ticket_id]
    broken = [clock for clock in batch if clock.due_at is not None and clock.due_at <= now]
    warned = [clock for clock in batch if clock.due_at is None or clock.due_at > now]
    _breach(broken, now)
    _warn(warned, now)
    reach(Point.BEFORE_COMMIT)
    return len(batch)


def _breach(broken: Sequence[Clock], now: datetime) -> None:
    for clock in broken:
        mark_breached(clock)
    # The same as `mark_breached`, for all rows in one statement.
    Clock.every.filter(pk__in=[clock.pk for clock in broken]).update(
        state=ClockState.BREACHED, breached_at=F("due_at"), next_moment=None
    )
    record_breaches(broken, now)


def _warn(warned: Sequence[Clock], now: datetime) -> None:
    for clock in warned:
        clocks.warn(clock, now)
    _save_warned(warned)
    record_many(
        [
            Event(
                ticket=clock.ticket,
                kind="sla.warned",
                at=now,
                data={"metric": clock.metric, "percent": clock.warned_percent},
            )
            for clock in warned
        ]
    )
    send_warnings(warned, now)


def _save_warned(warned: Sequence[Clock]) -> None:
    """Most have nothing before them but their due time: those are written in one statement for each threshold."""
    last: defaultdict[int, list[int]] = defaultdict(list)
    for clock in warned:
        if clock.next_moment == clock.due_at:
            last[clock.warned_percent].append(clock.pk)
    for percent, keys in last.items():
        Clock.every.filter(pk__in=keys).update(warned_percent=percent, next_moment=F("due_at"))
    others = [clock for clock in warned if clock.next_moment != clock.due_at]
    Clock.every.bulk_update(others, ["warned_percent", "next_moment"])


def put_off(model: type[Clock] | type[Breach], key: int, now: datetime) -> None:
    """Count a failure, try again later, and set the row aside after the last try."""
    row = model._base_manager.get(pk=key)
    row.attempts += 1
    row.next_try_at = now + timedelta(seconds=2**row.attempts)
    row.quarantined_at = now if row.attempts >= TRIES else None
    row.save(update_fields=["attempts", "next_try_at", "quarantined_at"])
