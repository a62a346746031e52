"""Pauses that look unjustified: of the clocks that were paused in a period, each held against its conversation."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.models import User
from sla.enums import EntryKind, Metric
from sla.explain import lines_of, with_entries
from sla.honest import Judged, Pause, Word, judge
from sla.models import Clock, LedgerEntry
from tickets.enums import Wait
from tickets.models import Message, Ticket
from tickets.querysets import asks

# So many pauses are looked at, the newest; a page that looks at more says so.
MOST = 2000
# Of the clocks that one pause stopped, the one for which it is told.
_RANK = {metric: rank for rank, metric in enumerate(reversed(Metric))}


@dataclass(frozen=True, slots=True)
class Found:
    """One pause on one ticket, told for the clock on which it weighs most."""

    clock: Clock
    pause: Pause
    judged: Judged


@dataclass(frozen=True, slots=True)
class Sum:
    """All pauses of one kind, or of one person: how many, of how much working time, how many look unjustified."""

    of: str
    pauses: int
    worked: timedelta
    unjustified: int


@dataclass(frozen=True, slots=True)
class Pauses:
    """`found` look unjustified, of `looked_at`; `by_kind` and `by_whom` are of all of these, the longest first."""

    found: list[Found]
    by_kind: list[Sum]
    by_whom: list[Sum]
    looked_at: int
    is_cut: bool


def unjustified(user: User, *, since: datetime, until: datetime, now: datetime) -> Pauses:
    """Of the tickets that the reader may see, the longest first. Five queries."""
    paused = LedgerEntry.objects.filter(kind=EntryKind.PAUSED, at__gte=since, at__lt=until)
    paused = paused.exclude(clock__metric=Metric.INTERNAL)
    seen = paused.filter(clock__ticket__in=Ticket.objects.visible_to(user)).order_by("-at", "-pk")
    keys = list(seen.values_list("clock_id", flat=True)[: MOST + 1])
    rows = Clock.every.filter(pk__in=set(keys[:MOST])).select_related("ticket")
    clocks = list(with_entries(rows.order_by("pk")))
    words = words_of({clock.ticket_id for clock in clocks})
    judged = [(clock, judge(lines_of(clock), words[clock.ticket_id], until=now)) for clock in clocks]
    told = _told_once(judged, since, until)
    return Pauses(
        found=sorted((one for one in told if one.pause.looks_unjustified), key=_by_length),
        by_kind=_sums(told, lambda pause: pause.waits_for or Wait.CUSTOMER),
        by_whom=_sums(told, lambda pause: pause.by),
        looked_at=len(told),
        is_cut=len(keys) > MOST,
    )


def words_of(numbers: Iterable[int]) -> defaultdict[int, list[Word]]:
    """What was said in public on some tickets, in order, without the texts. One query."""
    found: defaultdict[int, list[Word]] = defaultdict(list)
    said = Message.objects.public().filter(ticket__in=list(numbers)).order_by("created_at", "pk")
    for number, at, by_customer, asking in said.values_list("ticket_id", "created_at", "by_customer", asks()):
        found[number].append(Word(at, by_customer, asking))
    return found


def _sums(told: Iterable[Found], of: Callable[[Pause], str]) -> list[Sum]:
    groups: defaultdict[str, list[Pause]] = defaultdict(list)
    for one in told:
        groups[of(one.pause)].append(one.pause)
    found = [
        Sum(
            str(name),
            len(pauses),
            sum((pause.worked for pause in pauses), timedelta()),
            sum(pause.looks_unjustified for pause in pauses),
        )
        for name, pauses in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.worked, one.of))


def _told_once(judged: Sequence[tuple[Clock, Judged]], since: datetime, until: datetime) -> list[Found]:
    """A pause stops all clocks of a ticket; it is told once."""
    told: dict[tuple[int, datetime], Found] = {}
    for clock, account in judged:
        for pause in account.pauses:
            if since <= pause.at < until:
                one = Found(clock, pause, account)
                key = (clock.ticket_id, pause.at)
                told[key] = min(told.get(key, one), one, key=_weight)
    return list(told.values())


def _weight(one: Found) -> tuple[bool, int, int, int]:
    return not one.judged.turns, -one.pause.weight, _RANK[Metric(one.clock.metric)], one.clock.pk


def _by_length(one: Found) -> tuple[float, int, datetime]:
    return -one.pause.worked.total_seconds(), one.clock.ticket_id, one.pause.at
