from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

from escalation.enums import LIVE_STATES, OPEN_STATES, State
from people.enums import Role
from tickets.models import Ticket

if TYPE_CHECKING:
    from escalation.models import Deadline, Escalation, Rung
    from people.models import User


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def visible_to(self, user: "User") -> "EscalationQuerySet":
        """Those of the tickets that an agent may see; the object itself is internal, so customers see none."""
        if user.role == Role.CUSTOMER:
            return self.none()
        return self.filter(ticket__in=Ticket.objects.visible_to(user))

    def open(self) -> "EscalationQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def live(self) -> "EscalationQuerySet":
        """Not at an end: requested, in one of the steps, or resolved and not yet closed."""
        return self.filter(state__in=LIVE_STATES)

    def requested(self) -> "EscalationQuerySet":
        return self.filter(state=State.REQUESTED)

    def with_people(self) -> "EscalationQuerySet":
        return self.select_related(
            "ticket__requester", "ticket__organisation", "team", "manager", "requester", "procedure"
        )


class RungQuerySet(models.QuerySet["Rung"]):
    def with_moment_due(self, now: datetime) -> "RungQuerySet":
        return self.filter(next_moment__lte=now).order_by("next_moment", "pk")


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> "DeadlineQuerySet":
        return self.filter(met_at=None, missed_at=None, cancelled_at=None)

    def with_moment_due(self, now: datetime) -> "DeadlineQuerySet":
        return self.filter(next_moment__lte=now).order_by("next_moment", "pk")
