"""The order of the inbox, and pages of it that cost the same at ten tickets and at a million.

What to do next depends on the moment: past due, due within the hour, next, paused, done. No index holds such an
order; but inside one group and one severity it is the order of an index. So a page is made of *segments*, each one
walk along its index, glued by UNION ALL under one LIMIT: the database stops when the page is full. A page begins
behind the *place* of the row before it, seen from the moment of the first page: no row repeats or vanishes because
time has passed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from itertools import groupby, product
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Expression
from django.utils.dateparse import parse_datetime

from tickets.enums import ACTIVE_STATUSES, DONE_STATUSES, MOVING_STATUSES, Status
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.tally import MOST

SOON = timedelta(hours=1)
SEVERITIES = (1, 2, 3, 4, None)
DO_NEXT, DUE, NEWEST = "", "due", "newest"


class Group(IntEnum):
    PAST_DUE = 0
    HOUR = 1
    NEXT = 2
    PAUSED = 3
    DONE = 4


class Place(NamedTuple):
    """Where a row stands: its segment, and what the segment is sorted by."""

    segment: int
    due: datetime | None
    number: int


class Walk(IntEnum):
    """How a segment is sorted."""

    BY_DUE = 0
    UNDUE = 1  # without a due time, the oldest first
    BACK = 2  # the newest first


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one group that one walk along an index finds in order."""

    group: Group
    where: str
    walk: Walk = Walk.BY_DUE
    graded: bool = False  # of one severity, so that the index that begins with it may be walked

    def sort(self, *, back: bool) -> str:
        columns = ["severity", "next_due_at", "number"][not self.graded :]
        if self.walk is Walk.BACK:
            columns = ["number"]
        direction = " DESC" if back is not (self.walk is Walk.BACK) else ""
        return ", ".join(f"{_column(name)}{direction}" for name in columns)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a page goes: so many rows, from the beginning or from a place, and on or back from there."""

    after: Place | None
    size: int
    back: bool = False

    def may_reach(self, segment: int) -> bool:
        if self.after is None:
            return True
        return segment <= self.after.segment if self.back else segment >= self.after.segment


class _Here(Expression):
    """Marks the end of the conditions, so that a query is compiled once and each segment written into it."""

    output_field = BooleanField()
    mark = "1 = /*here*/ 1"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return self.mark, ()


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
) -> list[tuple[Place, Group]]:
    """The next `size` places behind one, in order, in one query. `now` is the moment of the first page.

    With `back` those before it, the nearest first.

    `counts`, where they are known (`group_tallies`), spare the planner groups that are empty or not reached, which
    takes it longer than the database takes for the answer. Without `done` nothing is looked for among what is done,
    as in `group_tallies`.
    """
    found = _found(tickets, order, now, Reach(after, size, back), counts if order == DO_NEXT else None, done)
    segments = ORDERS[order](now)
    return [(_place(at, segments[at], due, number), segments[at].group) for at, due, number, _total in found]


def page_and_total(
    tickets: TicketQuerySet, order: str, *, now: datetime, size: int, most: int, done: bool = True
) -> tuple[list[tuple[Place, Group]], int]:
    """The first page, and how many there are, counted as far as `most`: the walk to the page goes on to count."""
    found = _found(tickets, order, now, Reach(None, most), None, done, shown=size)
    segments = ORDERS[order](now)
    places = [(_place(at, segments[at], due, number), segments[at].group) for at, due, number, _total in found]
    return places, found[0][3] if found else 0


def _found(
    tickets: TicketQuerySet,
    order: str,
    now: datetime,
    reach: Reach,
    counts: Mapping[Group, int] | None,
    done: bool,
    *,
    shown: int | None = None,
) -> list[tuple[int, Any, int, int]]:
    """Segment, due time and number of each, and how many there are within reach, of which `shown` are fetched."""
    try:
        base, params = tickets.order_by().filter(_Here()).values("number").query.sql_with_params()
    except EmptyResultSet:
        return []
    _, _, where = base.partition(" FROM ")
    segments = [segment for segment in ORDERS[order](now) if done or segment.group is not Group.DONE]
    walks = list(_walks(where, segments, reach, counts, now))
    if not walks:
        return []
    glued = " UNION ALL ".join(f"SELECT * FROM ({walk}) AS w{at}" for at, walk in enumerate(walks))  # noqa: S608 - made of this module's own words
    total = "COUNT(*) OVER ()" if shown else "0"
    within = f"SELECT * FROM ({glued}) AS way LIMIT {reach.size:d}"  # noqa: S608 - as above
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT found.*, {total} FROM ({within}) AS found LIMIT {shown or reach.size:d}",  # noqa: S608 - as above
            list(params) * len(walks),
        )
        rows: list[tuple[int, Any, int, int]] = cursor.fetchall()
        return rows


def is_place(place: Place, order: str, now: datetime) -> bool:
    """Whether such a place can be in an order: what somebody else says may be anything."""
    segments = ORDERS[order](now)
    if not 0 <= place.segment < len(segments):
        return False
    return (segments[place.segment].walk is Walk.BY_DUE) is (place.due is not None)


def place_of(ticket: Ticket, order: str, now: datetime) -> Place:
    """Where the ticket stands, as it is now, in an order seen from `now`."""
    due, done = ticket.next_due_at, ticket.is_done
    if order == NEWEST:
        return Place(0, None, ticket.number)
    if order == DUE:
        return Place(2 if done else int(due is None), None if done else due, ticket.number)
    group = group_of(ticket, now)
    if group is Group.DONE:
        return Place(_NEWEST_FIRST[order], None, ticket.number)
    severity = SEVERITIES.index(ticket.severity)
    kinds = [kind for kind in _KINDS if kind[0] is group]
    before = sum(kind[0] < group for kind in _KINDS) * len(SEVERITIES)
    return Place(before + severity * len(kinds) + (due is None), due, ticket.number)


def sort_key(place: Place, order: str) -> str:
    """A text that sorts as the row does, for a page that has to know whether a row has moved."""
    number = 10**18 - place.number if place.segment == _NEWEST_FIRST[order] else place.number
    return f"{place.segment:02d} {place.due.astimezone(UTC).isoformat() if place.due else ''} {number:019d}"


def group_tallies(tickets: TicketQuerySet, now: datetime, *, done: bool = True) -> dict[Group, int]:
    """How many each group has, in one query, each counted as far as `tally.MOST`.

    Without `done` nothing is looked for among what is done: where the tickets are known to be open, the database
    does not know it, and would look at every one there ever was.
    """
    counts = dict.fromkeys(Group, 0)
    try:
        base, params = tickets.order_by().filter(_Here()).values("number").query.sql_with_params()
    except EmptyResultSet:
        return counts
    _, _, where = base.partition(" FROM ")
    figures = []
    asked = [group for group in Group if done or group is not Group.DONE]
    conditions = _conditions(now)
    for group in asked:
        condition = conditions[group]
        rows = f"SELECT 1 FROM {where.replace(_Here.mark, condition)} LIMIT {MOST + 1}"  # noqa: S608 - made of this module's own words
        figures.append(f"(SELECT COUNT(*) FROM ({rows}) AS g{group:d})")  # noqa: S608 - as above
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(figures), list(params) * len(asked))
        counts.update(zip(asked, cursor.fetchone(), strict=True))
    return counts


def _walks(
    where: str, segments: Sequence[Segment], reach: Reach, counts: Mapping[Group, int] | None, now: datetime
) -> Iterator[str]:
    """The SQL of each part that a page may reach, in order."""
    reached = 0
    numbered = list(enumerate(segments))
    after = reach.after
    for group, members in groupby(reversed(numbered) if reach.back else numbered, key=lambda pair: pair[1].group):
        left = [(at, segment) for at, segment in members if reach.may_reach(at)]
        is_begun = after is not None and bool(left) and left[0][0] == after.segment
        if not left or (counts is not None and not counts[group]):
            continue
        if counts is not None and not is_begun and group is not Group.DONE and counts[group] <= MOST:
            yield _sorted(where, group, left, reach, now)
        else:
            for at, segment in left:
                yield _walk(where, at, segment, reach)
        # How much of a group lies behind the place where the page begins, its count does not tell.
        reached += counts[group] if counts is not None and not is_begun else 0
        if reached >= reach.size:
            return


def _sorted(where: str, group: Group, members: Sequence[tuple[int, Segment]], reach: Reach, now: datetime) -> str:
    """The SQL of a whole group that is small enough to be sorted: its segments in one."""
    severity, number, due = _column("severity"), _column("number"), _column("next_due_at")
    kinds = len(members) // len(SEVERITIES)
    undue = f" + CASE WHEN {due} IS NULL THEN 1 ELSE 0 END" if kinds > 1 else ""
    first = min(at for at, _segment in members)
    segment = f"{first:d} + {kinds:d} * (COALESCE({severity}, {len(SEVERITIES):d}) - 1){undue}"
    order = "1 DESC, 2 DESC, 3 DESC" if reach.back else "1, 2, 3"
    return (
        f"SELECT {segment} AS segment, {due} AS due, {number} AS number "  # noqa: S608 - made of this module's own words
        f"FROM {where.replace(_Here.mark, f'({_conditions(now)[group]})')} ORDER BY {order} LIMIT {reach.size:d}"
    )


def _walk(where: str, at: int, segment: Segment, reach: Reach) -> str:
    """The SQL of one segment. Values stand in it as literals: they are this module's own, and the planner sees them."""
    condition, number, due, after = segment.where, _column("number"), _column("next_due_at"), reach.after
    if after is not None and after.segment == at:
        behind, before = ("<", ">") if reach.back else (">", "<")
        further = {
            Walk.BY_DUE: f"({due}, {number}) {behind} ({_literal(after.due)}, {after.number:d})",
            Walk.UNDUE: f"{number} {behind} {after.number:d}",
            Walk.BACK: f"{number} {before} {after.number:d}",
        }
        condition = f"{condition} AND {further[segment.walk]}"
    return (
        f"SELECT {at:d} AS segment, {due} AS due, {number} AS number "  # noqa: S608 - made of this module's own words
        f"FROM {where.replace(_Here.mark, f'({condition})')} "
        f"ORDER BY {segment.sort(back=reach.back)} LIMIT {reach.size:d}"
    )


def _place(at: int, segment: Segment, due: Any, number: int) -> Place:
    return Place(at, None if segment.walk is Walk.BACK else _moment(due), number)


def _column(name: str) -> str:
    return f'"{Ticket._meta.db_table}"."{name}"'


def _status(statuses: Iterable[str]) -> str:
    return f"{_column('status')} IN ({', '.join(repr(str(status)) for status in statuses)})"


def _literal(moment: datetime | None) -> str:
    return f"'{connection.ops.adapt_datetimefield_value(moment)}'"


def _moment(value: Any) -> datetime | None:
    """A due time as the database hands it over outside of a model: SQLite in UTC without saying so, or as text."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


# A group's part: which statuses, which due times; those without one come last.
_KINDS: tuple[tuple[Group, Sequence[str], str], ...] = (
    (Group.PAST_DUE, ACTIVE_STATUSES, "{due} <= {now}"),
    (Group.HOUR, MOVING_STATUSES, "{due} > {now} AND {due} <= {soon}"),
    (Group.NEXT, MOVING_STATUSES, "{due} > {soon}"),
    (Group.NEXT, MOVING_STATUSES, "{due} IS NULL"),
    (Group.PAUSED, (Status.WAITING,), "{due} > {now}"),
    (Group.PAUSED, (Status.WAITING,), "{due} IS NULL"),
)


def _kind(statuses: Sequence[str], due: str, now: datetime) -> str:
    times = due.format(due=_column("next_due_at"), now=_literal(now), soon=_literal(now + SOON))
    return f"{_status(statuses)} AND {times}"


@lru_cache(maxsize=16)  # every row of a page asks for the segments of its moment
def _do_next(now: datetime) -> Sequence[Segment]:
    """Group, then severity, then time left. What is done stands last, the newest first: nobody waits for it."""
    found = []
    for group in (Group.PAST_DUE, Group.HOUR, Group.NEXT, Group.PAUSED):
        kinds = [kind for kind in _KINDS if kind[0] is group]
        for severity, (_, statuses, due) in product(SEVERITIES, kinds):
            grave = f"{_column('severity')} IS NULL" if severity is None else f"{_column('severity')} = {severity:d}"
            walk = Walk.UNDUE if due.endswith("NULL") else Walk.BY_DUE
            found.append(Segment(group, f"{grave} AND {_kind(statuses, due, now)}", walk, graded=True))
    return (*found, Segment(Group.DONE, _status(DONE_STATUSES), Walk.BACK))


def _by_due(now: datetime) -> Sequence[Segment]:
    active, due = _status(ACTIVE_STATUSES), _column("next_due_at")
    return [
        Segment(Group.NEXT, f"{active} AND {due} IS NOT NULL"),
        Segment(Group.NEXT, f"{active} AND {due} IS NULL", Walk.UNDUE),
        Segment(Group.DONE, _status(DONE_STATUSES), Walk.BACK),
    ]


def _newest(now: datetime) -> Sequence[Segment]:
    return [Segment(Group.NEXT, "1 = 1", Walk.BACK)]


def _conditions(now: datetime) -> dict[Group, str]:
    """What makes a group, whatever the severity."""
    found = dict.fromkeys(Group, "")
    for group, statuses, due in _KINDS:
        kind = f"({_kind(statuses, due, now)})"
        found[group] = f"({found[group]} OR {kind})" if found[group] else kind
    found[Group.DONE] = _status(DONE_STATUSES)
    return found


ORDERS: dict[str, Callable[[datetime], Sequence[Segment]]] = {DO_NEXT: _do_next, DUE: _by_due, NEWEST: _newest}
# The segment of each order that is walked back.
_NEWEST_FIRST = {DO_NEXT: len(SEVERITIES) * len(_KINDS), DUE: 2, NEWEST: 0}
