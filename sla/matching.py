"""Which policy a ticket falls under and why, and which of its targets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from sla.models import PolicyVersion, Target, TeamTarget
from tickets.conditions import Part, compiled, explain
from tickets.matching import facts_of, in_order, keys_in
from tickets.models import Ticket
from tickets.vocabulary import vocabulary_for


@dataclass(frozen=True, slots=True)
class Other:
    """A policy that did not take the ticket: the first thing in which it did not hold.

    None where it holds as well and only stands behind the one that took it.
    """

    version: PolicyVersion
    part: Part | None

    @property
    def reason(self) -> str:
        """One sentence."""
        return self.part.sentence if self.part else _("It would take the ticket as well, but is asked later.")


@dataclass(frozen=True, slots=True)
class Match:
    """The policy version that takes a ticket, as it is now, with what it asks for; None is “no promise”."""

    version: PolicyVersion | None
    parts: list[Part]
    others: list[Other]


def valid_versions(at: datetime) -> list[PolicyVersion]:
    """Those of `current_versions` that are for a promise made at that moment."""
    return [
        version
        for version in current_versions()
        if (version.valid_from is None or version.valid_from <= at)
        and (version.valid_until is None or at < version.valid_until)
    ]


def current_versions() -> list[PolicyVersion]:
    """The newest published version of each enabled policy as they are asked: by order, then the most specific first."""
    versions = PolicyVersion.objects.in_force().filter(policy__is_enabled=True).select_related("policy", "calendar")
    # Most have no internal targets, and need not be asked for them whenever a ticket is opened.
    versions = versions.annotate(has_team_targets=Exists(TeamTarget.objects.filter(version=OuterRef("pk"))))
    return in_order((version.policy.order, version.conditions, version) for version in versions.order_by("policy"))


def version_for(ticket: Ticket, now: datetime) -> PolicyVersion | None:
    """The first policy whose conditions hold, as it is now; None is “no promise”."""
    versions = valid_versions(now)
    facts = facts_of(ticket, asked=keys_in(version.conditions for version in versions))
    return next((version for version in versions if compiled(version.conditions)(facts)), None)


def match_for(ticket: Ticket, now: datetime) -> Match:
    """The same with the reasons: why this policy, and why none of the others."""
    versions = valid_versions(now)
    facts = facts_of(ticket, asked=keys_in(version.conditions for version in versions))
    vocabulary = vocabulary_for(*(version.conditions for version in versions))
    return _match([(version, explain(version.conditions, facts, vocabulary)) for version in versions])


def _match(asked: Sequence[tuple[PolicyVersion, list[Part]]]) -> Match:
    taker = next((version for version, parts in asked if all(part.holds for part in parts)), None)
    others = [
        Other(version, next((part for part in parts if not part.holds), None))
        for version, parts in asked
        if version is not taker
    ]
    return Match(taker, next((parts for version, parts in asked if version is taker), []), others)


def targets_for(version: PolicyVersion, priority: str) -> dict[str, Target]:
    return {target.metric: target for target in version.targets.filter(priority=priority)}


def team_targets_for(version: PolicyVersion, priority: str) -> dict[str, TeamTarget]:
    """By the key of the team's clock; no query where the version is known to have none."""
    if not getattr(version, "has_team_targets", True):
        return {}
    return {target.key: target for target in version.team_targets.filter(priority=priority)}
