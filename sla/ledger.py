"""A clock's ledger, replayed: from its entries, which are only ever added, everything else is computed (DESIGN §3.9).

The state after each entry is read from one table. Between two entries the clock runs, is paused, or is stopped; while
it runs, the working hours of the calendar then in force count, and nothing else does. What has been used stays used:
a pause, a new target, another calendar, solving and reopening change only what happens from then on. A due time is
never shifted by a pause; it is what remains, counted on from the instant at which the clock runs again.

No models, no reading of the clock. Instants are aware; answers are in UTC.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from calendars.worktime import Interval, WorkTime
from sla.enums import EntryKind

_NOTHING = timedelta()

DUE = "due"


class SegmentKind(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"  # The clock runs, but the calendar is shut.
    STOPPED = "stopped"


class LedgerError(ValueError):
    """The entries are no ledger: no start with a target and a calendar, or a target of nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. A target or a calendar, where there is one, is in force from here on; None leaves it as it was.

    Round the clock is `ALWAYS`, not None. `policy`, `hours`, `reason` and `by` are words for the explanation; `hours`
    comes with a calendar and is empty for round the clock. `waits_for`: of a pause, the kind of its reason.
    """

    at: datetime
    kind: str
    target: timedelta | None = None
    calendar: WorkTime | None = None
    policy: str = ""
    reason: str = ""
    by: str = ""
    hours: str = ""
    waits_for: str = ""

    def __post_init__(self) -> None:
        if self.target is not None and self.target <= _NOTHING:
            raise LedgerError("A target must be more than nothing.")


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the clock's life. `counted` is its whole length while running, and nothing otherwise.

    `paused` is the working time that a pause let go by. `reason` and `by` are those of the entry that put the clock
    into this state; `policy` and `hours` are those in force.
    """

    from_: datetime
    to: datetime
    kind: SegmentKind
    counted: timedelta
    reason: str
    by: str
    policy: str
    hours: str = ""
    paused: timedelta = _NOTHING
    waits_for: str = ""


class Moment(NamedTuple):
    """When somebody has to look at the clock again, and why: `due`, or `warning:75`."""

    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Account:
    """A clock as it stands at `until`: the segments' `counted` add up to `used`, `used` and `remaining` to `target`."""

    until: datetime
    state: SegmentKind
    was: SegmentKind | None
    """The state before this one; None where there was no other."""
    segments: tuple[Segment, ...]
    used: timedelta
    paused: timedelta
    """How much working time has gone by in pauses."""
    target: timedelta
    calendar: WorkTime
    policy: str
    target_since: datetime

    @property
    def remaining(self) -> timedelta:
        """Negative when overdue."""
        return self.target - self.used

    @property
    def percent(self) -> int:
        """Of the target, rounded down: 100 is reached at the due time and not before."""
        return self.used * 100 // self.target

    @property
    def due_at(self) -> datetime | None:
        """None while paused or stopped. It stays where it was when it has passed."""
        return self.reaches(self.target) if self.state == SegmentKind.RUNNING else None

    @property
    def stood_due_at(self) -> datetime | None:
        """The due time, or, of a clock that was stopped while it ran, the one that it had then (asked at its stop)."""
        stopped = self.state == SegmentKind.STOPPED and self.was == SegmentKind.RUNNING
        return self.reaches(self.target) if stopped else self.due_at

    @property
    def ahead(self) -> tuple[Interval, ...]:
        """What will be counted from `until` up to the due time: it adds up to `remaining`, and ends when it is due.

        Of a target cut below what is used already, the empty interval at which the calendar opens.
        """
        due = self.stood_due_at
        if due is None or due <= self.until:
            return ()
        if self.remaining <= _NOTHING:
            return (Interval(due, due),)
        return tuple(self.calendar.intervals(self.until, due))

    @property
    def missed_at(self) -> datetime | None:
        """When the target, since it is in force, was used up, whatever the state; None if that has not been."""
        return self.reached(self.target)

    def reaches(self, amount: timedelta) -> datetime:
        """The instant at which `amount` has been or will have been used, if the clock runs on.

        Never before the present target came into force, and always in working time: a target cut below what is
        already used is due at once, or when the calendar opens.
        """
        reached = self.reached(amount)
        if reached is not None:
            return reached
        if amount <= self.used:
            return self.calendar.next_open(self.until)
        return self.calendar.due(self.until, amount - self.used)

    def reached(self, amount: timedelta) -> datetime | None:
        """When so much had been used of the present target; None if it has not been, or only before it was in force."""
        used = _NOTHING
        for segment in self.segments:
            before, used = used, used + segment.counted
            if segment.counted and segment.from_ >= self.target_since and used >= amount:
                return segment.from_ + max(amount - before, _NOTHING)
        return None


# What an entry does to a clock in a state; absent: nothing. So a customer's answer does not set a solved ticket's
# clock going, and reopening a ticket that is not solved changes nothing.
_STATE_AFTER: dict[tuple[SegmentKind | None, str], SegmentKind] = {
    (None, EntryKind.STARTED): SegmentKind.RUNNING,
    (SegmentKind.RUNNING, EntryKind.PAUSED): SegmentKind.PAUSED,
    (SegmentKind.PAUSED, EntryKind.PAUSED): SegmentKind.PAUSED,
    (SegmentKind.PAUSED, EntryKind.RESUMED): SegmentKind.RUNNING,
    (SegmentKind.RUNNING, EntryKind.MET): SegmentKind.STOPPED,
    (SegmentKind.PAUSED, EntryKind.MET): SegmentKind.STOPPED,
    (SegmentKind.RUNNING, EntryKind.CANCELLED): SegmentKind.STOPPED,
    (SegmentKind.PAUSED, EntryKind.CANCELLED): SegmentKind.STOPPED,
    (SegmentKind.RUNNING, EntryKind.SET_ASIDE): SegmentKind.STOPPED,
    (SegmentKind.PAUSED, EntryKind.SET_ASIDE): SegmentKind.STOPPED,
    (SegmentKind.STOPPED, EntryKind.REOPENED): SegmentKind.RUNNING,
}


def replay(entries: Iterable[Entry], *, until: datetime) -> Account:
    """The account at `until` of the entries in the order in which they were written.

    Entries later than `until` are left out, so that the past can be asked for. A time that goes backwards (two
    processes' clocks) is taken for the time of the entry before. LedgerError when there is no proper start.
    """
    stretches = _stretches(entries, until.astimezone(UTC))
    last = stretches[-1]
    end = max(until.astimezone(UTC), last.at)
    lives = [(stretch, following.at) for stretch, following in pairwise(stretches)] + [(last, end)]
    segments = tuple(segment for stretch, to in lives for segment in stretch.segments(to))
    return Account(
        until=end,
        state=last.state,
        was=next((stretch.state for stretch in reversed(stretches) if stretch.state != last.state), None),
        segments=segments,
        used=sum((segment.counted for segment in segments), _NOTHING),
        paused=sum((segment.paused for segment in segments), _NOTHING),
        target=last.target,
        calendar=last.calendar,
        policy=last.policy,
        target_since=last.target_since,
    )


def settle(entries: Sequence[Entry], *, until: datetime) -> Account:
    """As `replay`, but of a clock that is stopped the account at its stop: nothing is added to it any more."""
    account = replay(entries, until=until)
    if account.state != SegmentKind.STOPPED:
        return account
    stopped_at = account.until
    for segment in reversed(account.segments):
        if segment.kind != SegmentKind.STOPPED:
            break
        stopped_at = segment.from_
    return replay(entries, until=stopped_at)


def next_moment(account: Account, thresholds: Iterable[int], fired: Collection[str] = ()) -> Moment | None:
    """The earliest warning (at so many per cent of the target) or due time that has not fired yet.

    It may lie in the past: then it is to be made good. None while paused or stopped, or when all have fired. Whoever
    changes a target decides which of `fired` still hold for the new one.
    """
    if account.state != SegmentKind.RUNNING:
        return None
    amounts = {f"warning:{percent}": account.target * percent / 100 for percent in thresholds} | {DUE: account.target}
    waiting = [(amount, kind) for kind, amount in amounts.items() if kind not in fired]
    if not waiting:
        return None
    amount, kind = min(waiting)
    return Moment(account.reaches(amount), kind)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What holds from an instant on, until an entry changes it."""

    at: datetime
    state: SegmentKind
    target: timedelta
    calendar: WorkTime
    target_since: datetime
    policy: str
    reason: str
    by: str
    hours: str
    waits_for: str = ""

    def after(self, entry: Entry, at: datetime) -> "_Stretch":
        changed = replace(self, at=at, policy=entry.policy or self.policy)
        if entry.calendar is not None:
            changed = replace(changed, calendar=entry.calendar, hours=entry.hours)
        if entry.target is not None and entry.target != self.target:
            changed = replace(changed, target=entry.target, target_since=at)
        state = _STATE_AFTER.get((self.state, entry.kind))
        if state is None:
            return changed
        return replace(changed, state=state, reason=entry.reason, by=entry.by, waits_for=entry.waits_for)

    def segments(self, to: datetime) -> Iterator[Segment]:
        if self.state != SegmentKind.RUNNING:
            if to > self.at:
                yield self._segment(self.at, to, self.state)
            return
        at = self.at
        for opened, closed in self.calendar.intervals(self.at, to):
            if opened > at:
                yield self._segment(at, opened, SegmentKind.CLOSED)
            yield self._segment(opened, closed, SegmentKind.RUNNING)
            at = closed
        if to > at:
            yield self._segment(at, to, SegmentKind.CLOSED)

    def _segment(self, from_: datetime, to: datetime, kind: SegmentKind) -> Segment:
        counted = to - from_ if kind == SegmentKind.RUNNING else _NOTHING
        paused = self.calendar.worked(from_, to) if kind == SegmentKind.PAUSED else _NOTHING
        waits_for = self.waits_for if kind == SegmentKind.PAUSED else ""
        return Segment(from_, to, kind, counted, self.reason, self.by, self.policy, self.hours, paused, waits_for)


def _stretches(entries: Iterable[Entry], until: datetime) -> Sequence[_Stretch]:
    """One per entry that changes anything, at least the first."""
    lines = iter(entries)
    stretches = [_start(next(lines, None))]
    at = stretches[0].at
    for entry in lines:
        at = max(entry.at.astimezone(UTC), at)
        if at > until:
            break
        changed = stretches[-1].after(entry, at)
        if replace(changed, at=stretches[-1].at) != stretches[-1]:
            stretches.append(changed)
    return stretches


def _start(entry: Entry | None) -> _Stretch:
    state = _STATE_AFTER.get((None, entry.kind)) if entry else None
    if entry is None or state is None or entry.target is None or entry.calendar is None:
        raise LedgerError("A ledger begins with a start that names a target and a calendar.")
    at = entry.at.astimezone(UTC)
    return _Stretch(at, state, entry.target, entry.calendar, at, entry.policy, entry.reason, entry.by, entry.hours)
