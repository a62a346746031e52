"""Moves of one clock: start, pause, resume, retarget, stop. The caller holds the ticket's lock.

Each move changes the clock's summary and adds the ledger line from which that summary can be recomputed.
A clock that is touched after its due time is breached first, in the same transaction: a late answer before a
late sweep is still a breach (DESIGN §3.2).
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from calendars.models import CalendarVersion
from common import at_hand
from common.languages import as_kept
from common.rows import put
from people.models import User
from sla.breaches import mark_breached, record_breaches
from sla.enums import ClockState, EntryKind, stops
from sla.models import Aim, Clock, LedgerEntry, PolicyVersion, TeamTarget
from sla.moments import due, next_moment
from tickets.enums import Wait
from tickets.models import Ticket


def start(ticket: Ticket, target: Aim, version: PolicyVersion, *, now: datetime, cycle: int = 1) -> Clock:
    clock = _begun(ticket, target, version, version.calendar_for(target), now, cycle)
    clock.save()
    clock.add_line(EntryKind.STARTED, now, with_target=True)
    return clock


def first(ticket: Ticket, targets: Sequence[Aim], version: PolicyVersion, *, now: datetime) -> list[Clock]:
    """The clocks of a new ticket, in memory; neither they nor it need be stored."""
    kinds = {target.round_the_clock: target for target in targets}
    under = {always: version.calendar_for(target) for always, target in kinds.items()}
    return [_begun(ticket, target, version, under[target.round_the_clock], now, 1) for target in targets]


def store_first(ticket: Ticket, begun: Sequence[Clock], *, now: datetime) -> None:
    """In as many queries as one takes, and where many tickets are opened at once, as those of all of them."""
    put(begun)
    put([clock.line(EntryKind.STARTED, now, with_target=True) for clock in begun])
    by_name: list[Clock] = sorted(begun, key=lambda clock: clock.metric)
    at_hand.keep(ticket, "clocks", by_name)


def _begun(
    ticket: Ticket, target: Aim, version: PolicyVersion, calendar: CalendarVersion | None, now: datetime, cycle: int
) -> Clock:
    """Running, and not yet stored."""
    clock = Clock(
        ticket=ticket,
        metric=target.metric,
        cycle=cycle,
        target_seconds=target.seconds,
        thresholds=list(target.thresholds),
        policy_version=version,
        calendar_version=calendar,
        responsible_team=ticket.team,
        started_at=now,
    )
    run(clock, now)
    return clock


def hold_as_the_ticket(
    clock: Clock, ticket: Ticket, *, now: datetime, by: User | None, reason: str = "", again: bool = False
) -> None:
    """Of a ticket that stands still: its clock is paused or runs on, as the clock's policy says of such a reason."""
    waits_for = ticket.stands_still_for
    if waits_for:
        said = reason or as_kept(Wait(waits_for).label)
        stand_still(clock, waits_for, now=now, by=by, reason=said, again=again)


def stand_still(
    clock: Clock, waits_for: str, *, now: datetime, by: User | None, reason: str, again: bool = False
) -> None:
    """The ticket waits for something of that kind: paused where the clock's own policy says so, else it runs on.

    `again`: it waited for something else before; a clock that stays paused gets the new reason.
    """
    if not stops(clock.policy_version.pauses, waits_for, clock.metric):
        resume(clock, now=now, by=by, reason=reason)
    elif again and clock.state == ClockState.PAUSED:
        clock.add_line(EntryKind.PAUSED, now, by=by, reason=reason, waits_for=waits_for)
    else:
        pause(clock, now=now, by=by, reason=reason, waits_for=waits_for)


def pause(clock: Clock, *, now: datetime, by: User | None, reason: str, waits_for: str) -> None:
    if not _may_pause(clock, now):
        return
    _count_up_to(clock, now)
    if clock.state == ClockState.RUNNING:
        clock.state = ClockState.PAUSED
        clock.due_at = clock.next_moment = None
    clock.save()
    clock.add_line(EntryKind.PAUSED, now, by=by, reason=reason, waits_for=waits_for)


def _may_pause(clock: Clock, now: datetime) -> bool:
    """A broken promise runs on. What a team uses is added up beyond its target as well, without its pauses."""
    if breach_if_due(clock, now):
        return clock.is_internal and clock.running_since is not None
    return clock.state == ClockState.RUNNING


def resume(clock: Clock, *, now: datetime, by: User | None, reason: str) -> None:
    if clock.state == ClockState.PAUSED:
        run(clock, now)
    elif clock.is_internal and clock.state == ClockState.BREACHED and clock.met_at is clock.running_since is None:
        clock.running_since = now
    else:
        return
    clock.save()
    clock.add_line(EntryKind.RESUMED, now, by=by, reason=reason)


def meet(clock: Clock, *, now: datetime, by: User | None, reason: str = "") -> None:
    """The promise is kept, or, after its due time, answered late: then the breach stands."""
    if clock.is_stopped:
        return
    breach_if_due(clock, now)
    _count_up_to(clock, now)
    clock.met_at = now
    clock.next_moment = None
    if clock.state != ClockState.BREACHED:
        clock.state = ClockState.MET
    clock.save()
    clock.add_line(EntryKind.MET, now, by=by, reason=reason)


def cancel(clock: Clock, *, now: datetime, by: User | None, reason: str) -> None:
    """The promise does not apply any more. One that was already broken stays broken."""
    _stop(clock, EntryKind.CANCELLED, now=now, by=by, reason=reason)


def set_aside(clock: Clock, *, now: datetime, by: User | None, reason: str) -> None:
    """The ticket is out of the way (merged, put away): cancelled, unless `take_up` finds it here again."""
    _stop(clock, EntryKind.SET_ASIDE, now=now, by=by, reason=reason)


def take_up(clock: Clock, *, by: User | None, reason: str, after: Collection[str] = (EntryKind.SET_ASIDE,)) -> None:
    """As if the clock had never been set aside: it counts on from that very instant, running or paused as it was.

    The customer waited all the while, so no time is given away; a due time that has passed is found by the sweep.
    The ledger gets lines of that instant, and nothing in it is changed. `after`: what stopped it, else it stays.
    """
    entries = clock.lines()
    if not entries or entries[-1].kind not in after:
        return
    at, was_paused = entries[-1].at, _was_paused(entries[:-1])
    clock.met_at = None
    if clock.state == ClockState.BREACHED:
        clock.running_since = at
        clock.next_moment = next_moment(clock)
    else:
        run(clock, at)
    clock.save()
    clock.add_line(EntryKind.REOPENED, at, by=by, reason=reason)
    if was_paused:
        pause(clock, now=at, by=by, reason=reason, waits_for=_waited_for(entries))


def take_back(clock: Clock, *, at: datetime, kinds: Collection[str], now: datetime, by: User | None) -> None:
    """What a step at `at` did to the clock, if that was its last move and one of these, is as if it had not been."""
    last = next(reversed(clock.lines()), None)
    if last is None or last.at != at or last.kind not in kinds:
        return
    reason = gettext_noop("taken back")
    if last.kind == EntryKind.PAUSED and _was_paused(clock.lines()[:-1]):
        return
    if last.kind == EntryKind.PAUSED:
        resume(clock, now=at, by=by, reason=reason)
    elif last.kind in {EntryKind.MET, EntryKind.CANCELLED}:
        take_up(clock, by=by, reason=reason, after=kinds)
    elif clock.state == ClockState.RUNNING and not breach_if_due(clock, now):
        _still_as_before(clock, last, by, reason)


def _still_as_before(clock: Clock, last: LedgerEntry, by: User | None, reason: str) -> None:
    """It should not have run since: paused, or met, as it was before it was set going."""
    met = next((line for line in reversed(clock.lines()[:-1]) if line.kind == EntryKind.MET), None)
    clock.due_at = None
    if last.kind == EntryKind.REOPENED and met is not None:
        run(clock, met.at)
        clock.met_at = met.at
    clock.state = ClockState.PAUSED if clock.met_at is None else ClockState.MET
    clock.running_since = clock.next_moment = None
    clock.save()
    if clock.met_at is None:
        waited_for = _waited_for(clock.lines())
        clock.add_line(EntryKind.PAUSED, last.at, by=by, reason=reason, waits_for=waited_for)
    else:
        clock.add_line(EntryKind.MET, last.at, by=by, reason=reason)


def _was_paused(entries: Sequence[LedgerEntry]) -> bool:
    moves = {EntryKind.STARTED, EntryKind.PAUSED, EntryKind.RESUMED, EntryKind.REOPENED}
    return [entry.kind for entry in entries if entry.kind in moves][-1] == EntryKind.PAUSED


def _waited_for(entries: Sequence[LedgerEntry]) -> str:
    """At its last pause."""
    return next((entry.waits_for for entry in reversed(entries) if entry.kind == EntryKind.PAUSED), "")


def _stop(clock: Clock, kind: EntryKind, *, now: datetime, by: User | None, reason: str) -> None:
    if clock.is_stopped:
        return
    breach_if_due(clock, now)
    _count_up_to(clock, now)
    clock.next_moment = None
    if clock.state == ClockState.BREACHED:
        clock.met_at = now
    else:
        clock.state = ClockState.CANCELLED
        clock.due_at = None
    clock.save()
    clock.add_line(kind, now, by=by, reason=reason)


def reopen(clock: Clock, *, now: datetime, by: User | None, reason: str) -> None:
    """Run on with what was left: the time while it was met does not count."""
    if clock.state != ClockState.MET:
        return
    clock.met_at = None
    run(clock, now)
    clock.save()
    clock.add_line(EntryKind.REOPENED, now, by=by, reason=reason)


def take_on(
    clock: Clock, target: TeamTarget, version: PolicyVersion, *, now: datetime, by: User | None, reason: str
) -> None:
    """The team has the ticket again: it goes on with what it had used, under the terms as they are for it now."""
    broken = clock.state == ClockState.BREACHED
    clock.met_at = None
    if broken:
        clock.running_since = now
    else:
        clock.aim_at(target, version)
        run(clock, now)
    clock.save()
    clock.add_line(EntryKind.REOPENED, now, by=by, reason=reason, with_target=not broken)


def retarget(clock: Clock, target: Aim, version: PolicyVersion, *, now: datetime, by: User | None, reason: str) -> None:
    """Another target or calendar from now on; the work time used so far is kept, a pause stays a pause."""
    if clock.state not in {ClockState.RUNNING, ClockState.PAUSED} or breach_if_due(clock, now):
        return
    _count_up_to(clock, now)
    clock.aim_at(target, version)
    if clock.state == ClockState.RUNNING:
        run(clock, now)
    clock.save()
    clock.add_line(EntryKind.RETARGETED, now, by=by, reason=reason, with_target=True)


def follow_hours(clock: Clock, hours: CalendarVersion, *, now: datetime, by: User | None, reason: str) -> bool:
    """Other working hours from now on, the target as it is; whether it did. What is broken is not judged again."""
    if clock.state not in {ClockState.RUNNING, ClockState.PAUSED} or breach_if_due(clock, now):
        return False
    _count_up_to(clock, now)
    clock.calendar_version = hours
    if clock.state == ClockState.RUNNING:
        run(clock, now)
    clock.save()
    clock.add_line(EntryKind.RETARGETED, now, by=by, reason=reason, with_target=True)
    return True


def breach_if_due(clock: Clock, now: datetime) -> bool:
    """Write the breach of a running clock whose due time has come; True if it is or was broken."""
    if clock.state == ClockState.BREACHED:
        return True
    if clock.state != ClockState.RUNNING or clock.due_at is None or clock.due_at > now:
        return False
    mark_breached(clock)
    clock.save()
    record_breaches([clock], now)
    return True


def fire(clock: Clock, keys: Collection[str]) -> None:
    """In memory: these thresholds have done what they do. The due time does not move by it."""
    clock.fired = [*clock.fired, *keys]
    clock.next_moment = next_moment(clock)


def run(clock: Clock, now: datetime) -> None:
    """In memory: it runs from `now` on, with what it has used behind it."""
    clock.state = ClockState.RUNNING
    clock.running_since = now
    clock.due_at = due(clock.hours, at=now, used=clock.used, target=clock.target)
    clock.next_moment = next_moment(clock)


def _count_up_to(clock: Clock, now: datetime) -> None:
    if clock.running_since is not None:
        clock.used += clock.hours.worked(clock.running_since, now)
    clock.running_since = None
