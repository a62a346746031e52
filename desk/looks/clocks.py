"""A clock as one chip: what state it is in, how much is left, when it is due."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk.templatetags.desk_time import short
from sla.enums import ClockState
from sla.hours import hours_of
from sla.models import Clock

# Where a clock names no threshold of its own: amber for the last quarter.
WARN_AT = 75
# Beyond this the two ways of counting differ by closed hours and not by rounding.
_SAME = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Chip:
    """`state` is ok, warn, breach, pause, met or none; `still`: the figure is not wall-clock time."""

    state: str
    figure: str
    name: str = ""
    due: datetime | None = None
    note: str = ""
    percent: int = 0
    still: bool = False


def used_by(clock: Clock, now: datetime) -> timedelta:
    """Working time used up to `now`."""
    if clock.running_since is None:
        return clock.used
    return clock.used + hours_of(clock.calendar_version).worked(clock.running_since, now)


def chip(clock: Clock, now: datetime) -> Chip:
    return _CHIPS.get(_state(clock, now), _none)(clock, now)


def nothing_due() -> Chip:
    return Chip("none", _("Nothing due"))


def due_first(clocks: Sequence[Clock], now: datetime) -> Chip:
    """The chip of the clock that is due first; a paused one where nothing runs."""
    moving = [clock for clock in clocks if clock.due_at is not None]
    paused = [clock for clock in clocks if clock.state == ClockState.PAUSED]
    if moving:
        return chip(min(moving, key=lambda clock: (clock.due_at, clock.pk)), now)
    if paused:
        return chip(min(paused, key=lambda clock: clock.target - clock.used), now)
    return nothing_due()


def ticking_by_ticket(numbers: Iterable[int]) -> dict[int, list[Clock]]:
    """The ticking clocks of some tickets, in one query."""
    found: dict[int, list[Clock]] = defaultdict(list)
    for clock in Clock.objects.ticking().for_tickets(numbers):
        found[clock.ticket_id].append(clock)
    return found


def _state(clock: Clock, now: datetime) -> str:
    if clock.state == ClockState.RUNNING and clock.due_at is not None and clock.due_at <= now:
        return ClockState.BREACHED  # The sweep has not come by yet.
    return clock.state


def _percent(used: timedelta, clock: Clock) -> int:
    return max(0, min(100, used * 100 // clock.target))


def _running(clock: Clock, now: datetime) -> Chip:
    used = used_by(clock, now)
    left = max(clock.target - used, timedelta())
    percent = _percent(used, clock)
    warn = percent >= min(clock.thresholds, default=WARN_AT)
    still = clock.due_at is None or abs(clock.due_at - now - left) > _SAME
    return Chip(
        "warn" if warn else "ok", short(left), clock.get_metric_display(), clock.due_at, percent=percent, still=still
    )


def _breached(clock: Clock, now: datetime) -> Chip:
    due = clock.due_at or now
    over = short((clock.met_at or now) - due)
    name = clock.get_metric_display()
    if clock.met_at is not None:
        return Chip("breach", _("%(time)s late") % {"time": over}, name, due, percent=100, still=True)
    return Chip("breach", _("%(time)s over") % {"time": over}, name, due, percent=100)


def _paused(clock: Clock, now: datetime) -> Chip:
    left = short(clock.target - clock.used)
    name = clock.get_metric_display()
    return Chip("pause", left, name, note=_("kept"), percent=_percent(clock.used, clock))


def _met(clock: Clock, now: datetime) -> Chip:
    figure = _("Met in %(time)s") % {"time": short(clock.used)}
    note = _("target %(time)s") % {"time": short(clock.target)}
    return Chip("met", figure, clock.get_metric_display(), note=note, percent=_percent(clock.used, clock))


def _none(clock: Clock, now: datetime) -> Chip:
    return Chip("none", _("No promise"), clock.get_metric_display())


_CHIPS: dict[str, Callable[[Clock, datetime], Chip]] = {
    ClockState.RUNNING: _running,
    ClockState.BREACHED: _breached,
    ClockState.PAUSED: _paused,
    ClockState.MET: _met,
}
