"""A clock as one chip: what state it is in, how much is left, when it is due."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from calendars.models import CalendarVersion
from common.languages import in_each_language
from common.questions import Question
from desk.templatetags.desk_time import short
from sla.enums import ClockState, Metric
from sla.explain import has_come
from sla.models import Clock
from sla.querysets import ClockQuerySet

# Where a clock names no threshold before its due time: amber for the last quarter.
WARN_AT = 75
# What of a clock its chip is made of.
SHOWN = [
    *("ticket", "metric", "state", "target_seconds", "thresholds", "calendar_version"),
    *("due_at", "used", "running_since", "met_at"),
]
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
    return clock.used + clock.hours.worked(clock.running_since, now)


def chip(clock: Clock, now: datetime) -> Chip:
    return _CHIPS.get(_state(clock, now), _none)(clock, now)


@in_each_language
def metric_name(metric: str) -> str:
    return str(Metric(metric).label)


@in_each_language
def over(time: str) -> str:
    return _("%(time)s over") % {"time": time}


@in_each_language
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
    """The ticking clocks of some tickets with what a chip shows, in one query, and one for the calendars if any."""
    found: dict[int, list[Clock]] = defaultdict(list)
    asked = list(numbers)
    ticking = _ticking.rows(*asked) if asked else []
    # Not joined: fifty clocks share a calendar or two, with all their holidays.
    wanted = sorted({clock.calendar_version_id for clock in ticking if clock.calendar_version_id is not None})
    versions = {version.pk: version for version in _versions.rows(*wanted)} if wanted else {}
    for clock in ticking:
        if clock.calendar_version_id is not None:
            clock.calendar_version = versions[clock.calendar_version_id]
        found[clock.ticket_id].append(clock)
    return found


@Question
def _versions(*wanted: int) -> "QuerySet[CalendarVersion]":
    return CalendarVersion.objects.filter(pk__in=wanted).order_by()


@Question
def _ticking(*tickets: int) -> ClockQuerySet:
    return Clock.objects.ticking().filter(ticket__in=tickets).only(*SHOWN).order_by()


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
    before_due = [amount for amount, _threshold in clock.milestones if amount < clock.target]
    warn = used >= min(before_due, default=clock.target * WARN_AT / 100)
    still = clock.due_at is None or abs(clock.due_at - now - left) > _SAME
    return Chip(
        "warn" if warn else "ok", short(left), metric_name(clock.metric), clock.due_at, percent=percent, still=still
    )


def _breached(clock: Clock, now: datetime) -> Chip:
    due = clock.due_at or now
    by = short((clock.met_at or now) - due)
    name = metric_name(clock.metric)
    if clock.met_at is not None and not has_come(clock):
        return Chip("breach", _("Never came"), name, due, percent=100, still=True)
    if clock.met_at is not None:
        return Chip("breach", _("%(time)s late") % {"time": by}, name, due, percent=100, still=True)
    return Chip("breach", over(by), name, due, percent=100)


def _paused(clock: Clock, now: datetime) -> Chip:
    left = short(clock.target - clock.used)
    name = metric_name(clock.metric)
    return Chip("pause", left, name, note=_("kept"), percent=_percent(clock.used, clock))


def _met(clock: Clock, now: datetime) -> Chip:
    figure = _("Met in %(time)s") % {"time": short(clock.used)}
    note = _("target %(time)s") % {"time": short(clock.target)}
    return Chip("met", figure, metric_name(clock.metric), note=note, percent=_percent(clock.used, clock))


def _none(clock: Clock, now: datetime) -> Chip:
    return Chip("none", _("No promise"), metric_name(clock.metric))


_CHIPS: dict[str, Callable[[Clock, datetime], Chip]] = {
    ClockState.RUNNING: _running,
    ClockState.BREACHED: _breached,
    ClockState.PAUSED: _paused,
    ClockState.MET: _met,
}
