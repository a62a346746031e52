"""What the filters of a report leave of its facts; which values there are is `reports.filters`' business."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from people.enums import Tier
from people.models import Team
from reports.asked import Asked
from reports.models import EscalationFact, PromiseFact, TicketFact
from tickets.models import Service, TicketService

_OF_ALL = ("team", "tier", "agent", "service")
HEEDED: Mapping[type[Model], tuple[str, ...]] = {
    TicketFact: (*_OF_ALL, "priority"),
    PromiseFact: (*_OF_ALL, "priority", "policy", "target"),
    EscalationFact: (*_OF_ALL, "kind", "severity", "cause"),
}

_Fact = TypeVar("_Fact", bound=Model)


def narrowed(facts: "QuerySet[_Fact]", asked: Asked) -> "QuerySet[_Fact]":
    for key in HEEDED[facts.model]:
        if asked.of.get(key):
            facts = facts.filter(_CHOSEN[key](asked.of[key]))
    return facts


def of_tier(tier: str) -> Q:
    """Whoever belongs to no organisation is standard."""
    return Q(organisation__tier=tier) | (Q(organisation=None) if tier == Tier.STANDARD else Q(pk__in=()))


def about(service: "QuerySet[Service]") -> Q:
    return Q(Exists(TicketService.objects.filter(ticket=OuterRef("ticket_id"), service__in=service)))


def of_team(slug: str) -> Q:
    return Q(team__in=Team.objects.filter(slug=slug).values("pk"))


_CHOSEN: Mapping[str, Callable[[str], Q]] = {
    "team": of_team,
    "tier": of_tier,
    "agent": lambda chosen: Q(agent=int(chosen)),
    "service": lambda chosen: about(Service.objects.filter(slug=chosen)),
    "priority": lambda chosen: Q(priority=chosen),
    "policy": lambda chosen: Q(policy=int(chosen)),
    "target": lambda chosen: Q(metric=chosen),
    "kind": lambda chosen: Q(kind=chosen),
    "severity": lambda chosen: Q(severity=int(chosen)),
    "cause": lambda chosen: Q(cause=chosen),
}
