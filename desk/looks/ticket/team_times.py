"""Beside the customer's clock: what each team may take, has used and has left, and the sum (R42)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from desk.looks.ticket.clocks import over, used_by
from desk.looks.ticket.why import url_of
from desk.templatetags.desk_time import short
from sla.enums import ClockState, Metric
from sla.models import Clock

_NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class TeamTime:
    """`now`: the team has the ticket; `tone` is breach where its time is used up."""

    team: str
    allowed: str
    used: str
    left: str
    url: str
    now: bool
    paused: bool
    tone: str


@dataclass(frozen=True, slots=True)
class TeamTimes:
    rows: list[TeamTime]
    allowed: str
    used: str
    left: str
    promise: str
    """The customer's, beside which the sum stands; empty where solving is not promised."""
    is_too_long: bool


def team_times(clocks: Sequence[Clock], now: datetime) -> TeamTimes | None:
    """Of all clocks of a ticket, in the order in which the teams first got it; None where no team is counted."""
    own = [clock for clock in clocks if clock.is_internal and (clock.state != ClockState.CANCELLED or clock.used)]
    if not own:
        return None
    own.sort(key=lambda clock: clock.cycle)
    used = sum((used_by(clock, now) for clock in own), _NOTHING)
    allowed = sum((clock.target for clock in own), _NOTHING)
    promise = next((clock.target for clock in reversed(clocks) if clock.metric == Metric.RESOLUTION), None)
    return TeamTimes(
        rows=[_row(clock, now) for clock in own],
        allowed=short(allowed),
        used=short(used),
        left=_left(allowed - used),
        promise=short(promise) if promise else "",
        is_too_long=promise is not None and allowed > promise,
    )


def _row(clock: Clock, now: datetime) -> TeamTime:
    used = used_by(clock, now)
    left = clock.target - used
    team = clock.responsible_team
    return TeamTime(
        team=team.name if team else _("a team that is gone"),
        allowed=short(clock.target),
        used=short(used),
        left=_left(left),
        url=url_of(clock),
        now=not clock.is_stopped,
        paused=not clock.is_stopped and clock.running_since is None,
        tone="breach" if left <= _NOTHING else "",
    )


def _left(left: timedelta) -> str:
    return short(left) if left >= _NOTHING else over(short(-left))
