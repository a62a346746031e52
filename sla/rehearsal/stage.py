"""A ticket's past, played again: the same effects as on the desk, on clocks that live in memory.

The table of effects is `sla.sync.EFFECTS` and the moves are `sla.clocks`; what stands here is only what they ask of a
change and of the policies. A sweep is played before each step, as on the desk it runs every two seconds: so no move
ever finds a clock past its due time, and none writes a breach.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from calendars.worktime import ALWAYS
from sla import clocks
from sla.breaches import mark_breached
from sla.enums import ClockState, EntryKind, Metric, ThresholdAction
from sla.firing import raised
from sla.models import Clock, Target
from sla.moments import ahead
from sla.rehearsal.past import PastTicket, Step, Teams
from sla.rehearsal.plan import Aim, Plan, Promise
from sla.rehearsal.played import Fired, PlayedClock, PlayedTicket
from sla.sync import EFFECTS, Change, owed_at_first
from sla.thresholds import read
from tickets.enums import EventKind
from tickets.models import Ticket


@dataclass(slots=True, eq=False)
class PlayedChange:
    """One step on the stage; what the effects ask of `sla.sync.Change`."""

    ticket: PlayedTicket
    plan: Plan
    clocks: dict[str, PlayedClock]
    ended: list[PlayedClock]
    event: Step
    now: datetime
    # Asked the same as the plan, for as long as it gives the same answers: then it has played this ticket as well.
    understudy: Plan | None
    actor: None = None

    def version(self) -> Promise | None:
        found = self.plan.taker(self.ticket.facts, self.now)
        if self.understudy is not None and self.understudy.taker(self.ticket.facts, self.now) is not found:
            self.understudy = None
        return found

    @property
    def by_policy(self) -> dict[str, PlayedClock]:
        return {metric: clock for metric, clock in self.clocks.items() if metric != Metric.PROMISED_UPDATE}

    def some_version(self) -> Promise | None:
        found = self.version()
        if found is not None:
            return found
        last = self.plan.last(self.now)
        if self.understudy is not None and self.understudy.last(self.now) is not last:
            self.understudy = None
        return last

    def targets(self, version: Promise) -> dict[str, Aim]:
        return version.aims.get(self.ticket.priority, {})

    def team_targets(self, version: Promise) -> dict[str, Aim]:
        return version.team_aims.get(self.ticket.priority, {})

    def begin(self) -> None:
        version = self.version()
        if version is None:
            return
        for aim in owed_at_first(cast(Ticket, self.ticket), self.targets(version), self.team_targets(version)):
            self.start(aim, version)

    def start(self, target: Aim | Target, version: Promise, cycle: int = 1) -> PlayedClock:
        """A target that no plan has is one that a reply has promised: round the clock."""
        aim = target if isinstance(target, Aim) else _promised(target)
        clock = PlayedClock(
            self.ticket,
            aim.metric,
            aim.key,
            cycle,
            version,
            aim.target,
            aim.hours,
            aim.milestones,
            self.ticket.team_id,
        )
        clocks.run(cast(Clock, clock), self.now)
        clock.add_line(EntryKind.STARTED, self.now)
        if before := self.clocks.get(aim.key):
            self.ended.append(before)
        self.clocks = {**self.clocks, aim.key: clock}
        return clock

    @property
    def all_clocks(self) -> list[PlayedClock]:
        return [*self.ended, *self.clocks.values()]


def _promised(target: Target) -> Aim:
    return Aim.of(target.metric, target.key, target.seconds, ALWAYS, read(target.thresholds))


def play(past: PastTicket, plan: Plan, teams: Teams, until: datetime) -> list[PlayedClock]:
    """Every clock that the ticket would have had by then, in the state that it would have been in.

    What a threshold did in the past is not done again: here the plan's own thresholds do what they do.
    """
    return _play(past, plan, teams, until, None).all_clocks


def play_both(
    past: PastTicket, plans: tuple[Plan, Plan], teams: Teams, until: datetime
) -> tuple[list[PlayedClock], list[PlayedClock]]:
    """The same of two plans; the very same clocks where both promise the ticket the same all its life."""
    plan, other = plans
    played = _play(past, plan, teams, until, other)
    ours = played.all_clocks
    return ours, ours if played.understudy is not None else play(past, other, teams, until)


def _play(past: PastTicket, plan: Plan, teams: Teams, until: datetime, understudy: Plan | None) -> PlayedChange:
    ticket = PlayedTicket(past.number, past.facts, past.team, past.team.pk if past.team else None)
    change = PlayedChange(ticket, plan, {}, [], past.steps[0], until, understudy)
    for step in past.steps:
        if step.at > until:
            break
        _sweep(change, step.at, teams)
        if not _is_so_already(ticket, step):
            _take(change, step, teams)
    _sweep(change, until, teams)
    return change


def _is_so_already(ticket: PlayedTicket, step: Step) -> bool:
    """A threshold of the plan has raised it so: on the desk that step would have changed and told nothing."""
    return step.kind == EventKind.PRIORITY and step.data["after"] == ticket.priority


def _take(change: PlayedChange, step: Step, teams: Teams) -> None:
    change.ticket.take(step, teams)
    effect = EFFECTS.get(step.kind)
    if effect is not None:
        change.event, change.now = step, step.at
        effect(cast(Change, change))


def _sweep(change: PlayedChange, until: datetime, teams: Teams) -> None:
    """Each threshold and each due time at its very moment, the earliest first: it may move what comes after it."""
    while clock := _next(change.clocks.values(), until):
        at, threshold = next(ahead(clock), (None, None))
        is_late = threshold is None or threshold.amount(clock.target) >= clock.target
        if clock.state == ClockState.RUNNING and is_late and clock.due_at and clock.due_at <= until:
            _breach(clock)
        elif at is not None and threshold is not None:
            clocks.fire(cast(Clock, clock), [threshold.key])
            clock.came.append(Fired(at, threshold, clock.responsible_team_id))
            _breach_due(change, at)
            for action in threshold.actions:
                _ACTS.get(action.do, _nothing)(change, action.value, at, teams)


def _next(known: Iterable[PlayedClock], until: datetime) -> PlayedClock | None:
    """The first whose moment has come by then."""
    found = None
    for clock in known:
        moment = clock.next_moment
        if moment is not None and (moment < until or (found is None and moment == until)):
            found, until = clock, moment
    return found


def _breach_due(change: PlayedChange, at: datetime) -> None:
    """What is due at this very moment is broken before a threshold moves it."""
    for clock in change.clocks.values():
        if clock.due_at is not None and clock.due_at <= at and clock.state == ClockState.RUNNING:
            _breach(clock)


def _breach(clock: PlayedClock) -> None:
    if clock.due_at is not None:
        mark_breached(cast(Clock, clock))
        clock.add_line(EntryKind.BREACHED, clock.due_at)


def _nothing(_change: PlayedChange, _value: str, _at: datetime, _teams: Teams) -> None:
    """Whom it tells and what it escalates is read from `came`."""


def _tag(change: PlayedChange, value: str, at: datetime, teams: Teams) -> None:
    if value not in change.ticket.facts.tags:
        _take(change, Step(EventKind.TAGGED, at, json.dumps({"added": value})), teams)


def _raise(change: PlayedChange, value: str, at: datetime, teams: Teams) -> None:
    before = change.ticket.priority
    after = raised(before, value)
    if after != before:
        _take(change, Step(EventKind.PRIORITY, at, json.dumps({"before": before, "after": after})), teams)


def _reassign(change: PlayedChange, value: str, at: datetime, teams: Teams) -> None:
    team = teams.of(value)
    if team is not None and team.pk != change.ticket.team_id:
        _take(change, Step(EventKind.ASSIGNED, at, json.dumps({"team": team.name})), teams)


_ACTS: dict[str, Callable[[PlayedChange, str, datetime, Teams], None]] = {
    ThresholdAction.TAG: _tag,
    ThresholdAction.RAISE: _raise,
    ThresholdAction.REASSIGN: _reassign,
}
