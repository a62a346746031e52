"""The four steps of one escalation as the stepper shows them, and its first hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.errors import Condition
from desk.templatetags.desk_time import clock_text, short, words
from escalation.arming import FIRST_HOUR
from escalation.enums import DeadlineKind, Stage, State
from escalation.models import Communication, Deadline, Escalation, Override
from tickets.models import Event

SOON = timedelta(minutes=15)

# Which event begins a step; the first is begun by the approval where one is needed.
_BEGINS = {
    "escalation.opened": 1,
    "escalation.approved": 1,
    "escalation.communication_begun": 2,
    "escalation.resolution_begun": 3,
    "escalation.reopened": 3,
    "escalation.resolved": 4,
}
_STATES = (State.INITIATED, State.COMMUNICATING, State.RESOLVING, State.RESOLVED)
_AHEAD: tuple[Promise, ...] = (
    gettext_lazy("Somebody takes it on"),
    gettext_lazy("Everybody is informed, a plan is made"),
    gettext_lazy("The plan is carried out"),
    gettext_lazy("Verified, and the cause is named"),
)


@dataclass(frozen=True, slots=True)
class StepLook:
    number: int
    name: str
    note: str
    state: str
    overridden: bool = False


@dataclass(frozen=True, slots=True)
class HourLook:
    state: str
    figure: str
    headline: str
    text: str
    percent: int = 0
    start: str = ""
    end: str = ""
    marks: tuple[dict[str, Any], ...] = ()
    aria: str = ""


def steps(
    escalation: Escalation,
    conditions: Sequence[Condition],
    events: Sequence[Event],
    overrides: Sequence[Override],
    now: datetime,
) -> list[StepLook]:
    begun: dict[int, datetime] = {}
    for event in sorted(events, key=lambda event: (event.at, event.pk)):
        if event.kind in _BEGINS:
            begun[_BEGINS[event.kind]] = event.at
    set_aside = {override.condition for override in overrides}
    closed = escalation.state == State.CLOSED
    return [
        StepLook(
            number=number,
            name=str(Stage(stage).label),
            note=_note(escalation, number, begun, conditions, now),
            state=_step_state(escalation.step, number, closed),
            overridden=bool(set_aside & set(escalation.procedure.conditions.get(_STATES[number - 1], []))),
        )
        for number, stage in enumerate(Stage.values, start=1)
    ]


def _step_state(current: int, number: int, closed: bool) -> str:
    if number < current or closed:
        return "past"
    return "now" if number == current else "fut"


def _note(
    escalation: Escalation,
    number: int,
    begun: dict[int, datetime],
    conditions: Sequence[Condition],
    now: datetime,
) -> str:
    if escalation.state == State.CLOSED and number == escalation.step:
        return clock_text(escalation.closed_at, now)
    if number < escalation.step:
        since, until = begun.get(number), begun.get(number + 1)
        if since is None or until is None:
            return ""
        return _("%(since)s, took %(time)s") % {"since": clock_text(since, now), "time": short(until - since)}
    if number > escalation.step:
        return str(_AHEAD[number - 1])
    here = short(now - escalation.step_since)
    met = sum(condition.met for condition in conditions)
    if not conditions:
        return _("%(time)s here") % {"time": here}
    return _("%(time)s here, %(met)d of %(all)d conditions") % {"time": here, "met": met, "all": len(conditions)}


def first_hour(
    deadlines: Sequence[Deadline], communications: Sequence[Communication], now: datetime
) -> HourLook | None:
    """Running, missed or kept; None where the procedure promises no first hour, or it does not matter any more."""
    found = [
        deadline for deadline in deadlines if deadline.kind == DeadlineKind.FIRST_HOUR and not deadline.cancelled_at
    ]
    if not found:
        return None
    deadline = found[-1]
    # One that was met after its time, before the sweep came by, was missed all the same.
    if deadline.met_at is not None and deadline.met_at <= deadline.due_at:
        when = clock_text(deadline.met_at, now)
        return HourLook(
            "kept", "", _("Everybody was informed within the first hour,"), _("the last at %(at)s.") % {"at": when}
        )
    return _open_hour(deadline, communications, now)


def _open_hour(deadline: Deadline, communications: Sequence[Communication], now: datetime) -> HourLook:
    start = deadline.due_at - FIRST_HOUR
    # The first update to each audience is what counts.
    told = {one.audience: one for one in sorted(communications, key=lambda one: one.at, reverse=True)}
    missing = [name for audience, name in _MISSING.items() if audience not in told]
    if not missing:
        return _late_hour(deadline, max(one.at for one in told.values()), now)
    left = deadline.due_at - now
    late = left <= timedelta()
    text = (
        _("The first hour ended at %(end)s. %(missing)s") if late else _("The first hour ends at %(end)s. %(missing)s")
    )
    end = clock_text(deadline.due_at, now)
    percent = max(0, min(100, (now - start) * 100 // FIRST_HOUR))
    state = "missed" if late else ("running" if left <= SOON else "calm")
    return HourLook(
        state=state,
        figure=_("%(time)s over") % {"time": words(left)} if late else words(left),
        headline=_("to inform everybody") if late else _("left to inform everybody"),
        text=text % {"end": end, "missing": " ".join(str(name) for name in missing)},
        percent=percent,
        start=clock_text(start, now),
        end=end,
        marks=tuple(
            {"percent": (one.at - start) * 100 // FIRST_HOUR, "label": clock_text(one.at, now)}
            for one in told.values()
            if start <= one.at <= deadline.due_at
        ),
        aria=_("%(percent)d %% of the first hour is used") % {"percent": percent},
    )


def _late_hour(deadline: Deadline, told_at: datetime, now: datetime) -> HourLook:
    """Missed, and made good since: the figure stands still."""
    known = {"end": clock_text(deadline.due_at, now), "at": clock_text(told_at, now)}
    return HourLook(
        state="calm",
        figure=_("%(time)s late") % {"time": words(told_at - deadline.due_at)},
        headline=_("everybody is informed"),
        text=_("The first hour ended at %(end)s, the last update went at %(at)s.") % known,
        percent=100,
        start=clock_text(deadline.due_at - FIRST_HOUR, now),
        end=known["end"],
        aria=_("The first hour was missed"),
    )


_MISSING = {
    "customers": gettext_lazy("Customers have no update yet."),
    "stakeholders": gettext_lazy("Stakeholders have no update yet."),
}
