"""The order of the inbox, and pages of it that cost the same at ten tickets and at a million.

What to do next depends on the moment: past due, due within the hour, next, paused, done. No index holds such an
order; but inside one group and one severity it is the order of an index. So a page is made of *segments*, each one
walk along its index, glued by UNION ALL under one LIMIT: the database stops when the page is full. A page begins
behind the *place* of the row before it, seen from the moment of the first page: no row repeats or vanishes because
time has passed.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils.dateparse import parse_datetime

from tickets.enums import Status
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.walking import DO_NEXT as DO_NEXT
from tickets.walking import DUE as DUE
from tickets.walking import (
    KINDS,
    NEWEST_FIRST,
    SEVERITIES,
    SOON,
    Moments,
    Reach,
    Sql,
    Walk,
    counting,
    kinds_of,
    paging,
    segments_of,
)
from tickets.walking import NEWEST as NEWEST
from tickets.walking import ORDERS as ORDERS
from tickets.walking import Group as Group
from tickets.walking import Place as Place

Placed = list[tuple[Place, Group]]


def group_of(ticket: Ticket, now: datetime) -> Group:
    due = ticket.next_due_at
    if ticket.is_done:
        return Group.DONE
    if due is not None and due <= now:
        return Group.PAST_DUE
    if ticket.status == Status.WAITING:
        return Group.PAUSED
    return Group.HOUR if due is not None and due <= now + SOON else Group.NEXT


def page(
    tickets: TicketQuerySet,
    order: str,
    *,
    now: datetime,
    after: Place | None = None,
    size: int,
    counts: Mapping[Group, int] | None = None,
    done: bool = True,
    back: bool = False,
) -> Placed:
    """The next `size` places behind one, in order, in one query. `now` is the moment of the first page.

    With `back` those before it, the nearest first.

    `counts`, where they are known (`group_tallies`), spare the planner groups that are empty or not reached, which
    takes it longer than the database takes for the answer. Without `done` nothing is looked for among what is done,
    as in `group_tallies`.
    """
    known = counts if order == DO_NEXT else None
    try:
        statement = paging(tickets, order, Moments.of(now), Reach(after, size, back), known, done=done)
    except EmptyResultSet:
        return []
    return placed(_fetched(statement), order)


def page_and_total(
    tickets: TicketQuerySet, order: str, *, now: datetime, size: int, most: int, done: bool = True
) -> tuple[Placed, int]:
    """The first page, and how many there are, counted as far as `most`: the walk to the page goes on to count."""
    try:
        statement = paging(tickets, order, Moments.of(now), Reach(None, most), done=done, shown=size)
    except EmptyResultSet:
        return [], 0
    found = _fetched(statement)
    return placed([row[:3] for row in found], order), found[0][3] if found else 0


def placed(found: Iterable[Sequence[Any]], order: str) -> Placed:
    """The rows of `walking.paging`: a segment, a due time and a number."""
    segments = segments_of(order)
    return [(_place(at, segments[at][1], due, number), segments[at][0]) for at, due, number in found]


def is_place(place: Place, order: str) -> bool:
    """Whether such a place can be in an order: what somebody else says may be anything."""
    segments = segments_of(order)
    if not 0 <= place.segment < len(segments):
        return False
    return (segments[place.segment][1] is Walk.BY_DUE) is (place.due is not None)


def place_of(ticket: Ticket, order: str, now: datetime) -> Place:
    """Where the ticket stands, as it is now, in an order seen from `now`."""
    due, done = ticket.next_due_at, ticket.is_done
    if order == NEWEST:
        return Place(0, None, ticket.number)
    if order == DUE:
        return Place(2 if done else int(due is None), None if done else due, ticket.number)
    group = group_of(ticket, now)
    if group is Group.DONE:
        return Place(NEWEST_FIRST[order], None, ticket.number)
    severity = SEVERITIES.index(ticket.severity)
    before = sum(kind[0] < group for kind in KINDS) * len(SEVERITIES)
    return Place(before + severity * len(kinds_of(group)) + (due is None), due, ticket.number)


def sort_key(place: Place, order: str) -> str:
    """A text that sorts as the row does, for a page that has to know whether a row has moved."""
    number = 10**18 - place.number if place.segment == NEWEST_FIRST[order] else place.number
    return f"{place.segment:02d} {place.due.astimezone(UTC).isoformat() if place.due else ''} {number:019d}"


def group_tallies(tickets: TicketQuerySet, now: datetime, *, done: bool = True) -> dict[Group, int]:
    """How many each group has, in one query, each counted as far as `tally.MOST`.

    Without `done` nothing is looked for among what is done: where the tickets are known to be open, the database
    does not know it, and would look at every one there ever was.
    """
    counts = dict.fromkeys(Group, 0)
    asked = [group for group in Group if done or group is not Group.DONE]
    try:
        (found,) = _fetched(counting(tickets, asked, Moments.of(now)))
    except EmptyResultSet:
        return counts
    return counts | dict(zip(asked, found, strict=True))


def _fetched(statement: Sql) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _place(at: int, walk: Walk, due: Any, number: int) -> Place:
    return Place(at, None if walk is Walk.BACK else _moment(due), number)


def _moment(value: Any) -> datetime | None:
    """A due time as the database hands it over outside of a model: SQLite in UTC without saying so, or as text."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found
