"""Two outcomes of one past, side by side: what would have been broken, kept, moved, and on whose shoulders."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sla.enums import ClockState, Metric, ThresholdAction
from sla.models import Policy
from sla.policies import Terms
from sla.rehearsal.past import BATCH, Teams, numbers_since, past_of
from sla.rehearsal.plan import Plan, plan_as_it_is, plan_with
from sla.rehearsal.stage import Fired, PlayedClock, play
from sla.thresholds import Threshold

Key = tuple[int, str, int]


@dataclass(slots=True)
class Outcome:
    """What became of one promise: of ticket, metric and cycle."""

    number: int
    metric: str
    cycle: int
    state: str
    due_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    team_id: int | None
    severity: int
    policy: str
    fired: tuple[str, ...] = ()
    # When each threshold came; what a clock on the desk does not keep.
    came: tuple[Fired, ...] = field(default=(), compare=False)

    @property
    def key(self) -> Key:
        return self.number, self.metric, self.cycle


@dataclass(frozen=True, slots=True)
class Turn:
    """One promise in both outcomes; None where it is not made."""

    before: Outcome | None
    after: Outcome | None

    @property
    def gained(self) -> bool:
        """A breach that there would have been, and was not."""
        return _broken(self.after) and not _broken(self.before)

    @property
    def lost(self) -> bool:
        return _broken(self.before) and not _broken(self.after)

    @property
    def moved(self) -> bool:
        return self.before is not None and self.after is not None and self.before.due_at != self.after.due_at

    @property
    def told_otherwise(self) -> bool:
        """Other thresholds, or at other times."""
        return _way(self.before) != _way(self.after)

    @property
    def more(self) -> list[Fired]:
        """The thresholds that would have come, and did not."""
        was = set(_way(self.before))
        return [] if self.after is None else [one for one in self.after.came if (one.at, one.threshold) not in was]

    @property
    def one(self) -> Outcome:
        found = self.after or self.before
        if found is None:
            raise ValueError("A turn is about a promise.")
        return found


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
    """By thresholds on the way of promises."""
    escalated: int = 0

    def add(self, outcome: Outcome, since: datetime) -> None:
        for one in outcome.came:
            if one.at >= since:
                done = [action.do for action in one.threshold.actions]
                self.alerts += done.count(ThresholdAction.NOTIFY)
                self.escalated += done.count(ThresholdAction.ESCALATE)
        if outcome.metric == Metric.INTERNAL:
            self.missed_inside += outcome.breached_at is not None and outcome.breached_at >= since
        elif outcome.breached_at is not None:
            if outcome.breached_at >= since:
                self.broken[outcome.metric] += 1
                self.by_team[outcome.team_id] += 1
                self.by_day[outcome.breached_at.date().isoformat()] += 1
        elif outcome.state == ClockState.MET and outcome.met_at is not None and outcome.met_at >= since:
            self.kept[outcome.metric] += 1

    @property
    def breaches(self) -> int:
        return self.broken.total()

    def kept_percent(self, metric: str) -> float | None:
        """None where no such promise has ended."""
        ended = self.kept[metric] + self.broken[metric]
        return 100 * self.kept[metric] / ended if ended else None


@dataclass(slots=True)
class Comparison:
    """`turns` holds only what is not the same in both."""

    since: datetime
    until: datetime
    tickets: int = 0
    before: Figures = field(default_factory=Figures)
    after: Figures = field(default_factory=Figures)
    turns: list[Turn] = field(default_factory=list)

    @property
    def promised(self) -> list[Turn]:
        """Without the teams' own targets."""
        return [turn for turn in self.turns if turn.one.metric != Metric.INTERNAL]

    @property
    def gained(self) -> list[Turn]:
        return [turn for turn in self.promised if turn.gained and _at(turn.after) >= self.since]

    @property
    def lost(self) -> list[Turn]:
        return [turn for turn in self.promised if turn.lost and _at(turn.before) >= self.since]

    @property
    def moved(self) -> list[Turn]:
        return [turn for turn in self.promised if turn.moved]

    @property
    def told_otherwise(self) -> list[Turn]:
        return [turn for turn in self.turns if turn.told_otherwise]

    @property
    def metrics(self) -> list[Metric]:
        """Those that have been promised by either."""
        seen = {*self.before.kept, *self.before.broken, *self.after.kept, *self.after.broken}
        return [metric for metric in Metric if metric in seen]


def rehearse(
    policy: Policy,
    terms: Terms,
    *,
    since: datetime,
    until: datetime,
    at_most: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Comparison:
    """The past as the policies are, and as they would be with these terms. Nothing is written.

    `at_most` takes the newest tickets only. `progress` is told how many of how many have been played.
    """
    numbers = numbers_since(since)
    if at_most is not None:
        numbers = numbers[-at_most:]
    plans = (plan_as_it_is(), plan_with(policy, terms))
    found, teams = Comparison(since, until, len(numbers)), Teams()
    asked = plans[0].asked | plans[1].asked
    for start in range(0, len(numbers), BATCH):
        for past in past_of(numbers[start : start + BATCH], teams, asked):
            before, after = map(outcomes, play(past, plans, teams, until))
            _compare(found, before, after)
        progress(min(start + BATCH, len(numbers)), len(numbers))
    return found


def outcomes(played: Iterable[PlayedClock]) -> list[Outcome]:
    return [
        Outcome(
            clock.ticket.number,
            clock.metric,
            clock.cycle,
            clock.state,
            clock.due_at,
            clock.met_at,
            clock.breached_at,
            clock.responsible_team_id,
            clock.policy_version.severities.get(clock.ticket.priority, 4),
            clock.policy_version.name,
            tuple(clock.fired),
            tuple(clock.came),
        )
        for clock in played
    ]


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
        outcome
        for past in past_of(numbers_since(since), teams, plan.asked)
        for played in play(past, [plan], teams, until)
        for outcome in outcomes(played)
    ]


def _compare(found: Comparison, before: Sequence[Outcome], after: Sequence[Outcome]) -> None:
    for outcome in before:
        found.before.add(outcome, found.since)
    for outcome in after:
        found.after.add(outcome, found.since)
    was, is_ = {one.key: one for one in before}, {one.key: one for one in after}
    for key in [*was, *(key for key in is_ if key not in was)]:
        turn = Turn(was.get(key), is_.get(key))
        if not _same(turn.before, turn.after):
            found.turns.append(turn)


def _same(one: Outcome | None, other: Outcome | None) -> bool:
    if one is None or other is None:
        return one is other
    same = (one.state, one.due_at, one.breached_at) == (other.state, other.due_at, other.breached_at)
    return same and _way(one) == _way(other)


def _way(outcome: Outcome | None) -> list[tuple[datetime, Threshold]]:
    return [(one.at, one.threshold) for one in outcome.came] if outcome else []


def _broken(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.breached_at is not None


def _at(outcome: Outcome | None) -> datetime:
    if outcome is None or outcome.breached_at is None:
        raise ValueError("Asked of a breach only.")
    return outcome.breached_at
