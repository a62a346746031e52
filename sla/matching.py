"""Which policy a ticket falls under, and which of its targets."""

from datetime import datetime

from sla.models import PolicyVersion, Target
from tickets.conditions import holds
from tickets.matching import facts_of
from tickets.models import Ticket


def valid_versions(at: datetime) -> list[PolicyVersion]:
    """Those of `current_versions` that are for a promise made at that moment."""
    return [
        version
        for version in current_versions()
        if (version.valid_from is None or version.valid_from <= at)
        and (version.valid_until is None or at < version.valid_until)
    ]


def current_versions() -> list[PolicyVersion]:
    """The newest published version of each enabled policy, in the order in which policies are asked."""
    newest: dict[int, PolicyVersion] = {}
    versions = PolicyVersion.objects.published().filter(policy__is_enabled=True).select_related("policy", "calendar")
    for version in versions.order_by("policy__order", "policy", "-number"):
        newest.setdefault(version.policy_id, version)
    return list(newest.values())


def version_for(ticket: Ticket, now: datetime) -> PolicyVersion | None:
    """The first policy whose conditions hold, as it is now; None is “no promise”."""
    versions = valid_versions(now)
    text = ""
    if any("keywords" in version.conditions for version in versions):
        text = ticket.messages.public().values_list("body", flat=True).first() or ""
    facts = facts_of(ticket, text=text)
    return next((version for version in versions if holds(version.conditions, facts)), None)


def targets_for(version: PolicyVersion, priority: str) -> dict[str, Target]:
    return {target.metric: target for target in version.targets.filter(priority=priority)}
