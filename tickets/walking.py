"""The SQL of the inbox's order: walks along indexes, glued by UNION ALL under one LIMIT (`tickets.queue` asks them).

Moments are parameters, so that a page that is asked for all day keeps its SQL (`common.questions`). Statuses and
severities stand in the text: by them an index is chosen.
"""

import re
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

from tickets.enums import ACTIVE_STATUSES, DONE_STATUSES, MOVING_STATUSES, Status
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.tally import MOST

SOON = timedelta(hours=1)
SEVERITIES = (1, 2, 3, 4, None)
DO_NEXT, DUE, NEWEST = "", "due", "newest"
_PLACE = re.compile("%[%s]")


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


class Moments(NamedTuple):
    """From where an order is seen, and what is soon then."""

    now: datetime
    soon: datetime

    @classmethod
    def of(cls, now: datetime) -> "Moments":
        return cls(now, now + SOON)


class Sql(NamedTuple):
    """A statement or a piece of one, with its parameters."""

    text: str
    params: tuple[Any, ...] = ()


class Walk(IntEnum):
    """How a segment is sorted."""

    BY_DUE = 0
    UNDUE = 1  # without a due time, the oldest first
    BACK = 2  # the newest first


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows of one group that one walk along an index finds in order."""

    group: Group
    where: Sql
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


class _Rows(NamedTuple):
    """Where rows come from, with a place for one more condition."""

    before: Sql
    behind: Sql

    @classmethod
    def of(cls, tickets: TicketQuerySet) -> "_Rows":
        base, params = tickets.order_by().filter(_Here()).values("number").query.sql_with_params()
        before, _mark, behind = base.partition(" FROM ")[2].partition(_Here.mark)
        at = _PLACE.findall(before).count("%s")
        return cls(Sql(before, tuple(params[:at])), Sql(behind, tuple(params[at:])))

    def such_as(self, condition: Sql) -> Sql:
        text = f"{self.before.text}({condition.text}){self.behind.text}"
        return Sql(text, (*self.before.params, *condition.params, *self.behind.params))


def paging(
    tickets: TicketQuerySet,
    order: str,
    moments: Moments,
    reach: Reach,
    counts: Mapping[Group, int] | None = None,
    *,
    done: bool = True,
    shown: int | None = None,
) -> Sql:
    """Segment, due time and number of each; where only so many are `shown`, also how many are within reach.

    For `counts` and `done` see `queue.page`. Raises EmptyResultSet where there can be none.
    """
    rows = _Rows.of(tickets)
    segments = [segment for segment in ORDERS[order](moments) if done or segment.group is not Group.DONE]
    walks = list(_walks(rows, segments, reach, counts, moments))
    if not walks:
        raise EmptyResultSet
    glued = " UNION ALL ".join(f"SELECT * FROM ({walk.text}) AS w{at}" for at, walk in enumerate(walks))  # noqa: S608 - made of this module's own words
    within = f"SELECT * FROM ({glued}) AS found LIMIT {reach.size:d}"  # noqa: S608 - as above
    text = f"SELECT way.*, COUNT(*) OVER () FROM ({within}) AS way LIMIT {shown:d}" if shown else within  # noqa: S608 - as above
    return Sql(text, tuple(param for walk in walks for param in walk.params))


def counting(tickets: TicketQuerySet, groups: Iterable[Group], moments: Moments) -> Sql:
    """One row: how many each group has, each counted as far as `tally.MOST`. Raises as `paging` does."""
    rows, conditions = _Rows.of(tickets), _conditions(moments)
    found = [rows.such_as(conditions[group]) for group in groups]
    figures = [
        f"(SELECT COUNT(*) FROM (SELECT 1 FROM {one.text} LIMIT {MOST + 1}) AS g{at})"  # noqa: S608 - made of this module's own words
        for at, one in enumerate(found)
    ]
    return Sql(f"SELECT {', '.join(figures)}", tuple(param for one in found for param in one.params))


def _walks(
    rows: _Rows, segments: Sequence[Segment], reach: Reach, counts: Mapping[Group, int] | None, moments: Moments
) -> Iterator[Sql]:
    """Each part that a page may reach, in order."""
    reached = 0
    numbered = list(enumerate(segments))
    after = reach.after
    for group, members in groupby(reversed(numbered) if reach.back else numbered, key=lambda pair: pair[1].group):
        left = [(at, segment) for at, segment in members if reach.may_reach(at)]
        is_begun = after is not None and bool(left) and left[0][0] == after.segment
        if not left or (counts is not None and not counts[group]):
            continue
        if counts is not None and not is_begun and group is not Group.DONE and counts[group] <= MOST:
            yield _sorted(rows, group, left, reach, moments)
        else:
            for at, segment in left:
                yield _walk(rows, at, segment, reach)
        # How much of a group lies behind the place where the page begins, its count does not tell.
        reached += counts[group] if counts is not None and not is_begun else 0
        if reached >= reach.size:
            return


def _sorted(rows: _Rows, group: Group, members: Sequence[tuple[int, Segment]], reach: Reach, moments: Moments) -> Sql:
    """A whole group that is small enough to be sorted: its segments in one."""
    severity, number, due = _column("severity"), _column("number"), _column("next_due_at")
    kinds = len(members) // len(SEVERITIES)
    undue = f" + CASE WHEN {due} IS NULL THEN 1 ELSE 0 END" if kinds > 1 else ""
    first = min(at for at, _segment in members)
    segment = f"{first:d} + {kinds:d} * (COALESCE({severity}, {len(SEVERITIES):d}) - 1){undue}"
    order = "1 DESC, 2 DESC, 3 DESC" if reach.back else "1, 2, 3"
    found, params = rows.such_as(_conditions(moments)[group])
    text = f"SELECT {segment} AS segment, {due} AS due, {number} AS number FROM {found}"  # noqa: S608 - made of this module's own words
    return Sql(f"{text} ORDER BY {order} LIMIT {reach.size:d}", params)


def _walk(rows: _Rows, at: int, segment: Segment, reach: Reach) -> Sql:
    """One segment."""
    number, due, after = _column("number"), _column("next_due_at"), reach.after
    condition = segment.where
    if after is not None and after.segment == at:
        behind, before = ("<", ">") if reach.back else (">", "<")
        further = {
            Walk.BY_DUE: Sql(f"({due}, {number}) {behind} (%s, {after.number:d})", (_given(after.due),)),
            Walk.UNDUE: Sql(f"{number} {behind} {after.number:d}"),
            Walk.BACK: Sql(f"{number} {before} {after.number:d}"),
        }[segment.walk]
        condition = Sql(f"{condition.text} AND {further.text}", (*condition.params, *further.params))
    found, params = rows.such_as(condition)
    text = f"SELECT {at:d} AS segment, {due} AS due, {number} AS number FROM {found}"  # noqa: S608 - made of this module's own words
    return Sql(f"{text} ORDER BY {segment.sort(back=reach.back)} LIMIT {reach.size:d}", params)


def _column(name: str) -> str:
    return f'"{Ticket._meta.db_table}"."{name}"'


def _status(statuses: Iterable[str]) -> str:
    return f"{_column('status')} IN ({', '.join(repr(str(status)) for status in statuses)})"


def _given(moment: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


# A group's part: which statuses, which due times and by which moments; those without one come last.
_Kind = tuple[Group, Sequence[str], str, tuple[str, ...]]
KINDS: tuple[_Kind, ...] = (
    (Group.PAST_DUE, ACTIVE_STATUSES, "{due} <= %s", ("now",)),
    (Group.HOUR, MOVING_STATUSES, "{due} > %s AND {due} <= %s", ("now", "soon")),
    (Group.NEXT, MOVING_STATUSES, "{due} > %s", ("soon",)),
    (Group.NEXT, MOVING_STATUSES, "{due} IS NULL", ()),
    (Group.PAUSED, (Status.WAITING,), "{due} > %s", ("now",)),
    (Group.PAUSED, (Status.WAITING,), "{due} IS NULL", ()),
)


def kinds_of(group: Group) -> list[_Kind]:
    return [kind for kind in KINDS if kind[0] is group]


def _kind(kind: _Kind, moments: Moments) -> Sql:
    _group, statuses, due, names = kind
    params = tuple(_given(getattr(moments, name)) for name in names)
    return Sql(f"{_status(statuses)} AND {due.format(due=_column('next_due_at'))}", params)


def _do_next(moments: Moments) -> Sequence[Segment]:
    """Group, then severity, then time left. What is done stands last, the newest first: nobody waits for it."""
    found = []
    for group in (Group.PAST_DUE, Group.HOUR, Group.NEXT, Group.PAUSED):
        for severity, kind in product(SEVERITIES, kinds_of(group)):
            grave = f"{_column('severity')} IS NULL" if severity is None else f"{_column('severity')} = {severity:d}"
            walk = Walk.BY_DUE if kind[3] else Walk.UNDUE
            text, params = _kind(kind, moments)
            found.append(Segment(group, Sql(f"{grave} AND {text}", params), walk, graded=True))
    return (*found, Segment(Group.DONE, Sql(_status(DONE_STATUSES)), Walk.BACK))


def _by_due(moments: Moments) -> Sequence[Segment]:
    active, due = _status(ACTIVE_STATUSES), _column("next_due_at")
    return [
        Segment(Group.NEXT, Sql(f"{active} AND {due} IS NOT NULL")),
        Segment(Group.NEXT, Sql(f"{active} AND {due} IS NULL"), Walk.UNDUE),
        Segment(Group.DONE, Sql(_status(DONE_STATUSES)), Walk.BACK),
    ]


def _newest(moments: Moments) -> Sequence[Segment]:
    return [Segment(Group.NEXT, Sql("1 = 1"), Walk.BACK)]


def _conditions(moments: Moments) -> dict[Group, Sql]:
    """What makes a group, whatever the severity."""
    found = {Group.DONE: Sql(_status(DONE_STATUSES))}
    for group in (Group.PAST_DUE, Group.HOUR, Group.NEXT, Group.PAUSED):
        kinds = [_kind(kind, moments) for kind in kinds_of(group)]
        text = " OR ".join(f"({kind.text})" for kind in kinds)
        found[group] = Sql(text, tuple(param for kind in kinds for param in kind.params))
    return found


@lru_cache
def segments_of(order: str) -> Sequence[tuple[Group, Walk]]:
    """Of each its group and how it is sorted, which are the same at any moment."""
    any_time = Moments.of(datetime(2000, 1, 1, tzinfo=UTC))
    return [(segment.group, segment.walk) for segment in ORDERS[order](any_time)]


ORDERS: dict[str, Callable[[Moments], Sequence[Segment]]] = {DO_NEXT: _do_next, DUE: _by_due, NEWEST: _newest}
# The segment of each order that is walked back.
NEWEST_FIRST = {DO_NEXT: len(SEVERITIES) * len(KINDS), DUE: 2, NEWEST: 0}
