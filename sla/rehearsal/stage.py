"""A ticket's past, played again: the same effects as on the desk, on clocks that live in memory.

The table of effects is `sla.sync.EFFECTS` and the moves are `sla.clocks`; what stands here is only what they ask of a
ticket, of a clock and of the policies. A sweep is played before each step, as on the desk it runs every two seconds:
so no move ever finds a clock past its due time, and none writes a breach.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast

from calendars.worktime import ALWAYS, WorkTime
from people.models import Team
from sla import clocks
from sla.breaches import mark_breached
from sla.enums import ClockState, EntryKind, Metric, ThresholdAction, team_key
from sla.firing import raised
from sla.models import Clock, Target
from sla.moments import ahead
from sla.rehearsal.past import PastTicket, Step, Teams, after
from sla.rehearsal.plan import Aim, Plan, Promise
from sla.sync import EFFECTS, Change, owed_at_first
from sla.thresholds import Threshold, read, still_fired
from tickets.conditions import Facts
from tickets.enums import DONE_STATUSES, EventKind, Priority, Status
from tickets.models import Ticket
from tickets.waits import kind_of


@dataclass(slots=True)
class PlayedTicket:
    """What the effects look at of a ticket, as it was at each step."""

    number: int
    facts: Facts
    team: Team | None
    status: str = Status.NEW
    waits_for: str = ""
    last_customer_message_at: datetime | None = None
    last_agent_reply_at: datetime | None = None
    # Whether an escalation would have run is not rehearsed.
    escalation_state: None = None

    @property
    def priority(self) -> str:
        return self.facts.priority

    @property
    def team_id(self) -> int | None:
        return self.team.pk if self.team else None

    @property
    def is_done(self) -> bool:
        return self.status in DONE_STATUSES

    @property
    def stands_still_for(self) -> str:
        return kind_of(self.status, self.waits_for)

    @property
    def owes_answer(self) -> bool:
        asked, answered = self.last_customer_message_at, self.last_agent_reply_at
        return not self.is_done and asked is not None and (answered is None or answered < asked)

    def get_priority_display(self) -> str:
        return str(Priority(self.priority).label)

    def take(self, step: Step, teams: Teams) -> None:
        """As on the desk the ticket has changed before its event is told."""
        self.facts = after(self.facts, step)
        if step.kind in {EventKind.OPENED, EventKind.CUSTOMER_WROTE}:
            self.last_customer_message_at = step.at
        elif step.kind == EventKind.REPLIED:
            self.last_agent_reply_at = step.at
        elif step.kind == EventKind.STATUS:
            self.status, self.waits_for = step.data["after"], step.data.get("waits_for", "")
        elif step.kind == EventKind.ASSIGNED:
            self.team = teams.named(step.data.get("team", ""))
            self.facts = replace(self.facts, team=self.team.slug if self.team else "")


@dataclass(slots=True)
class PlayedClock:
    """A clock that is nowhere kept; its ledger is two columns of it."""

    ticket: PlayedTicket
    metric: str
    cycle: int
    policy_version: Promise
    target_seconds: int
    hours: WorkTime
    responsible_team_id: int | None
    started_at: datetime
    milestones: tuple[Threshold, ...] = ()
    state: str = ClockState.RUNNING
    due_at: datetime | None = None
    used: timedelta = timedelta()
    running_since: datetime | None = None
    fired: list[str] = field(default_factory=list)
    next_moment: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    ledger: list["Line"] = field(default_factory=list)
    came: list["Fired"] = field(default_factory=list)

    @property
    def is_internal(self) -> bool:
        return self.metric == Metric.INTERNAL

    @property
    def key(self) -> str:
        return team_key(self.responsible_team_id) if self.is_internal else self.metric

    @property
    def target(self) -> timedelta:
        return timedelta(seconds=self.target_seconds)

    @property
    def is_stopped(self) -> bool:
        return self.met_at is not None or self.state == ClockState.CANCELLED

    def aim_at(self, target: Aim, version: Promise) -> None:
        self.target_seconds = target.seconds
        self.milestones = target.thresholds
        self.fired = still_fired(self.fired, self.target, self.used)
        self.policy_version = version
        self.hours = target.hours

    def save(self, **_fields: Any) -> None:
        """It is kept nowhere."""

    def add_line(self, kind: str, at: datetime, *, waits_for: str = "", **_words: Any) -> None:
        self.ledger.append(Line(kind, at, waits_for))

    def lines(self) -> list["Line"]:
        return self.ledger


@dataclass(frozen=True, slots=True)
class Fired:
    """A threshold of a played clock that has done what it does."""

    at: datetime
    threshold: Threshold
    team_id: int | None


@dataclass(slots=True)
class Line:
    kind: str
    at: datetime
    waits_for: str = ""


@dataclass(slots=True)
class PlayedChange:
    """One step on the stage; what the effects ask of `sla.sync.Change`."""

    ticket: PlayedTicket
    plan: Plan
    clocks: dict[str, PlayedClock]
    ended: list[PlayedClock]
    event: Step
    now: datetime
    actor: None = None

    def version(self) -> Promise | None:
        return self.plan.taker(self.ticket.facts, self.now)

    @property
    def by_policy(self) -> dict[str, PlayedClock]:
        return {metric: clock for metric, clock in self.clocks.items() if metric != Metric.PROMISED_UPDATE}

    def some_version(self) -> Promise | None:
        valid = [promise for promise in self.plan.promises if promise.is_valid(self.now)]
        return self.version() or next(reversed(valid), None)

    def targets(self, version: Promise) -> dict[str, Aim]:
        return version.aims.get(self.ticket.priority, {})

    def team_targets(self, version: Promise) -> dict[str, Aim]:
        return version.team_aims.get(self.ticket.priority, {})

    def begin(self) -> None:
        version = self.version()
        if version is None:
            return
        for target in owed_at_first(cast(Ticket, self.ticket), self.targets(version), self.team_targets(version)):
            self.start(target, version)

    def start(self, target: Aim | Target, version: Promise, cycle: int = 1) -> PlayedClock:
        """A target that no plan has is one that a reply has promised: round the clock."""
        clock = PlayedClock(
            self.ticket,
            target.metric,
            cycle,
            version,
            target.seconds,
            target.hours if isinstance(target, Aim) else ALWAYS,
            self.ticket.team_id,
            self.now,
            target.thresholds if isinstance(target, Aim) else read(target.thresholds),
        )
        clocks.run(cast(Clock, clock), self.now)
        clock.add_line(EntryKind.STARTED, self.now)
        if before := self.clocks.get(target.key):
            self.ended.append(before)
        self.clocks = {**self.clocks, target.key: clock}
        return clock


def play(past: PastTicket, plans: Sequence[Plan], teams: Teams, until: datetime) -> list[list[PlayedClock]]:
    """Of each plan every clock that the ticket would have had by then, in the state that it would have been in.

    What a threshold did in the past is not done again: here each plan's own thresholds do what they do, so each plan
    has a ticket of its own.
    """
    return [_play(past, plan, teams, until) for plan in plans]


def _play(past: PastTicket, plan: Plan, teams: Teams, until: datetime) -> list[PlayedClock]:
    ticket = PlayedTicket(past.number, past.facts, past.team)
    change = PlayedChange(ticket, plan, {}, [], past.steps[0], until)
    for step in past.steps:
        if step.at > until:
            break
        _sweep(change, step.at, teams)
        if not step.is_of_a_threshold and not _is_so_already(change.ticket, step):
            _take(change, step, teams)
    _sweep(change, until, teams)
    return [*change.ended, *change.clocks.values()]


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
    while due := [clock for clock in change.clocks.values() if clock.next_moment and clock.next_moment <= until]:
        clock = min(due, key=lambda one: one.next_moment or until)
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


def _breach_due(change: PlayedChange, at: datetime) -> None:
    """What is due at this very moment is broken before a threshold moves it."""
    for clock in change.clocks.values():
        if clock.state == ClockState.RUNNING and clock.due_at is not None and clock.due_at <= at:
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
