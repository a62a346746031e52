"""The policies as a rehearsal asks them: prepared once, asked of every ticket of the past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from calendars.worktime import ALWAYS, WorkTime
from sla.enums import Metric, team_key
from sla.hours import hours_of
from sla.matching import current_versions
from sla.models import Policy
from sla.policies import Terms, terms_of
from sla.thresholds import Threshold
from tickets.conditions import Facts, Predicate, compiled
from tickets.matching import in_order, keys_in


@dataclass(frozen=True, slots=True)
class Aim:
    """A target of a plan; what `sla.clocks` asks of a `Target` or a `TeamTarget`."""

    metric: str
    key: str
    seconds: int
    hours: WorkTime
    thresholds: tuple[Threshold, ...] = ()
    round_the_clock: bool = False


@dataclass(frozen=True, slots=True)
class Promise:
    """A policy of a plan; what `sla.sync` asks of a `PolicyVersion`."""

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


def plan_as_it_is() -> Plan:
    return plan_with(None, None)


def plan_with(policy: Policy | None, terms: Terms | None) -> Plan:
    """What is in force, but for one policy, which promises the terms instead."""
    versions = current_versions()
    prefetch_related_objects(versions, "targets", "team_targets")
    rows = [(version.policy, terms_of(version)) for version in versions]
    if policy is not None and terms is not None:
        rows = [(one, kept) for one, kept in rows if one.pk != policy.pk] + [(policy, terms)]
    promises = [(one.order, kept.conditions, _promise(one, kept)) for one, kept in rows]
    return Plan(in_order(promises), frozenset(keys_in(kept.conditions for _one, kept in rows)))


def _promise(policy: Policy, terms: Terms) -> Promise:
    office = hours_of(terms.calendar.current if terms.calendar else None)
    aims: dict[str, dict[str, Aim]] = {}
    for spec in terms.targets:
        hours = ALWAYS if spec.round_the_clock else office
        aim = Aim(spec.metric, spec.metric, spec.seconds, hours, spec.thresholds)
        aims.setdefault(spec.priority, {})[spec.metric] = aim
    team_aims: dict[str, dict[str, Aim]] = {}
    for own in terms.team_targets:
        hours, key = ALWAYS if own.round_the_clock else office, team_key(own.team.pk)
        team_aims.setdefault(own.priority, {})[key] = Aim(Metric.INTERNAL, key, own.seconds, hours)
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
