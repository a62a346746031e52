"""Two outcomes of one past, side by side: what would have been broken, kept, moved, and on whose shoulders."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import nlargest
from typing import NamedTuple

from sla.enums import ClockState, Metric, ThresholdAction
from sla.models import Policy
from sla.policies import Terms
from sla.rehearsal.past import Teams, numbers_since, past_of
from sla.rehearsal.plan import Plan, both_plans
from sla.rehearsal.played import Fired, PlayedClock
from sla.rehearsal.stage import play, play_both

# Of the thresholds that would have come, so many are kept by name: the newest.
NAMED = 100


class Outcome(NamedTuple):
    """What became of one promise: of ticket, metric and cycle."""

    number: int
    metric: str
    cycle: int
    state: str
    due_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    team_id: int | None
    policy: str
    fired: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[int, str, int]:
        return self.number, self.metric, self.cycle


class Turn(NamedTuple):
    """One promise in both outcomes; None where it is not made."""

    before: Outcome | None
    after: Outcome | None

    @property
    def one(self) -> Outcome:
        found = self.after or self.before
        if found is None:
            raise ValueError("A turn is about a promise.")
        return found


class More(NamedTuple):
    """A threshold that would have come, and did not."""

    number: int
    metric: str
    fired: Fired


@dataclass(slots=True)
class Figures:
    """Of one outcome, within the window: promises kept and broken by metric; breaches by team and by day."""

    kept: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    by_team: Counter[int | None] = field(default_factory=Counter)
    by_day: Counter[str] = field(default_factory=Counter)
    missed_inside: int = 0
    """Internal targets: no promises, so they stand in none of the others."""
    alerts: int = 0
    """By thresholds on the way, of teams' own targets as well."""
    escalated: int = 0

    def add(self, clock: PlayedClock, since: datetime) -> None:
        for one in clock.came:
            if one.at >= since:
                done = [action.do for action in one.threshold.actions]
                self.alerts += done.count(ThresholdAction.NOTIFY)
                self.escalated += done.count(ThresholdAction.ESCALATE)
        if clock.breached_at is not None:
            if clock.breached_at >= since:
                self._break(clock, clock.breached_at)
        elif clock.state == ClockState.MET and clock.met_at is not None and clock.met_at >= since:
            self._keep(clock)

    def _keep(self, clock: PlayedClock) -> None:
        if not clock.is_internal:
            self.kept[clock.metric] += 1

    def _break(self, clock: PlayedClock, at: datetime) -> None:
        if clock.is_internal:
            self.missed_inside += 1
            return
        self.broken[clock.metric] += 1
        self.by_team[clock.responsible_team_id] += 1
        self.by_day[at.date().isoformat()] += 1

    def take_in(self, other: "Figures") -> None:
        for name in ("kept", "broken", "by_team", "by_day"):
            getattr(self, name).update(getattr(other, name))
        self.missed_inside += other.missed_inside
        self.alerts += other.alerts
        self.escalated += other.escalated

    @property
    def breaches(self) -> int:
        return self.broken.total()

    def kept_percent(self, metric: str) -> float | None:
        """None where no such promise has ended."""
        ended = self.kept[metric] + self.broken[metric]
        return 100 * self.kept[metric] / ended if ended else None


@dataclass(slots=True)
class Comparison:
    """In numbers, whatever the number of tickets; by name only what somebody would ask about."""

    since: datetime
    until: datetime
    tickets: int = 0
    before: Figures = field(default_factory=Figures)
    after: Figures = field(default_factory=Figures)
    different: int = 0
    """Promises with another fate, of teams' own targets as well; the others leave these out."""
    gained: list[Turn] = field(default_factory=list)
    """Breaches that there would have been, and were not."""
    lost: list[Turn] = field(default_factory=list)
    moved: int = 0
    told_otherwise: int = 0
    """Other thresholds, at other times or under another team; of teams' own targets as well."""
    more: list[More] = field(default_factory=list)
    """The thresholds that would have come, and did not: the newest first."""

    @property
    def metrics(self) -> list[Metric]:
        """Those that have been promised by either."""
        seen = {*self.before.kept, *self.before.broken, *self.after.kept, *self.after.broken}
        return [metric for metric in Metric if metric in seen]

    def take_in(self, part: "Comparison") -> None:
        """What others of the tickets came to."""
        self.tickets += part.tickets
        self.before.take_in(part.before)
        self.after.take_in(part.after)
        self.different += part.different
        self.gained += part.gained
        self.lost += part.lost
        self.moved += part.moved
        self.told_otherwise += part.told_otherwise
        self.more = nlargest(NAMED, self.more + part.more, key=lambda one: one.fired.at)


class Rehearsal:
    """Both plans, and the days; asked of as many tickets at a time as one likes."""

    def __init__(self, policy: Policy, terms: Terms, since: datetime, until: datetime) -> None:
        self._plans = both_plans(policy, terms)
        self._asked = self._plans[0].asked | self._plans[1].asked
        self._teams = Teams()
        self._since, self._until = since, until

    def of(self, numbers: Sequence[int]) -> Comparison:
        found = Comparison(self._since, self._until, len(numbers))
        for past in past_of(numbers, self._teams, self._asked):
            _compare(found, *play_both(past, self._plans, self._teams, self._until))
        return found


def outcome_of(clock: PlayedClock) -> Outcome:
    return Outcome(
        clock.ticket.number,
        clock.metric,
        clock.cycle,
        clock.state,
        clock.due_at,
        clock.met_at,
        clock.breached_at,
        clock.responsible_team_id,
        clock.policy_version.name,
        tuple(clock.fired),
    )


def digest(found: Iterable[Outcome]) -> str:
    """The same for the same promises with the same fates, wherever they were reckoned."""
    lines = sorted(
        f"{one.number} {one.metric} {one.cycle} {one.state} {one.due_at} {one.met_at} {one.breached_at} {one.team_id}"
        f" {one.fired}"
        for one in found
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def played_past(plan: Plan, since: datetime, until: datetime) -> list[Outcome]:
    teams = Teams()
    return [
        outcome_of(clock)
        for past in past_of(numbers_since(since), teams, plan.asked)
        for clock in play(past, plan, teams, until)
    ]


def _compare(found: Comparison, before: Sequence[PlayedClock], after: Sequence[PlayedClock]) -> None:
    for clock in before:
        found.before.add(clock, found.since)
    for clock in after:
        found.after.add(clock, found.since)
    if before is after:
        return
    would = {(clock.metric, clock.cycle): clock for clock in after}
    for clock in before:
        _turn(found, clock, would.pop((clock.metric, clock.cycle), None))
    for clock in would.values():
        _turn(found, None, clock)


def _turn(found: Comparison, was: PlayedClock | None, would: PlayedClock | None) -> None:
    """Count one promise, if it is not the same in both."""
    came, would_come = (clock.came if clock else [] for clock in (was, would))
    if _fate(was) == _fate(would) and came == would_come:
        return
    found.different += 1
    one = would or was
    if one is None:
        raise ValueError("A turn is about a promise.")
    if came != would_come:
        found.told_otherwise += 1
        found.more += [More(one.ticket.number, one.metric, fired) for fired in would_come if fired not in came]
    if not one.is_internal:
        found.moved += was is not None and would is not None and was.due_at != would.due_at
        _break(found, was, would)


def _break(found: Comparison, was: PlayedClock | None, would: PlayedClock | None) -> None:
    broke, breaks = (clock.breached_at if clock else None for clock in (was, would))
    if breaks is not None and broke is None and breaks >= found.since:
        found.gained.append(_both(was, would))
    elif broke is not None and breaks is None and broke >= found.since:
        found.lost.append(_both(was, would))


def _both(was: PlayedClock | None, would: PlayedClock | None) -> Turn:
    return Turn(outcome_of(was) if was else None, outcome_of(would) if would else None)


def _fate(clock: PlayedClock | None) -> tuple[str, datetime | None, datetime | None] | None:
    return (clock.state, clock.due_at, clock.breached_at) if clock else None
