"""What became of our promises: how many were kept of late, and which were not (R38)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django_stubs_ext import StrOrPromise

from desk.portal.standing import BY_METRIC
from sla.enums import ClockState
from sla.models import Clock
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

SPAN = timedelta(days=90)
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Broken:
    """One that was not kept; `met_at` is when it was made good, if it was."""

    ticket: Ticket
    label: StrOrPromise
    due_at: datetime | None
    met_at: datetime | None


@dataclass(frozen=True, slots=True)
class Record:
    kept: int
    broken: int
    last_broken: list[Broken]


def record_of(tickets: TicketQuerySet, now: datetime) -> Record:
    """Of the last 90 days. What was broken stays so, made good later or not. Two queries."""
    theirs = Clock.objects.exclude(state=ClockState.CANCELLED).filter(ticket__in=tickets.order_by().values("pk"))
    kept, broken = Q(met_at__gt=now - SPAN, breached_at=None), Q(breached_at__gt=now - SPAN)
    counts = theirs.aggregate(kept=Count("pk", filter=kept), broken=Count("pk", filter=broken))
    shown = ("metric", "due_at", "met_at", "ticket__number", "ticket__subject")
    late = theirs.filter(broken).select_related("ticket").only(*shown).order_by("-breached_at", "-pk")[:SHOWN]
    late = late if counts["broken"] else late.none()
    rows = [Broken(one.ticket, BY_METRIC[one.metric][0], one.due_at, one.met_at) for one in late]
    return Record(counts["kept"], counts["broken"], rows)
