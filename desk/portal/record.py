"""What became of our promises: how many were kept of late, and which were not (R38)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django_stubs_ext import StrOrPromise

from common.questions import Question
from desk.portal.own import listed
from desk.portal.standing import BY_METRIC
from people.models import User
from sla.enums import ClockState
from sla.explain import with_ending
from sla.models import Clock
from tickets.models import Ticket

if TYPE_CHECKING:
    from sla.explain import ToldClock

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


def record_of(user: User, now: datetime, *, ours: bool) -> Record:
    """Of the last 90 days. What was broken stays so, made good later or not. Two queries at most."""
    since = now - SPAN
    counts = _counts.rows(user.pk, since, ours=ours)
    kept, broken = sum(row[1] for row in counts), sum(row[2] for row in counts)
    late = _last_broken.rows(user.pk, since, ours=ours) if broken else []
    return Record(kept, broken, [_broken(one) for one in late])


def _broken(clock: "ToldClock") -> Broken:
    return Broken(clock.ticket, BY_METRIC[clock.metric][0], clock.due_at, clock.met_at if clock.has_come else None)


@Question
def _counts(customer: int, since: datetime, *, ours: bool) -> "QuerySet[Clock, tuple[str, int, int]]":
    """By metric, kept and broken."""
    kept, broken = Q(met_at__gt=since, breached_at=None), Q(breached_at__gt=since)
    told = _theirs(customer, ours).filter(kept | broken).values_list("metric")
    return told.annotate(kept=Count("pk", filter=kept), broken=Count("pk", filter=broken))


@Question
def _last_broken(customer: int, since: datetime, *, ours: bool) -> "QuerySet[ToldClock]":
    shown = ("metric", "due_at", "met_at", "ticket__number", "ticket__subject")
    late = _theirs(customer, ours).filter(breached_at__gt=since).select_related("ticket").only(*shown)
    return with_ending(late).order_by("-breached_at", "-pk")[:SHOWN]


def _theirs(customer: int, ours: bool) -> "QuerySet[Clock]":
    tickets = listed(customer, ours=ours).order_by().values("pk")
    return Clock.objects.exclude(state=ClockState.CANCELLED).filter(ticket__in=tickets).order_by()
