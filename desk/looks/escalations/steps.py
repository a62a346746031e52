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
from escalation.deadlines.promises import FIRST_HOUR
from escalation.enums import Audience, DeadlineKind, Stage, State
from escalation.models import Deadline, Escalation, Override
from escalation.procedures.conditions import sentences_at
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
        return _ahead(escalation, number)
    here = short(now - escalation.step_since)
    met = sum(condition.met for condition in conditions)
    if not conditions:
        return _("%(time)s here") % {"time": here}
    return _("%(time)s here, %(met)d of %(all)d conditions") % {"time": here, "met": met, "all": len(conditions)}


def _ahead(escalation: Escalation, number: int) -> str:
    """What a step is for; where its procedure asks for little, that and no more."""
    asked = sentences_at(escalation, _STATES[number - 1])
    if len(asked) > 1:
        return str(_AHEAD[number - 1])
    return asked[0] if asked else _("This step asks for nothing.")


def first_hour(deadlines: Sequence[Deadline], now: datetime) -> HourLook | None:
    """Of both audiences together: running, missed or kept; None where the procedure promises no first hour (R35)."""
    hours = [one for one in deadlines if one.kind == DeadlineKind.FIRST_HOUR and not one.cancelled_at]
    if not hours:
        return None
    # One that was met after its time, before the sweep came by, was missed all the same.
    if all(one.met_at is not None and one.met_at <= one.due_at for one in hours):
        when = clock_text(max(one.met_at for one in hours if one.met_at), now)
        return HourLook(
            "kept", "", _("Everybody was informed within the first hour,"), _("the last at %(at)s.") % {"at": when}
        )
    return _open_hour(hours, now)


def _open_hour(hours: Sequence[Deadline], now: datetime) -> HourLook:
    open_ones = [one for one in hours if one.met_at is None]
    due_at = min(one.due_at for one in open_ones or hours)
    start, end = due_at - FIRST_HOUR, clock_text(due_at, now)
    missing = [_MISSING[one.audience] for one in open_ones]
    if not missing:
        return _late_hour(due_at, max(one.met_at for one in hours if one.met_at), now)
    left = due_at - now
    late = left <= timedelta()
    text = (
        _("The first hour ended at %(end)s. %(missing)s") if late else _("The first hour ends at %(end)s. %(missing)s")
    )
    percent = max(0, min(100, (now - start) * 100 // FIRST_HOUR))
    state = "missed" if late else ("running" if left <= SOON else "calm")
    return HourLook(
        state=state,
        figure=_("%(time)s over") % {"time": words(left)} if late else words(left),
        headline=_("Communication overdue") if late else _("left to inform everybody"),
        text=text % {"end": end, "missing": " ".join(str(name) for name in missing)},
        percent=percent,
        start=clock_text(start, now),
        end=end,
        marks=tuple(
            {
                "percent": (one.met_at - start) * 100 // FIRST_HOUR,
                "label": f"{clock_text(one.met_at, now)} {_TOLD[one.audience]}",
            }
            for one in hours
            if one.met_at is not None and start <= one.met_at <= due_at
        ),
        aria=_("%(percent)d %% of the first hour is used") % {"percent": percent},
    )


def _late_hour(due_at: datetime, told_at: datetime, now: datetime) -> HourLook:
    """Missed, and made good since: the figure stands still."""
    known = {"end": clock_text(due_at, now), "at": clock_text(told_at, now)}
    return HourLook(
        state="calm",
        figure=_("%(time)s late") % {"time": words(told_at - due_at)},
        headline=_("everybody is informed"),
        text=_("The first hour ended at %(end)s, the last update went at %(at)s.") % known,
        percent=100,
        start=clock_text(due_at - FIRST_HOUR, now),
        end=known["end"],
        aria=_("The first hour was missed"),
    )


_MISSING: dict[str, Promise] = {
    Audience.CUSTOMERS: gettext_lazy("Customers have no update yet."),
    Audience.STAKEHOLDERS: gettext_lazy("Stakeholders have no update yet."),
}
_TOLD: dict[str, Promise] = {
    Audience.CUSTOMERS: gettext_lazy("customers"),
    Audience.STAKEHOLDERS: gettext_lazy("stakeholders"),
}
