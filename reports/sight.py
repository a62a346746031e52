"""Figures follow sight: facts are counted where their reader may open the ticket, and customers count nothing (R31)."""

from typing import TypeVar

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from people.enums import MANAGING_ROLES, Role
from people.models import User
from reports.models import LoadHour
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet, closed_to

_Fact = TypeVar("_Fact", bound=Model)


def seen(facts: "QuerySet[_Fact]", user: User) -> "QuerySet[_Fact]":
    """By what is hidden: the trash and the tickets of a few closed teams are small sets, all the others are not."""
    if user.role == Role.CUSTOMER or not user.is_active:
        return facts.none()
    same = Ticket.objects.filter(pk=OuterRef("ticket_id"))
    facts = facts.filter(~Exists(same.filter(trashed_at__isnull=False)))
    if user.role in MANAGING_ROLES:
        return facts
    not_his = Q(assignee=None) | ~Q(assignee=user)
    return facts.filter(~Exists(same.filter(not_his, team__in=closed_to(user))))


def seen_load(user: User) -> "QuerySet[LoadHour]":
    if user.role == Role.CUSTOMER or not user.is_active:
        return LoadHour.objects.none()
    closed = Q() if user.role in MANAGING_ROLES else Q(team__in=closed_to(user))
    return LoadHour.objects.exclude(closed) if closed else LoadHour.objects.all()


def tickets_of(facts: "QuerySet[_Fact]", relation: str, user: User) -> TicketQuerySet:
    """A row for each fact, so that there are as many as were counted: a ticket with two missed replies comes twice."""
    found = Ticket.objects.visible_to(user).filter(**{f"{relation}__in": facts.order_by().values("pk")})
    return found.annotate(case=F(f"{relation}__pk")).order_by("-number", "case")
