"""Where a request stands, in a customer's words: what is promised, who sees to it, how far it is. Pure.

No internal word gets in here: the input is numbers, states and names, the output is sentences of this file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from desk.portal.facts import Facts
from desk.templatetags.desk_time import words
from escalation.enums import OPEN_STATES, DeadlineKind, State
from escalation.models import Escalation
from people.models import Team
from sla.enums import ClockState, Metric
from tickets.enums import Status
from tickets.models import Ticket

if TYPE_CHECKING:
    from sla.explain import ToldClock

UNDER_WAY = (*OPEN_STATES, State.RESOLVED)
# How far it is without an escalation: the step, and its name in a list.
PLAIN: dict[str, tuple[int, StrOrPromise]] = {
    Status.NEW: (1, _("Received")),
    Status.OPEN: (2, _("In progress")),
    Status.ON_HOLD: (2, _("In progress")),
    Status.WAITING: (3, _("Waiting for you")),
    Status.SOLVED: (4, _("Solved")),
    Status.CLOSED: (4, _("Closed")),
}
# Label in a list, and above the large time on the page.
ANSWER = (_("Answer by"), _("Answer from us"))
UPDATE = (pgettext_lazy("what is promised", "Next update by"), _("Next update from us"))
SOLUTION = (_("Solved by"), pgettext_lazy("what is promised", "Solved"))
DECISION = (_("A manager answers by"), _("Answer from a manager"))
BY_METRIC: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    Metric.FIRST_RESPONSE: ANSWER,
    Metric.NEXT_RESPONSE: ANSWER,
    Metric.PERIODIC_UPDATE: UPDATE,
    Metric.PROMISED_UPDATE: UPDATE,
    Metric.RESOLUTION: SOLUTION,
}
BY_DEADLINE: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    DeadlineKind.UPDATE: UPDATE,
    DeadlineKind.FIRST_HOUR: UPDATE,
    DeadlineKind.APPROVAL: DECISION,
}


@dataclass(frozen=True, slots=True)
class Promise:
    """What we said, and when. `label` is for a list, `headline` stands above the time on the page."""

    label: StrOrPromise
    headline: StrOrPromise
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four; `position` is past, now or ahead."""

    name: StrOrPromise
    note: StrOrPromise
    at: datetime | None
    position: str


@dataclass(frozen=True, slots=True)
class Standing:
    ticket: Ticket
    stage: StrOrPromise
    step: int
    is_escalated: bool
    is_shared: bool
    """Whether the escalation is of another ticket, and harms this customer too."""
    team: Team | None
    next: Promise | None
    """The earliest promise that can still be kept."""
    late: Promise | None
    """The earliest that was not kept and is still owed."""
    is_ours: bool
    """Whether it is our turn; False where we wait for the customer or are done."""
    escalation: Escalation | None
    steps: tuple[Step, ...]


def standing_of(facts: Facts, now: datetime) -> Standing:
    ticket, shown = facts.ticket, facts.escalation
    runs = shown is not None and shown.state in UNDER_WAY
    promises = [] if ticket.is_done else sorted(_promises(facts), key=lambda promise: promise.at)
    is_ours = not ticket.is_done and ticket.status != Status.WAITING
    step, name = PLAIN[ticket.status]
    return Standing(
        ticket=ticket,
        stage=_("Escalated") if runs and is_ours else name,
        step=shown.step if shown and runs and not ticket.is_done else step,
        is_escalated=runs and not ticket.is_done,
        is_shared=_is_shared(facts),
        team=_team(facts) if runs and not ticket.is_done else ticket.team,
        next=next((promise for promise in promises if promise.at > now), None),
        late=next((promise for promise in promises if promise.at <= now), None),
        is_ours=is_ours,
        escalation=shown,
        steps=_escalated_steps(shown) if shown and runs else _plain_steps(ticket),
    )


def _is_shared(facts: Facts) -> bool:
    return facts.escalation is not None and facts.escalation.ticket_id != facts.ticket.number


def _team(facts: Facts) -> Team | None:
    """Whose work it is (R38): of what harms others too, the team that sees to it all."""
    shown = facts.escalation
    return (shown.team or shown.ticket.team) if shown is not None and _is_shared(facts) else facts.ticket.team


def _promises(facts: Facts) -> Iterator[Promise]:
    """All that is owed: clocks that run or ran out unanswered, and the escalation's promised times."""
    for clock in facts.clocks:
        owed = clock.met_at is None and clock.state in {ClockState.RUNNING, ClockState.BREACHED}
        if owed and clock.due_at is not None:
            yield Promise(*BY_METRIC[clock.metric], clock.due_at)
    for deadline in facts.deadlines:
        yield Promise(*BY_DEADLINE[deadline.kind], deadline.due_at)


def _plain_steps(ticket: Ticket) -> tuple[Step, ...]:
    here, _name = PLAIN[ticket.status]
    waiting = ticket.status == Status.WAITING
    drafts: list[tuple[StrOrPromise, StrOrPromise, datetime | None]] = [
        (_("Received"), "", ticket.created_at),
        (_("In progress"), _("we work on it"), None),
        (_("Waiting for you") if waiting else _("Answered"), _("write below") if waiting else _("after that"), None),
        (_("Solved"), _("you say whether it holds"), ticket.solved_at),
    ]
    return tuple(_step(draft, number, here, ticket.is_done) for number, draft in enumerate(drafts, start=1))


def _escalated_steps(escalation: Escalation) -> tuple[Step, ...]:
    drafts: list[tuple[StrOrPromise, StrOrPromise, datetime | None]] = [
        (_("Taken up"), _("now"), escalation.initiated_at or escalation.opened_at),
        (_("Everybody informed"), _("after that"), None),
        (_("Being solved"), _("after that"), None),
        (_("Confirmed with you"), _("we check that it works for you"), escalation.closed_at),
    ]
    closed = escalation.state == State.CLOSED
    return tuple(_step(draft, number, escalation.step, closed) for number, draft in enumerate(drafts, start=1))


def _step(draft: tuple[StrOrPromise, StrOrPromise, datetime | None], number: int, here: int, ended: bool) -> Step:
    name, note, at = draft
    if number < here or (number == here and ended):
        return Step(name, "", at, "past")
    if number == here:
        return Step(name, _("now"), None, "now")
    return Step(name, note, None, "ahead")


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of “What we promised”: `state` is yes, part or no; `key` names the clock, where it is counted by one."""

    state: str
    metric: str
    outcome: str
    due_at: datetime | None
    met_at: datetime | None
    target_words: str
    in_working_time: bool
    left: timedelta | None
    key: str = ""


def promises_of(facts: Facts, now: datetime) -> list[Kept]:
    """Every promise on this request in the order in which it was made, kept or not; an answered cycle stays."""
    lines = [clock_line(clock, now) for clock in facts.clocks]
    if facts.ticket.is_done:
        return lines
    updates = [deadline for deadline in facts.deadlines if deadline.kind != DeadlineKind.APPROVAL]
    return lines + [_owed(Metric.PERIODIC_UPDATE, deadline.due_at, now) for deadline in updates]


def clock_line(clock: "ToldClock", now: datetime) -> Kept:
    """Of one clock, in the same words wherever it is told."""
    with_hours = clock.calendar_version_id is not None
    length = _in_hours(clock.target) if with_hours else words(clock.target)
    key = f"counting-{clock.metric}-{clock.cycle}"
    if clock.met_at is not None:
        state, outcome = _ending(clock)
        return Kept(state, clock.metric, outcome, clock.due_at, clock.met_at, length, with_hours, None, key)
    if clock.due_at is None or clock.state == ClockState.PAUSED:
        return Kept("part", clock.metric, "paused", None, None, length, with_hours, None, key)
    return _owed(clock.metric, clock.due_at, now, key)


def _ending(clock: "ToldClock") -> tuple[str, str]:
    if clock.breached_at is None:
        return "yes", "met"
    return "no", "late" if clock.has_come else "never"


def _owed(metric: str, due_at: datetime, now: datetime, key: str = "") -> Kept:
    over = due_at <= now
    state, outcome = ("no", "over") if over else ("part", "running")
    return Kept(state, metric, outcome, due_at, None, "", False, due_at - now, key)


def _in_hours(length: timedelta) -> str:
    """Working time has no days of 24 hours, so it is told in hours."""
    hours, rest = divmod(int(length.total_seconds()), 3600)
    if rest or not hours:
        return words(length)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def may_escalate(standing: Standing) -> bool:
    """While it is open, and not while a manager has the customer's own question before him."""
    asked = standing.escalation is not None and standing.escalation.state == State.REQUESTED
    return not standing.ticket.is_done and not asked
