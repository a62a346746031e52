"""Which policies a ticket ever comes to: each in its place, in whose shadow it stands, and who is promised nothing.

Answered from the conditions alone (`tickets.conditions.analysis`), without a ticket. A policy of other days than those
of an earlier one is not in its shadow: only what is valid as long as it takes anything from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import prefetch_related_objects

from sla.matching import current_versions
from sla.models import Policy, PolicyVersion
from sla.policies import Terms
from tickets.conditions import Conditions, Space
from tickets.enums import Priority
from tickets.matching import in_order


@dataclass(frozen=True, slots=True)
class Asked:
    """A policy that new tickets are put to; `promises` are the priorities that it has a target for."""

    policy: Policy
    conditions: Conditions
    promises: frozenset[str]
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def outlives(self, other: "Asked", now: datetime) -> bool:
        """Whether it is valid whenever, from now on, the other is."""
        begins = max(filter(None, (other.valid_from, now)))
        return (self.valid_from is None or self.valid_from <= begins) and (
            self.valid_until is None or (other.valid_until is not None and other.valid_until <= self.valid_until)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """`number` of `of` policies that are asked. `takers`: earlier ones that together leave it nothing, else empty.

    `others`: those that take some of what it takes, before it and after it.
    """

    asked: Asked
    number: int
    of: int
    takers: tuple[Asked, ...]
    before: tuple[Asked, ...]
    after: tuple[Asked, ...]

    @property
    def is_reached(self) -> bool:
        return not self.takers


@dataclass(frozen=True, slots=True)
class Share:
    """Of the tickets of one tier and priority: who takes any, and whether any is promised nothing.

    `is_open` None: it could not be told in reasonable time.
    """

    priority: Priority
    takers: tuple[Asked, ...]
    is_open: bool | None


def places(asked: Sequence[Asked], now: datetime) -> dict[int, Place]:
    """By the policies' keys; `asked` in their order."""
    space = Space([one.conditions for one in asked])
    reached: list[int] = []
    found = {}
    for at, one in enumerate(asked):
        earlier = [other for other in reached if asked[other].outlives(one, now)]
        takers = space.takers(at, earlier) or []
        if not takers and not space.is_empty(at):
            reached.append(at)
        met = [other for other in range(len(asked)) if other != at and space.meets(at, other)]
        found[one.policy.pk] = Place(
            one,
            at + 1,
            len(asked),
            tuple(asked[other] for other in takers),
            tuple(asked[other] for other in met if other < at),
            tuple(asked[other] for other in met if other > at),
        )
    return found


def shares(asked: Sequence[Asked], tier: str, priorities: Iterable[Priority], now: datetime) -> list[Share]:
    """What becomes of the tickets of one tier, by priority; an empty tier is that of customers without a company.

    A policy that takes a ticket and has no target for its priority promises it nothing, and keeps it from the others.
    """
    valid = [one for one in asked if _is_valid(one, now)]
    whose: Conditions = {"tier": [tier]} if tier else {"tier": {"given": False}}
    return [_share(valid, {**whose, "priority": [priority.value]}, priority) for priority in priorities]


def asked_now(policy: Policy | None = None, terms: Terms | None = None) -> list[Asked]:
    """The policies that are asked, in their order; one of them with other terms, where these are given. Two queries."""
    versions = current_versions()
    prefetch_related_objects(versions, "targets")
    rows = [_as_it_is(version) for version in versions]
    if policy is not None and terms is not None:
        rows = [one for one in rows if one.policy.pk != policy.pk] + [with_terms(policy, terms)]
    return in_order((one.policy.order, one.conditions, one) for one in rows)


def _as_it_is(version: PolicyVersion) -> Asked:
    promises = frozenset(target.priority for target in version.targets.all())
    return Asked(version.policy, version.conditions, promises, version.valid_from, version.valid_until)


def with_terms(policy: Policy, terms: Terms) -> Asked:
    promises = frozenset(spec.priority for spec in terms.targets)
    return Asked(policy, terms.conditions, promises, terms.valid_from, terms.valid_until)


def in_their_order(policies: Iterable[Policy]) -> list[Policy]:
    """As `current_versions` asks them, those that are off or only drafted in between; `versions` at hand."""
    return in_order((policy.order, _shown(policy), policy) for policy in policies)


def _shown(policy: Policy) -> Conditions:
    versions = sorted(policy.versions.all(), key=lambda version: (not version.is_draft, version.number))
    return versions[-1].conditions if versions else {}


def _share(valid: Sequence[Asked], cohort: Conditions, priority: Priority) -> Share:
    space = Space([cohort, *(one.conditions for one in valid)])
    found = space.shares(0, range(1, len(valid) + 1))
    if found is None:
        return Share(priority, (), None)
    takers, is_left = [valid[at - 1] for at in found[0]], found[1]
    promising = tuple(one for one in takers if priority in one.promises)
    return Share(priority, promising, is_left or len(promising) < len(takers))


def _is_valid(one: Asked, now: datetime) -> bool:
    begun = one.valid_from is None or one.valid_from <= now
    return begun and (one.valid_until is None or now < one.valid_until)
