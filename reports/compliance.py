"""How the promises were kept: figures from the clocks, as they can be counted again from them one by one (R78)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from people.models import User
from sla.enums import ClockState, Metric
from sla.models import Clock
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

PERIOD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """One team and one metric. A promise that was broken stays broken, also when it was answered later."""

    team: str
    metric: str
    met: int
    breached: int
    running: int

    @property
    def judged(self) -> int:
        return self.met + self.breached

    @property
    def percent(self) -> int | None:
        """Of those that are judged, rounded down, so that 100 means all; None where none is."""
        return self.met * 100 // self.judged if self.judged else None

    def without(self, turned: int) -> "Kept":
        """The same if so many of those kept had been missed."""
        return replace(self, met=self.met - turned, breached=self.breached + turned)

    @property
    def metric_name(self) -> str:
        return str(Metric(self.metric).label)


@dataclass(frozen=True, slots=True)
class FirstReply:
    """From the ticket's opening to the first answer by the clock on the wall; None without a single answer."""

    median: timedelta | None
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    count: int


def clocks_seen_by(user: User) -> "QuerySet[Clock]":
    """Figures follow sight: what is counted are promises on tickets that the reader may open."""
    return Clock.objects.filter(ticket__in=Ticket.objects.visible_to(user))


def kept_promises(user: User, *, since: datetime, until: datetime) -> list[Kept]:
    """By team and metric, of the promises made from `since` up to `until`; cancelled ones do not count. One query."""
    made = clocks_seen_by(user).filter(started_at__gte=since, started_at__lt=until)
    broken = Q(breached_at__isnull=False)
    rows = (
        made.exclude(state=ClockState.CANCELLED)
        .order_by("responsible_team__name", "metric")
        .values_list("responsible_team__name", "metric")
        .annotate(
            met=Count("pk", filter=~broken & Q(met_at__isnull=False)),
            breached=Count("pk", filter=broken),
            running=Count("pk", filter=~broken & Q(met_at=None)),
        )
    )
    return [Kept(team or "", metric, met, breached, running) for team, metric, met, breached, running in rows]


def total(lines: Sequence[Kept]) -> Kept:
    """All lines in one, under no team's name."""
    return Kept(
        "",
        "",
        sum(line.met for line in lines),
        sum(line.breached for line in lines),
        sum(line.running for line in lines),
    )


def first_reply(user: User, *, since: datetime, until: datetime) -> FirstReply:
    """Of first answers given from `since` up to `until`. One query."""
    answered = clocks_seen_by(user).filter(metric=Metric.FIRST_RESPONSE, met_at__gte=since, met_at__lt=until)
    rows = answered.order_by().values_list("started_at", "met_at")
    waits = [(met_at - started_at).total_seconds() for started_at, met_at in rows if met_at is not None]
    return FirstReply(timedelta(seconds=median(waits)) if waits else None, len(waits))


def missed_by_day(user: User, *, since: datetime, until: datetime) -> list[Day]:
    """Promises broken on each day of the reader's zone, days without one included. One query."""
    broken = clocks_seen_by(user).filter(breached_at__gte=since, breached_at__lt=until).order_by()
    found = Counter(timezone.localtime(at).date() for at in broken.values_list("breached_at", flat=True) if at)
    first, last = timezone.localtime(since).date(), timezone.localtime(until).date()
    days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
    return [Day(day, found[day]) for day in days]


def urgent_unowned(user: User) -> TicketQuerySet:
    """Urgent tickets that nobody owns (R12); the longest waiting first."""
    return Ticket.objects.visible_to(user).active().urgent().unowned().order_by("created_at", "pk")
