from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from people.enums import MANAGING_ROLES, Role
from tickets.enums import ACTIVE_STATUSES, Priority, Status

if TYPE_CHECKING:
    from people.models import User
    from tickets.models import Event, Message, Ticket


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, user: "User") -> "TicketQuerySet":
        """Agents see all but foreign restricted teams' tickets (R31); customers see their own."""
        if not user.is_active:
            return self.none()
        if user.role == Role.CUSTOMER:
            return self.filter(requester=user)
        if user.role in MANAGING_ROLES:
            return self
        mine = Q(team__restricted=False) | Q(team__isnull=True) | Q(assignee=user)
        return self.filter(mine | Q(team__in=user.teams.all()) | Q(team__lead=user))

    def active(self) -> "TicketQuerySet":
        return self.filter(status__in=ACTIVE_STATUSES)

    def unowned(self) -> "TicketQuerySet":
        return self.filter(assignee=None)

    def urgent(self) -> "TicketQuerySet":
        return self.filter(priority=Priority.URGENT)

    def paused(self) -> "TicketQuerySet":
        return self.filter(status=Status.WAITING)

    def past_due(self, now: datetime) -> "TicketQuerySet":
        return self.active().filter(next_due_at__lte=now)

    def due_between(self, start: datetime, end: datetime) -> "TicketQuerySet":
        return self.active().filter(next_due_at__gt=start, next_due_at__lte=end)

    def for_team(self, slug: str) -> "TicketQuerySet":
        return self.filter(team__slug=slug)

    def with_people(self) -> "TicketQuerySet":
        """With what a row shows, in one query."""
        return self.select_related("requester", "organisation", "team", "assignee")


class MessageQuerySet(models.QuerySet["Message"]):
    def public(self) -> "MessageQuerySet":
        return self.filter(is_public=True)

    def visible_to(self, user: "User") -> "MessageQuerySet":
        """Customers never see internal notes (R62)."""
        return self if user.is_agent else self.public()


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, reference: str) -> "EventQuerySet":
        """Those of one escalation, named by its reference (“E-207”)."""
        return self.filter(reference=reference)
