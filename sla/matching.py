"""Which policy a ticket falls under and why, and which of its targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from calendars.models import Calendar, CalendarVersion
from common.configuration import Kept, SetUp
from people.models import Team
from sla.models import Policy, PolicyVersion, Target, TeamTarget
from tickets.conditions import Part, Predicate, compiled, explain
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


def current_versions() -> list[PolicyVersion]:
    """The newest published version of each enabled policy as they are asked: by order, then the most specific first.

    Each with its policy, its targets and its working hours.
    """
    versions = PolicyVersion.objects.in_force().filter(policy__is_enabled=True).order_by("policy")
    versions = versions.select_related("policy", "calendar").prefetch_related(
        "targets", "team_targets", "calendar__versions"
    )
    return in_order((version.policy.order, version.conditions, version) for version in versions)


def _ready_to_be_asked() -> list[tuple[PolicyVersion, Predicate]]:
    return [(version, compiled(version.conditions)) for version in current_versions()]


_VERSIONS = Kept(_ready_to_be_asked, Policy, PolicyVersion, Target, TeamTarget, Team, Calendar, CalendarVersion)


def valid_versions(at: datetime) -> list[PolicyVersion]:
    """Those of `current_versions` that are for a promise made at that moment."""
    return [version for version, _holds in _valid(at, SetUp())]


def _valid(at: datetime, set_up: SetUp) -> list[tuple[PolicyVersion, Predicate]]:
    return [
        (version, holds)
        for version, holds in _VERSIONS.at(set_up)
        if (version.valid_from is None or version.valid_from <= at)
        and (version.valid_until is None or at < version.valid_until)
    ]


def version_for(
    ticket: Ticket, now: datetime, *, set_up: SetUp | None = None, text: str = "", tags: Iterable[str] | None = None
) -> PolicyVersion | None:
    """The first policy whose conditions hold, as it is now; None is “no promise”.

    `text` and `tags` are given for a ticket that is not stored yet.
    """
    versions = _valid(now, set_up or SetUp())
    asked = keys_in(version.conditions for version, _holds in versions)
    facts = facts_of(ticket, text=text, asked=asked, tags=tags)
    return next((version for version, holds in versions if holds(facts)), None)


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
    """One query, unless the targets are at hand."""
    return {target.metric: target for target in version.targets.all() if target.priority == priority}


def team_targets_for(version: PolicyVersion, priority: str) -> dict[str, TeamTarget]:
    """By the key of the team's clock; one query, unless they are at hand."""
    return {target.key: target for target in version.team_targets.all() if target.priority == priority}
