"""From a ticket to the facts that rules look at, and to the rule that places it."""

from dataclasses import dataclass

from people.models import Team
from tickets.conditions import Facts, holds
from tickets.models import RoutingRule, Ticket


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a ticket goes and the rule that said so; no rule means the fallback team."""

    team: Team | None
    rule: str


def facts_of(ticket: Ticket, *, text: str = "") -> Facts:
    return Facts(
        priority=ticket.priority,
        channel=ticket.channel,
        team=ticket.team.slug if ticket.team else "",
        tier=ticket.organisation.tier if ticket.organisation else "",
        organisation=ticket.organisation.slug if ticket.organisation else "",
        tags=frozenset(ticket.tags.values_list("name", flat=True)) if ticket.pk else frozenset(),
        text=f"{ticket.subject}\n{text}",
    )


def place(facts: Facts) -> Placement:
    """The first enabled rule that holds; otherwise the fallback team (R12, R59)."""
    for rule in RoutingRule.objects.filter(is_enabled=True).select_related("team"):
        if holds(rule.conditions, facts):
            return Placement(rule.team, rule.name)
    return Placement(Team.objects.filter(is_fallback=True).first(), "")
