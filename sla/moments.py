"""When a clock is due and when the sweep has to look at it next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calendars.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class Moments:
    due_at: datetime
    next_moment: datetime


def moments(
    hours: WorkTime,
    *,
    at: datetime,
    used: timedelta,
    target: timedelta,
    thresholds: Sequence[int],
    warned_percent: int,
) -> Moments:
    """Due time and next moment of a clock that runs from `at` on with `used` work time behind it.

    The next moment is the first threshold (per cent of the target) not yet warned of, else the due time.
    A threshold that already lies behind is due at once, or when the calendar opens, as the ledger says too.
    """
    due_at = _reached(hours, at, target - used)
    for percent in sorted(thresholds):
        if percent > warned_percent:
            return Moments(due_at, min(due_at, _reached(hours, at, target * percent / 100 - used)))
    return Moments(due_at, due_at)


def _reached(hours: WorkTime, at: datetime, ahead: timedelta) -> datetime:
    """When so much more work time will have been used; what lies behind is due at the next working moment."""
    return hours.due(at, ahead) if ahead > timedelta() else hours.next_open(at)
