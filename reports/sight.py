"""Figures follow sight: facts are counted where their reader may open the ticket, and customers count nothing (R31)."""

from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet

from people.enums import MANAGING_ROLES, Role
from people.models import Team, User
from reports.models import FactTail, LoadHour, TicketFact
from tickets.models import Event, Ticket
from tickets.querysets import TicketQuerySet, closed_to

_Fact = TypeVar("_Fact", bound=Model)


def seen(facts: "QuerySet[_Fact]", user: User) -> "QuerySet[_Fact]":
    """By whose the facts say that the ticket is, but for those of which the facts do not know the latest yet.

    A million tickets need not be looked at for what a few seconds may have changed.
    """
    if user.role == Role.CUSTOMER or not user.is_active:
        return facts.none()
    team, owner = ("team", "agent") if facts.model is TicketFact else ("home", "owner")
    if user.role not in MANAGING_ROLES:
        facts = facts.filter(Q((team, None)) | ~Q((f"{team}__in", closed_to(user))) | Q((owner, user.pk)))
    return facts.exclude(ticket__in=_newly_hidden(user))


def everything() -> User:
    """A reader of all that the desk has, who is nobody: for what it counts of itself."""
    return User(role=Role.ADMIN, is_active=True)


def hidden_teams(user: User) -> set[int]:
    """Of whose tickets his figures say nothing. One query, none for whoever sees all."""
    if user.role in MANAGING_ROLES:
        return set()
    return set(Team.objects.filter(pk__in=closed_to(user)).values_list("pk", flat=True))


def seen_load(user: User) -> "QuerySet[LoadHour]":
    if user.role == Role.CUSTOMER or not user.is_active:
        return LoadHour.objects.none()
    if user.role in MANAGING_ROLES:
        return LoadHour.objects.all()
    return LoadHour.objects.filter(Q(team=None) | ~Q(team__in=closed_to(user)))


def tickets_of(facts: "QuerySet[_Fact]", relation: str, user: User) -> TicketQuerySet:
    """A row for each fact, so that there are as many as were counted: a ticket with two missed replies comes twice."""
    found = Ticket.objects.visible_to(user).filter((f"{relation}__in", facts.order_by().values("pk")))
    return found.annotate(case=F(f"{relation}__pk")).order_by("-number", "case")


def _newly_hidden(user: User) -> "QuerySet[Ticket]":
    """Put away, or gone to a team that is closed to him, since the facts were last kept.

    From which line on is asked by itself: from a number the database knows how few they are.
    """
    newest = FactTail.objects.values_list("newest", flat=True).first() or 0
    fresh = Event.objects.filter(pk__gt=newest).order_by()
    found = Ticket.objects.filter(pk__in=fresh.values("ticket")).order_by()
    hidden = Q(trashed_at__isnull=False)
    if user.role not in MANAGING_ROLES:
        hidden |= Q(team__in=closed_to(user)) & (Q(assignee=None) | ~Q(assignee=user.pk))
    return found.filter(hidden).values("pk")  # type: ignore[return-value] # keys alone, for the query that asks
