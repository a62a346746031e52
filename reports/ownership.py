"""How long tickets were nobody's (R82)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least

from people.models import User
from tickets.models import OwnerSpell, Ticket


@dataclass(frozen=True, slots=True)
class Unowned:
    """Of one team: how many tickets had no owner at some time of the period, and for how long in all, by the wall."""

    team: str
    tickets: int
    total: timedelta

    @property
    def each(self) -> timedelta:
        return self.total / self.tickets


def unowned_by_team(user: User, *, since: datetime, until: datetime) -> list[Unowned]:
    """From `since` up to `until`, of what the reader may see, the longest first. One query."""
    nobodys = OwnerSpell.objects.filter(owner=None, started_at__lt=until, ticket__in=Ticket.objects.visible_to(user))
    inside = nobodys.exclude(ended_at__lte=since)
    ended, began = Least(Coalesce("ended_at", Value(until)), Value(until)), Greatest("started_at", Value(since))
    length = ExpressionWrapper(ended - began, output_field=DurationField())
    rows = (
        inside.order_by()
        .values("team__name")
        .annotate(name=F("team__name"), tickets=Count("ticket", distinct=True), total=Sum(length))
    )
    found = [Unowned(row["name"] or "", row["tickets"], row["total"] or timedelta()) for row in rows]
    return sorted((line for line in found if line.total), key=lambda line: (-line.total, line.team))
