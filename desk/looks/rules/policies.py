"""Policies as an administrator sees them: the list with its gaps, the versions with what they changed, the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils.translation import gettext as _

from desk.looks.rules.reach import Shadow, place_words, shadow_of
from sla.difference import difference
from sla.enums import ClockState
from sla.models import Policy, PolicyVersion
from sla.moving import Move, moves, team_moves
from sla.policies import Terms, terms_of
from sla.reach import Place, in_their_order
from tickets.conditions import Vocabulary, describe
from tickets.vocabulary import vocabulary_for

MOVES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class PolicyLine:
    policy: Policy
    in_force: PolicyVersion | None
    draft: PolicyVersion | None
    applies: list[str]
    open_tickets: int
    place: str
    shadow: Shadow | None
    is_first: bool
    is_last: bool


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
    inside: int
    """How many of the teams' own clocks would move."""


@dataclass(frozen=True, slots=True)
class ReturnLook:
    """What a return to an earlier version would change, and move."""

    version: PolicyVersion
    changes: list[str]
    proof: Proof


def policy_lines(standing: Mapping[int, Place]) -> list[PolicyLine]:
    """Seven queries, however many policies there are; `standing` of those that are asked."""
    versions = PolicyVersion.objects.select_related("calendar").prefetch_related("targets").order_by("-number")
    ticking = Q(versions__clocks__met_at=None) & ~Q(versions__clocks__state=ClockState.CANCELLED)
    policies = in_their_order(
        Policy.objects.prefetch_related(Prefetch("versions", versions))
        .annotate(open_tickets=Count("versions__clocks__ticket", filter=ticking, distinct=True))
        .order_by("pk")
    )
    names = vocabulary_for(*(version.conditions for policy in policies for version in policy.versions.all()))
    return [
        _line(policy, names, standing.get(policy.pk), is_first=number == 0, is_last=number == len(policies) - 1)
        for number, policy in enumerate(policies)
    ]


def _line(policy: Any, names: Vocabulary, place: Place | None, *, is_first: bool, is_last: bool) -> PolicyLine:
    versions = list(policy.versions.all())
    in_force = next((version for version in versions if not version.is_draft), None)
    draft = next((version for version in versions if version.is_draft), None)
    shown = in_force or draft
    applies = [chip.words for chip in describe(shown.conditions, names)] if shown else []
    words, shadow = (place_words(place), shadow_of(place)) if place else ("", None)
    return PolicyLine(policy, in_force, draft, applies, policy.open_tickets, words, shadow, is_first, is_last)


def version_lines(policy: Policy) -> list[VersionLine]:
    """The newest first, each with what it changed against the published one before it."""
    versions = list(
        policy.versions.select_related("calendar", "created_by").prefetch_related("targets", "team_targets")
    )
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
    return Proof(moved[:MOVES_SHOWN], len(moved), late, len(team_moves(policy, terms, now)))


def return_look(policy: Policy, number: int, now: datetime) -> ReturnLook | None:
    """None where there is no such version, or it is the one in force."""
    published = policy.versions.published().select_related("calendar").order_by("-number")
    in_force, earlier = published.first(), published.filter(number=number).first()
    if in_force is None or earlier is None or earlier == in_force:
        return None
    terms = terms_of(earlier)
    return ReturnLook(earlier, difference(terms_of(in_force), terms), proof_of(policy, terms, now))
