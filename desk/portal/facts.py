"""What the portal knows of some requests, fetched in a number of queries that does not depend on how many they are.

Of an escalation a customer learns that there is one, who sees to it, its step and its promises: nothing that anybody
wrote about it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from escalation.enums import Audience, DeadlineKind, Origin, State
from escalation.models import Communication, Deadline, Escalation
from sla.enums import ClockState
from sla.models import Clock
from tickets.models import Ticket

# A promise of these kinds was made to the customer; the others are between colleagues.
PROMISED = (DeadlineKind.UPDATE, DeadlineKind.FIRST_HOUR, DeadlineKind.APPROVAL)
# What is under way comes first, then what waits for a decision, then what ended.
_ORDER = {State.REQUESTED: 1, State.CLOSED: 2, State.DECLINED: 2}


@dataclass(slots=True)
class Facts:
    """One request with its clocks (none cancelled, by metric and cycle), its escalation and open promises."""

    ticket: Ticket
    clocks: list[Clock] = field(default_factory=list)
    escalation: Escalation | None = None
    deadlines: list[Deadline] = field(default_factory=list)


def facts_of(tickets: Sequence[Ticket]) -> list[Facts]:
    """In the order given. Four queries."""
    clocks: dict[int, list[Clock]] = defaultdict(list)
    wanted = Clock.objects.filter(ticket__in=tickets).exclude(state=ClockState.CANCELLED)
    for clock in wanted.order_by("started_at", "pk"):
        clocks[clock.ticket_id].append(clock)
    escalations = _escalations(tickets)
    deadlines = _deadlines(escalation.number for escalation in escalations.values())
    found = []
    for ticket in tickets:
        escalation = escalations.get(ticket.number)
        promised = deadlines.get(escalation.number, []) if escalation else []
        found.append(Facts(ticket, clocks[ticket.number], escalation, promised))
    return found


def _escalations(tickets: Sequence[Ticket]) -> dict[int, Escalation]:
    """The one that a customer sees of each ticket: what is under way before what he asked for, before what ended.

    What colleagues ask of one another and what they took back is theirs.
    """
    internal = Q(state__in=[State.REQUESTED, State.DECLINED, State.WITHDRAWN]) & ~Q(origin=Origin.CUSTOMER)
    found = Escalation.objects.filter(ticket__in=tickets).exclude(internal).exclude(state=State.WITHDRAWN)
    people = found.select_related("manager", "acknowledged_by", "decider")
    chosen: dict[int, Escalation] = {}
    for escalation in sorted(people, key=_rank):
        chosen.setdefault(escalation.ticket_id, escalation)
    return chosen


def _rank(escalation: Escalation) -> tuple[int, int, int]:
    return _ORDER.get(State(escalation.state), 0), escalation.severity, -escalation.number


def _deadlines(numbers: Iterable[int]) -> dict[int, list[Deadline]]:
    found: dict[int, list[Deadline]] = defaultdict(list)
    open_ones = Deadline.objects.filter(escalation__in=list(numbers), kind__in=PROMISED, met_at=None, cancelled_at=None)
    # The first hour is over for the customer when he has been told, though colleagues may not have been.
    told = Communication.objects.filter(audience=Audience.CUSTOMERS).values("escalation")
    for deadline in open_ones.exclude(kind=DeadlineKind.FIRST_HOUR, escalation__in=told).order_by("due_at"):
        found[deadline.escalation_id].append(deadline)
    return found
