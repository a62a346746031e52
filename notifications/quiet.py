"""When a person wants to be left alone, and when that ends. Pure: `now` comes in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

# Quiet hours and working hours may chase each other for some days; whoever has none left is told at once.
MOST_STEPS = 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """`quiet` are local wall times, in which it may run past midnight; `next_open` is that of a work calendar."""

    zone: tzinfo
    quiet: tuple[time, time] | None = None
    next_open: Callable[[datetime], datetime] | None = None


def held_until(wishes: Wishes, now: datetime) -> datetime | None:
    """When an alert of now may go out; None for at once."""
    at = now
    for _step in range(MOST_STEPS):
        later = _after_the_quiet(wishes, at)
        if wishes.next_open is not None:
            later = wishes.next_open(later)
        if later <= at:
            return at if at > now else None
        at = later
    return None


def _after_the_quiet(wishes: Wishes, at: datetime) -> datetime:
    if wishes.quiet is None or wishes.quiet[0] == wishes.quiet[1]:
        return at
    begins, ends = wishes.quiet
    local = at.astimezone(wishes.zone)
    clock = local.time().replace(tzinfo=None)
    runs_past_midnight = begins > ends
    is_quiet = (clock >= begins or clock < ends) if runs_past_midnight else begins <= clock < ends
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1) if runs_past_midnight and clock >= begins else local.date()
    # A time that the clocks skip ends the quiet as soon as they have skipped it.
    return max(at, datetime.combine(day, ends, tzinfo=wishes.zone).astimezone(at.tzinfo))
