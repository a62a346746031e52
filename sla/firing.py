"""A threshold that changes something: its clock is settled alone, one thing at a time, in the order of its way.

What it does is written in one transaction with the mark on the clock that it has fired, so that it happens once,
whatever crashes. The mark comes first: a raised priority puts the ticket's clocks under other targets, this one too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from people.models import Team
from sla import clocks
from sla.breaches import due_of
from sla.enums import ClockState, ThresholdAction
from sla.models import Clock, Crossing
from sla.moments import ahead
from sla.thresholds import STEP, Threshold
from sla.warnings import send_warnings
from tickets import actions as tickets
from tickets import labelling
from tickets.enums import PRIORITY_RANK, Priority
from tickets.models import Ticket
from tickets.timeline import Line, line, record_many

# Written on what a ticket's timeline says of its doing.
RULE = "threshold"
_BY_RANK = sorted(Priority, key=PRIORITY_RANK.__getitem__)

Done = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Firing:
    """One threshold of one clock, reached `at`, noticed `now`; the caller holds the ticket's lock."""

    clock: Clock
    threshold: Threshold
    at: datetime
    now: datetime

    @property
    def ticket(self) -> Ticket:
        return self.clock.ticket


def settle(key: int, now: datetime) -> None:
    """Everything that is due of one clock. It is read anew each time: what was done may have moved what comes next."""
    while _step(key, now):
        pass


def _step(key: int, now: datetime) -> bool:
    clock = Clock.every.select_related("ticket", "policy_version", "calendar_version", "responsible_team__lead").get(
        pk=key
    )
    at, threshold = next(ahead(clock), (None, None))
    if at is None or threshold is None or at > now:
        return clocks.breach_if_due(clock, now) if clock.state == ClockState.RUNNING else False
    if threshold.amount(clock.target) >= clock.target and clock.state == ClockState.RUNNING:
        return clocks.breach_if_due(clock, now)
    clocks.fire(clock, [threshold.key])
    clock.save(update_fields=["fired", "next_moment"])
    _fire(Firing(clock, threshold, at, now))
    return True


def _fire(firing: Firing) -> None:
    send_warnings([(firing.clock, firing.threshold)], firing.now)
    done = []
    for action in firing.threshold.actions:
        done.append({"do": action.do, **_ACTS[ThresholdAction(action.do)](firing, action.value)})
    record_many([event_of(firing.clock, firing.threshold, firing.now, done)])


def event_of(clock: Clock, threshold: Threshold, now: datetime, done: list[Done] | None = None) -> Line:
    """For the timeline. The usual warning says its per cents only."""
    if threshold.is_usual:
        return line(clock.ticket_id, "sla.warned", now=now, metric=clock.metric, percent=threshold.percent)
    if done is None:
        done = [action.as_json() for action in threshold.actions]
    return line(clock.ticket_id, "sla.threshold", now=now, metric=clock.metric, position=threshold.key, done=done)


def _told(firing: Firing, value: str) -> Done:
    """Sent already, together with all others whom this threshold alerts."""
    return {"value": value}


def _tagged(firing: Firing, value: str) -> Done:
    labelling.add_tag(ticket=firing.ticket, name=value, now=firing.now, by=None, by_rule=RULE)
    return {"value": value}


def raised(priority: str, value: str) -> str:
    """The priority after it was raised to `value`, or by one step; what is as high already stays."""
    rank = PRIORITY_RANK[Priority(priority)]
    if value == STEP:
        return str(_BY_RANK[min(rank, len(_BY_RANK) - 1)])
    return value if PRIORITY_RANK[Priority(value)] > rank else priority


def _raised(firing: Firing, value: str) -> Done:
    before = Ticket.objects.values_list("priority", flat=True).get(pk=firing.clock.ticket_id)
    after = raised(before, value)
    tickets.set_priority(ticket=firing.ticket, priority=after, now=firing.now, by=None, by_rule=RULE)
    return {"before": before, "after": after}


def _reassigned(firing: Firing, value: str) -> Done:
    """A team that is gone since the policy was made leaves the ticket where it is, and the timeline says so."""
    team = Team.objects.filter(slug=value).first()
    if team is None:
        return {"value": value, "missing": True}
    if Ticket.objects.values_list("team", flat=True).get(pk=firing.clock.ticket_id) != team.pk:
        tickets.assign(ticket=firing.ticket, team=team, now=firing.now, by=None, by_rule=RULE)
    return {"value": team.name}


def _escalated(firing: Firing, value: str) -> Done:
    """A letter, which the floor above answers: one for each position of a clock, however often it is reached."""
    # As a raised priority has left them: other terms, perhaps, or no promise any more.
    clock = Clock.objects.select_related("policy_version", "ticket").get(pk=firing.clock.pk)
    ticket = clock.ticket
    Crossing.objects.get_or_create(
        clock=clock,
        position=firing.threshold.key,
        defaults={
            "ticket": ticket,
            "metric": clock.metric,
            "due_at": clock.due_at or due_of(firing.clock),
            "crossed_at": firing.at,
            "noticed_at": firing.now,
            "severity": clock.policy_version.severity_for(ticket.priority),
            "ladder": value,
            "responsible_team_id": ticket.team_id,
        },
    )
    return {"value": value}


_ACTS: dict[ThresholdAction, Callable[[Firing, str], Done]] = {
    ThresholdAction.NOTIFY: _told,
    ThresholdAction.TAG: _tagged,
    ThresholdAction.RAISE: _raised,
    ThresholdAction.REASSIGN: _reassigned,
    ThresholdAction.ESCALATE: _escalated,
}
