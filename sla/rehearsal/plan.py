"""The policies as a rehearsal asks them: prepared once, asked of every ticket of the past."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from calendars.worktime import ALWAYS, WorkTime
from sla.enums import Metric, team_key
from sla.hours import hours_of
from sla.matching import current_versions
from sla.models import Policy
from sla.policies import Terms, terms_of
from sla.thresholds import Milestone, Threshold, at_percent, milestones
from tickets.conditions import Conditions, Facts, Predicate, compiled
from tickets.matching import in_order, keys_in


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of a plan; what a played clock aims at, instead of a `Target` or a `TeamTarget`."""

    metric: str
    key: str
    target: timedelta
    hours: WorkTime
    milestones: tuple[Milestone, ...]

    @classmethod
    def of(cls, metric: str, key: str, seconds: int, hours: WorkTime, thresholds: Iterable[Threshold] = ()) -> "Aim":
        target = timedelta(seconds=seconds)
        return cls(metric, key, target, hours, milestones(thresholds, target))


@dataclass(frozen=True, slots=True, eq=False)
class Promise:
    """A policy of a plan; what `sla.sync` asks of a `PolicyVersion`. Two plans have what is the same in both once."""

    policy_id: int
    name: str
    takes: Predicate
    aims: dict[str, dict[str, Aim]]
    team_aims: dict[str, dict[str, Aim]]
    severities: dict[str, int]
    pauses: dict[str, list[str]]
    valid_from: datetime | None
    valid_until: datetime | None

    def is_valid(self, at: datetime) -> bool:
        begun = self.valid_from is None or self.valid_from <= at
        return begun and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Plan:
    """All policies in the order in which they are asked."""

    promises: Sequence[Promise]
    # What their conditions look at; nothing else of a ticket needs to be known.
    asked: frozenset[str]

    def taker(self, facts: Facts, at: datetime) -> Promise | None:
        for promise in self.promises:
            if promise.is_valid(at) and promise.takes(facts):
                return promise
        return None

    def last(self, at: datetime) -> Promise | None:
        """Of those that are asked then."""
        return next((promise for promise in reversed(self.promises) if promise.is_valid(at)), None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A policy with its terms, where it stands among the others."""

    policy: Policy
    conditions: Conditions
    promise: Promise


def plan_as_it_is() -> Plan:
    return _plan(_in_force())


def plan_with(policy: Policy, terms: Terms) -> Plan:
    """What is in force, but for one policy, which promises the terms instead."""
    return both_plans(policy, terms)[1]


def both_plans(policy: Policy, terms: Terms) -> tuple[Plan, Plan]:
    """As it is, and with these terms."""
    in_force = _in_force()
    return _plan(in_force), _plan([*(one for one in in_force if one.policy != policy), _asked(policy, terms)])


def _in_force() -> list[_Asked]:
    versions = current_versions()
    prefetch_related_objects(versions, "targets", "team_targets")
    return [_asked(version.policy, terms_of(version)) for version in versions]


def _asked(policy: Policy, terms: Terms) -> _Asked:
    return _Asked(policy, terms.conditions, _promise(policy, terms))


def _plan(asked: Sequence[_Asked]) -> Plan:
    promises = in_order((one.policy.order, one.conditions, one.promise) for one in asked)
    return Plan(promises, frozenset(keys_in(one.conditions for one in asked)))


def _promise(policy: Policy, terms: Terms) -> Promise:
    office = hours_of(terms.calendar.current if terms.calendar else None)
    aims: dict[str, dict[str, Aim]] = {}
    for spec in terms.targets:
        hours = ALWAYS if spec.round_the_clock else office
        aim = Aim.of(spec.metric, spec.metric, spec.seconds, hours, spec.thresholds)
        aims.setdefault(spec.priority, {})[spec.metric] = aim
    team_aims: dict[str, dict[str, Aim]] = {}
    for own in terms.team_targets:
        hours, key = ALWAYS if own.round_the_clock else office, team_key(own.team.pk)
        thresholds = [at_percent(own.warn_at)] if own.warn_at else []
        team_aims.setdefault(own.priority, {})[key] = Aim.of(Metric.INTERNAL, key, own.seconds, hours, thresholds)
    return Promise(
        policy.pk,
        policy.name,
        compiled(terms.conditions),
        aims,
        team_aims,
        terms.severities,
        terms.pauses,
        terms.valid_from,
        terms.valid_until,
    )
