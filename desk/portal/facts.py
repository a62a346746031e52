"""What the portal knows of some requests, fetched in a number of queries that does not depend on how many they are.

Of an escalation a customer learns that there is one, who sees to it, its step and its promises: nothing that anybody
wrote about it. One that harms him shows on his own request about it, whosever ticket it is of (R38).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from common.questions import Question
from escalation.deadlines.promises import FIRST_HOUR
from escalation.enums import Audience, DeadlineKind, NoticeState, State
from escalation.models import AffectedCustomer, Deadline, Escalation, Notice
from sla.enums import ClockState
from sla.explain import with_ending
from sla.models import Clock
from tickets.models import Ticket

if TYPE_CHECKING:
    from sla.explain import ToldClock

# A promise of these kinds was made to the customer; the others are between colleagues.
PROMISED = (DeadlineKind.UPDATE, DeadlineKind.FIRST_HOUR, DeadlineKind.APPROVAL)
# What is under way comes first, then what waits for a decision, then what ended.
_ENDED = 2
# Of one request, and of pages of the list.
_LENGTHS = (1, 5, 20, 50)
_ORDER = {State.REQUESTED: 1, State.CLOSED: _ENDED, State.DECLINED: _ENDED}


@dataclass(slots=True)
class Facts:
    """One request with its clocks (none cancelled, by metric and cycle), its escalation and open promises."""

    ticket: Ticket
    clocks: "list[ToldClock]" = field(default_factory=list)
    escalation: Escalation | None = None
    deadlines: list[Deadline] = field(default_factory=list)


def facts_of(tickets: Sequence[Ticket]) -> list[Facts]:
    """In the order given. Four queries, and a fifth where somebody waits for the first word of an escalation."""
    clocks = _clocks(tickets)
    escalations = _escalations(tickets)
    deadlines = _deadlines(escalations)
    told = _told(tickets) if any(map(_first_words, deadlines.values())) else {}
    return [
        Facts(
            ticket,
            clocks[ticket.number],
            next(iter(escalations[ticket.number]), None),
            _promised(deadlines[ticket.number], told.get(ticket.number)),
        )
        for ticket in tickets
    ]


def _clocks(tickets: Sequence[Ticket]) -> "dict[int, list[ToldClock]]":
    found: dict[int, list[ToldClock]] = defaultdict(list)
    for clock in _clocks_of.rows(*_few_lengths(tickets)):
        found[clock.ticket_id].append(clock)
    return found


@Question
def _clocks_of(*tickets: int) -> "QuerySet[ToldClock]":
    wanted = Clock.objects.filter(ticket__in=tickets).exclude(state=ClockState.CANCELLED)
    return with_ending(wanted).order_by("started_at", "pk")


def _escalations(tickets: Sequence[Ticket]) -> dict[int, list[Escalation]]:
    """Those that a customer may know of, by ticket, the one that the page shows first.

    What colleagues ask of one another and what they took back is theirs.
    """
    numbers = _few_lengths(tickets)
    pairs = [(one.ticket_id, one) for one in _known.rows(*numbers)]
    pairs += [(row.ticket_id, row.escalation) for row in _harming.rows(*numbers) if row.ticket_id is not None]
    found: dict[int, list[Escalation]] = defaultdict(list)
    for number, escalation in sorted(pairs, key=lambda pair: _rank(pair[1])):
        found[number].append(escalation)
    return found


@Question
def _known(*tickets: int) -> "QuerySet[Escalation]":
    known = Escalation.objects.filter(ticket__in=tickets).told_to_customers()
    return known.select_related("manager", "acknowledged_by", "decider").order_by()


@Question
def _harming(*tickets: int) -> "QuerySet[AffectedCustomer]":
    """Of other tickets, each with the one that is a harmed customer's own about it. What another one asked is his.

    What is on a ticket in the trash is nobody's (decision 20).
    """
    rows = (
        AffectedCustomer.objects.filter(ticket__in=tickets, person=F("ticket__requester"))
        .exclude(ticket=F("escalation__ticket"))
        .exclude(escalation__state__in=[State.REQUESTED, State.DECLINED, State.WITHDRAWN])
        .filter(escalation__ticket__trashed_at=None)
    )
    people = (f"escalation__{name}" for name in ("manager", "acknowledged_by", "team", "ticket__team"))
    return rows.select_related(*people).order_by("pk")


def _rank(escalation: Escalation) -> tuple[int, int, int]:
    """The most severe; of several the first, which is the furthest. Of what ended, the last."""
    order = _ORDER.get(State(escalation.state), 0)
    return order, escalation.severity, -escalation.number if order == _ENDED else escalation.number


def _deadlines(escalations: dict[int, list[Escalation]]) -> dict[int, list[Deadline]]:
    """By ticket, of whichever of its escalations: a promise is a promise. What colleagues were promised is theirs."""
    tickets_of: dict[int, list[int]] = defaultdict(list)
    for number, known in escalations.items():
        for one in known:
            tickets_of[one.number].append(number)
    found: dict[int, list[Deadline]] = defaultdict(list)
    for deadline in _open.rows(*_padded(list(tickets_of))) if tickets_of else ():
        for number in tickets_of[deadline.escalation_id]:
            found[number].append(deadline)
    return found


@Question
def _open(*escalations: int) -> "QuerySet[Deadline]":
    wanted = Deadline.objects.unanswered().filter(escalation__in=escalations, kind__in=PROMISED)
    return wanted.filter(audience__in=["", Audience.CUSTOMERS]).order_by("due_at", "pk")


def in_full(numbers: list[int]) -> list[Ticket]:
    """With their people, in the order given: an order over so many columns costs more than the rows."""
    found = {ticket.number: ticket for ticket in _in_full.rows(*_padded(numbers))}
    return [found[number] for number in numbers if number in found]


@Question
def _in_full(*numbers: int) -> "QuerySet[Ticket]":
    return Ticket.objects.filter(number__in=numbers).with_people().order_by()


def _few_lengths(tickets: Sequence[Ticket]) -> list[int]:
    return _padded([ticket.number for ticket in tickets])


def _padded(keys: list[int]) -> list[int]:
    """As long as one of a few lengths, so that few questions are kept: the last key once more, or one of no row."""
    length = next((known for known in _LENGTHS if known >= len(keys)), len(keys))
    return keys + [keys[-1] if keys else 0] * (length - len(keys))


def _promised(deadlines: list[Deadline], told_at: datetime | None) -> list[Deadline]:
    """A named time stands for the hour within which somebody is told anything at all; of several the first.

    Who was told on this request since that hour began has heard of it, by whichever of its escalations: each of
    them has an hour of its own for managers, and the customer one conversation.
    """
    heard = [one for one in _first_words(deadlines) if told_at is not None and told_at >= one.due_at - FIRST_HOUR]
    first: dict[str, Deadline] = {}
    for deadline in deadlines:
        if deadline not in heard:
            first.setdefault(deadline.kind, deadline)
    if DeadlineKind.UPDATE in first:
        first.pop(DeadlineKind.FIRST_HOUR, None)
    return list(first.values())


def _first_words(deadlines: list[Deadline]) -> list[Deadline]:
    return [one for one in deadlines if one.kind == DeadlineKind.FIRST_HOUR]


def _told(tickets: Sequence[Ticket]) -> dict[int, datetime]:
    """When their customers were last told of each of these."""
    return {number: at for number, at in _last_told.rows(*_few_lengths(tickets)) if number is not None}


@Question
def _last_told(*tickets: int) -> "QuerySet[Notice, tuple[int | None, datetime]]":
    """By an update that is written there or belongs there."""
    asked = F("communication__escalation__ticket__requester")
    there = Q(ticket=None, communication__escalation__ticket__in=tickets, person=asked)
    told = Notice.objects.filter(Q(ticket__in=tickets) | there, communication__audience=Audience.CUSTOMERS)
    told = told.exclude(state=NoticeState.UNREACHABLE).order_by()
    number = Coalesce("ticket_id", "communication__escalation__ticket_id")
    return told.values_list(number).annotate(Max("communication__at"))
