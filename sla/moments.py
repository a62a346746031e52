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
    A threshold that already lies behind is due at once.
    """
    due_at = hours.due(at, max(target - used, timedelta()))
    for percent in sorted(thresholds):
        if percent > warned_percent:
            ahead = target * percent / 100 - used
            return Moments(due_at, min(due_at, hours.due(at, ahead) if ahead > timedelta() else at))
    return Moments(due_at, due_at)
