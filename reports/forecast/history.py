"""The past of many tickets as arrays: what was written, whose they were, what was promised and what was escalated."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import inf, nan
from typing import Any

import numpy as np
from django.db.models import F
from django.db.models.fields.json import KeyTextTransform

from escalation.models import Escalation
from reports.forecast import promises
from reports.forecast.marks import Floats, Ints, Marks
from sla.models import Clock
from tickets.enums import ACTIVE_STATUSES, PRIORITY_RANK, EventKind, Priority, Status
from tickets.models import Event, OwnerSpell
from tickets.querysets import TicketQuerySet

NOBODY = 0.0
IS_ACTIVE, IS_WAITING, IS_DONE = 2.0, 1.0, 0.0
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class History:
    """A ticket is its place in `numbers`; moments are whole seconds since 1970.

    `ended`: when it was last done, infinite where it is not. `customers`: the place of whoever asks, his organisation
    or himself. `of_customers` are the escalations of each of those, also on tickets that are not among these.
    """

    numbers: Ints
    opened: Ints
    ended: Floats
    customers: Ints
    wrote: Marks
    answered: Marks
    status: Marks
    priority: Marks
    owner: Marks
    team: Marks
    broken: Marks
    escalated: Marks
    of_customers: Marks
    due: Mapping[str, Marks]


def load(of: TicketQuerySet) -> History:
    """Eight queries, whatever the number of tickets. Of one that comes while they are asked nothing is said."""
    tickets = list(
        of.order_by("number").values_list(
            "number", "created_at", "status", "solved_at", "closed_at", "priority", "organisation", "requester"
        )
    )
    numbers = np.array([row[0] for row in tickets], np.int64)
    place = {number: at for at, number in enumerate(numbers.tolist())}
    opened = np.array([int(row[1].timestamp()) for row in tickets], np.int64)
    customer: dict[int, int] = {}
    customers = np.array([_place_of(customer, row[6], row[7]) for row in tickets], np.int64)
    said = _events(of, place)
    owned = OwnerSpell.objects.filter(ticket__in=of).order_by("pk")
    spells = _placed(place, _rows(owned, "ticket", "started_at", "owner", "team"))
    escalated = _rows(Escalation.objects.filter(ticket__in=of), "ticket", "opened_at")
    theirs = _rows(Escalation.objects.order_by(), "ticket__organisation", "ticket__requester", "opened_at")
    broken = Clock.objects.filter(ticket__in=of).exclude(breached_at=None)
    return History(
        numbers=numbers,
        opened=opened,
        ended=np.array([_ended(row) for row in tickets], np.float64),
        customers=customers,
        wrote=_marks(said[EventKind.CUSTOMER_WROTE]),
        answered=_marks(said[EventKind.REPLIED]),
        status=_marks(
            [(at, int(opened[at]), IS_ACTIVE) for at in range(len(tickets))]
            + [(where, second, _standing(after)) for where, second, _before, after in said[EventKind.STATUS]]
        ),
        priority=_marks(_priorities(tickets, opened, said[EventKind.PRIORITY])),
        owner=_marks([(where, at.timestamp(), owner or NOBODY) for where, at, owner, _team in spells]),
        team=_marks([(where, at.timestamp(), team or NOBODY) for where, at, _owner, team in spells]),
        broken=_marks(
            [(where, at.timestamp()) for where, at in _placed(place, _rows(broken, "ticket", "breached_at"))]
        ),
        escalated=_marks([(where, at.timestamp()) for where, at in _placed(place, escalated)]),
        of_customers=_marks([(_place_of(customer, org, who), at.timestamp()) for org, who, at in theirs]),
        due={metric: _marks(lines) for metric, lines in promises.due_times(of, place).items()},
    )


def second(moment: datetime) -> int:
    return int(moment.timestamp())


def _rows(found: Any, *names: str) -> Iterable[Any]:
    return found.values_list(*names).iterator(chunk_size=_CHUNK)  # type: ignore[no-any-return] # any queryset


def _placed(place: Mapping[int, int], rows: Iterable[Any]) -> list[Any]:
    """With the place of each row's ticket, its first column, instead of its number."""
    return [(place[row[0]], *row[1:]) for row in rows if row[0] in place]


def _events(of: TicketQuerySet, place: Mapping[int, int]) -> dict[str, list[tuple[int, float, str, str]]]:
    """Of the four kinds that count: where, when, from what, to what."""
    kinds = (EventKind.CUSTOMER_WROTE, EventKind.REPLIED, EventKind.STATUS, EventKind.PRIORITY)
    rows = (
        Event.objects.filter(ticket__in=of, kind__in=kinds)
        .order_by("pk")
        .annotate(before=KeyTextTransform("before", F("data")), after=KeyTextTransform("after", F("data")))
    )
    said: dict[str, list[tuple[int, float, str, str]]] = defaultdict(list)
    for ticket, kind, at, before, after in _rows(rows, "ticket", "kind", "at", "before", "after"):
        if ticket in place:
            said[kind].append((place[ticket], at.timestamp(), before, after))
    return said


def _marks(lines: Iterable[tuple[Any, ...]]) -> Marks:
    """Of places and seconds, with a value as the third where there is one."""
    given = list(lines)
    values = [line[2] for line in given] if given and len(given[0]) == 3 else []
    return Marks.of([line[0] for line in given], [line[1] for line in given], values)


def _place_of(known: dict[int, int], organisation: int | None, requester: int | None) -> int:
    """Of the organisation, or of the one who asks where he has none; a new one for who was not met before."""
    return known.setdefault(-(requester or 0) if organisation is None else organisation, len(known))


def _ended(row: tuple[Any, ...]) -> float:
    if row[2] in ACTIVE_STATUSES:
        return inf
    ended = row[3] or row[4]
    return ended.timestamp() if ended else nan


def _standing(status: str) -> float:
    if status == Status.WAITING:
        return IS_WAITING
    return IS_ACTIVE if status in ACTIVE_STATUSES else IS_DONE


def _priorities(
    tickets: Iterable[tuple[Any, ...]], opened: Ints, changes: Iterable[tuple[int, float, str, str]]
) -> list[tuple[int, float, float]]:
    """The first is what it was before its first change, since only the last is written on the ticket."""
    first = {at: row[5] for at, row in enumerate(tickets)}
    known = list(changes)
    for where, _second, before, _after in reversed(known):
        first[where] = before
    begun = [(where, float(opened[where]), float(PRIORITY_RANK[Priority(rank)])) for where, rank in first.items()]
    return begun + [(where, second, float(PRIORITY_RANK[Priority(after)])) for where, second, _before, after in known]
