"""Policies as an administrator sees them: the list with its gaps, the versions with what they changed, the proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from calendars.models import Calendar
from people.enums import Tier
from sla.difference import difference
from sla.enums import ClockState
from sla.models import Policy, PolicyVersion
from sla.moving import Move, moves
from sla.policies import Terms, terms_of
from tickets.conditions import Facts, Vocabulary, describe, holds
from tickets.enums import PRIORITY_RANK, Channel, Kind, Priority
from tickets.vocabulary import vocabulary_for

MOVES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PolicyLine:
    policy: Policy
    in_force: PolicyVersion | None
    draft: PolicyVersion | None
    applies: list[str]
    open_tickets: int
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """Customers of one tier: by priority, the policy that takes their tickets, or nothing."""

    tier: str
    cells: list[tuple[Priority, str]]


@dataclass(frozen=True, slots=True)
class VersionLine:
    version: PolicyVersion
    changes: list[str]
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """What publishing the terms would move, at `now`; nothing is written by looking."""

    moves: list[Move]
    count: int
    late: int


def policy_lines() -> list[PolicyLine]:
    """Seven queries, however many policies there are."""
    versions = PolicyVersion.objects.select_related("calendar").prefetch_related("targets").order_by("-number")
    ticking = Q(versions__clocks__met_at=None) & ~Q(versions__clocks__state=ClockState.CANCELLED)
    policies = list(
        Policy.objects.prefetch_related(Prefetch("versions", versions))
        .annotate(open_tickets=Count("versions__clocks__ticket", filter=ticking, distinct=True))
        .order_by("order", "pk")
    )
    names = vocabulary_for(*(version.conditions for policy in policies for version in policy.versions.all()))
    return [
        _line(policy, names, is_first=number == 0, is_last=number == len(policies) - 1)
        for number, policy in enumerate(policies)
    ]


def _line(policy: Any, names: Vocabulary, *, is_first: bool, is_last: bool) -> PolicyLine:
    versions = list(policy.versions.all())
    in_force = next((version for version in versions if not version.is_draft), None)
    draft = next((version for version in versions if version.is_draft), None)
    shown = in_force or draft
    applies = [chip.words for chip in describe(shown.conditions, names)] if shown else []
    return PolicyLine(policy, in_force, draft, applies, policy.open_tickets, is_first, is_last)


def coverage(lines: Sequence[PolicyLine]) -> list[Cohort]:
    """Who is promised something: an ordinary ticket of each tier and priority, put to the policies in their order.

    Policies that ask for more than tier and priority (a team, a word) may take some of these tickets as well.
    """
    policies = [line for line in lines if line.policy.is_enabled and line.in_force]
    return [
        Cohort(
            str(label),
            [(priority, _taker(policies, tier, priority)) for priority in sorted(Priority, key=_most_pressing)],
        )
        for tier, label in [*Tier.choices, ("", _("Without an organisation"))]
    ]


def _taker(lines: Sequence[PolicyLine], tier: str, priority: Priority) -> str:
    facts = Facts(priority=priority, kind=Kind.QUESTION, channel=Channel.WEB, tier=tier, language="en")
    for line in lines:
        version = line.in_force
        if version is not None and holds(version.conditions, facts):
            return line.policy.name if any(target.priority == priority for target in version.targets.all()) else ""
    return ""


def version_lines(policy: Policy) -> list[VersionLine]:
    """The newest first, each with what it changed against the published one before it."""
    versions = list(policy.versions.select_related("calendar", "created_by").prefetch_related("targets"))
    versions.sort(key=lambda version: -version.number)
    newest = next((version for version in versions if not version.is_draft), None)
    lines = []
    for number, version in enumerate(versions):
        before = next((older for older in versions[number + 1 :] if not older.is_draft), None)
        changes = difference(terms_of(before), terms_of(version)) if before else [_("The first version")]
        lines.append(VersionLine(version, changes or [_("Nothing is different")], version is newest))
    return lines


def proof_of(policy: Policy, terms: Terms, now: datetime) -> Proof:
    moved = moves(policy, terms, now)
    late = sum(move.is_late(now) for move in moved)
    return Proof(moved[:MOVES_SHOWN], len(moved), late)


def calendar_words(calendar: Calendar | None) -> str:
    return calendar.name if calendar else _("Round the clock, every day")


def _most_pressing(priority: Priority) -> int:
    return -PRIORITY_RANK[priority]
