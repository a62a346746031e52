"""The sweep's first half: every clock whose moment has come does what its thresholds say, or is breached.

Oldest first, in batches, until nothing is due: no cap. Candidates are found without a lock by the partial index
on `next_moment`; their *tickets* are then locked (as every other writer does, so nobody waits in a ring), those
that somebody else holds are left to the next round, and each clock's state is asked again under the lock.
A batch that fails is undone and taken row by row; a row that fails alone is put off, and after some tries set
aside where an administrator sees it (DESIGN §3.1, §3.5).
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction
from django.db.models import F

from calendars.models import CalendarVersion
from common.batches import oldest_first, share
from common.failpoints import Point, reach
from people.models import Team
from sla import clocks
from sla.breaches import mark_breached, record_breaches
from sla.enums import ClockState
from sla.firing import event_of, settle
from sla.models import Breach, Clock, Crossing, PolicyVersion
from sla.moments import ahead
from sla.thresholds import Threshold
from sla.warnings import send_warnings
from tickets.models import Ticket
from tickets.timeline import record_many

logger = logging.getLogger(__name__)

# A batch asks some forty times, however many it holds, and its tickets are locked for about half a second.
BATCH = 1000
TRIES = 8
# What a warning and a breach look at of their ticket; whatever changes one reads it anew.
_LOOKED_AT = ("subject", "priority", "organisation_id", "assignee_id", "team_id")


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
    numbers = Clock.every.filter(pk__among=set(keys)).values("ticket_id")
    free = Ticket.objects.filter(number__in=numbers).only(*_LOOKED_AT)
    locked = {ticket.number: ticket for ticket in free.order_by("number").select_for_update(skip_locked=True)}
    reach(Point.AFTER_CLAIM)
    due = Clock.every.with_moment_due(now).filter(pk__among=set(keys), ticket__among=locked)
    batch = list(due)
    share(batch, "policy_version", PolicyVersion.objects.all())
    share(batch, "calendar_version", CalendarVersion.objects.all())
    share(batch, "responsible_team", Team.objects.with_people())
    for clock in batch:
        clock.ticket = locked[clock.ticket_id]
    reached = {clock.pk: _reached(clock, now) for clock in batch}
    _tell([clock for clock in batch if _only_tell(reached[clock.pk])], reached, now)
    for clock in batch:
        if not _only_tell(reached[clock.pk]):
            settle(clock.pk, now)
    reach(Point.BEFORE_COMMIT)
    return len(batch)


def _reached(clock: Clock, now: datetime) -> list[Threshold]:
    """The thresholds that have come and have not fired, in their order."""
    return [threshold for _at, threshold in takewhile(lambda one: one[0] <= now, ahead(clock))]


def _only_tell(thresholds: Sequence[Threshold]) -> bool:
    return all(threshold.only_tells for threshold in thresholds)


def _tell(batch: Sequence[Clock], reached: Mapping[int, list[Threshold]], now: datetime) -> None:
    """What alerts and changes nothing, and the due times: in a number of statements that no number of clocks raises."""
    broken = [clock for clock in batch if _is_due(clock, now)]
    late = {clock.pk for clock in broken}
    for clock in batch:
        # What a breach changes makes it look for its next moment by itself.
        if reached[clock.pk] or clock.pk not in late:
            clocks.fire(clock, [threshold.key for threshold in reached[clock.pk]])
    for clock in broken:
        mark_breached(clock)
    _save(batch, broken)
    pairs = [(clock, threshold) for clock in batch for threshold in reached[clock.pk]]
    _record([pair for pair in pairs if not _is_late(*pair)], now)
    record_breaches(broken, now)
    _record([pair for pair in pairs if _is_late(*pair)], now)
    send_warnings(pairs, now)


def _is_due(clock: Clock, now: datetime) -> bool:
    return clock.state == ClockState.RUNNING and clock.due_at is not None and clock.due_at <= now


def _save(batch: Sequence[Clock], broken: Sequence[Clock]) -> None:
    """Most have nothing before them but their due time, or nothing more: those that are alike share a statement."""
    alike: defaultdict[tuple[tuple[str, ...], bool, bool], list[int]] = defaultdict(list)
    others: list[Clock] = []
    late = {clock.pk for clock in broken}
    for clock in batch:
        if clock.next_moment is None or clock.next_moment == clock.due_at:
            alike[tuple(clock.fired), clock.pk in late, clock.next_moment is None].append(clock.pk)
        else:
            others.append(clock)
    for (fired, is_broken, is_over), keys in alike.items():
        known = {"fired": list(fired), "next_moment": None if is_over else F("due_at")}
        # The same as `mark_breached`, for all rows in one statement.
        more = {"state": ClockState.BREACHED, "breached_at": F("due_at")} if is_broken else {}
        Clock.every.filter(pk__among=set(keys)).update(**known, **more)
    Clock.every.bulk_update(others, ["fired", "next_moment", "state", "breached_at"])


def _is_late(clock: Clock, threshold: Threshold) -> bool:
    return threshold.amount(clock.target) >= clock.target


def _record(pairs: Sequence[tuple[Clock, Threshold]], now: datetime) -> None:
    record_many([event_of(clock, threshold, now) for clock, threshold in pairs])


def put_off(model: type[Clock] | type[Breach] | type[Crossing], key: int, now: datetime) -> None:
    """Count a failure, try again later, and set the row aside after the last try."""
    row = model._base_manager.get(pk=key)
    row.attempts += 1
    row.next_try_at = now + timedelta(seconds=2**row.attempts)
    row.quarantined_at = now if row.attempts >= TRIES else None
    row.save(update_fields=["attempts", "next_try_at", "quarantined_at"])
