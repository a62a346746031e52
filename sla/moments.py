"""When a clock is due and when the sweep has to look at it next. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Protocol

from calendars.worktime import WorkTime
from sla.enums import ClockState
from sla.thresholds import Milestone, Threshold


class Counting(Protocol):
    """What is asked of a clock, whether it is kept or played."""

    state: str
    met_at: datetime | None
    due_at: datetime | None
    used: timedelta
    running_since: datetime | None
    fired: list[str]

    @property
    def hours(self) -> WorkTime: ...

    @property
    def milestones(self) -> tuple[Milestone, ...]: ...


def due(hours: WorkTime, *, at: datetime, used: timedelta, target: timedelta) -> datetime:
    """Of a clock that runs from `at` on with `used` work time behind it."""
    return reached(hours, at, target - used)


def reached(hours: WorkTime, at: datetime, ahead: timedelta) -> datetime:
    """When so much more work time will have been used; what lies behind is due at the next working moment."""
    return hours.due(at, ahead) if ahead > timedelta() else hours.next_open(at)


def ahead(clock: Counting) -> Iterator[tuple[datetime, Threshold]]:
    """The thresholds that have not fired, each with its moment, in the order in which they are reached.

    A clock that is late goes on counting; one that is paused or stopped reaches nothing.
    One that already lies behind is due at once, or when the calendar opens, as the ledger says too.
    """
    if clock.running_since is None or clock.met_at is not None:
        return
    for amount, threshold in clock.milestones:
        if threshold.key not in clock.fired:
            yield reached(clock.hours, clock.running_since, amount - clock.used), threshold


def next_moment(clock: Counting) -> datetime | None:
    """The first threshold that has not fired, or the due time; of a late clock only what comes after it."""
    first = next(ahead(clock), None)
    at = first[0] if first else None
    if clock.state != ClockState.RUNNING or clock.due_at is None:
        return at
    return min(at, clock.due_at) if at else clock.due_at
