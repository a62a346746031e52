"""All live escalations at a glance: the figures over every one of them, the first of each step, one page of a list.

Whom a reader sees, and what his escalations have promised, is found once and looked at from all sides in a single
statement: as five querysets the board of two thousand asked four times for the same two thousand. What a card shows
is read as plain values, for it shows little of the seven rows that it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_datetime

from escalation.enums import LIVE_STATES, PRESSES_IN, DeadlineKind, State
from escalation.models import Deadline, Escalation
from escalation.querysets import EscalationQuerySet
from people.models import User


def owing(found: EscalationQuerySet, until: datetime) -> EscalationQuerySet:
    """Those of them that owe somebody what was promised for before then, or is late already."""
    owed = Deadline.objects.pressing().filter(due_at__lt=until)
    return found.filter(pk__in=owed.order_by().values("escalation"))


@dataclass(frozen=True, slots=True)
class Pressing:
    """How many are late or nearly so with one of their promises; which is the first, and when it was or is due."""

    count: int = 0
    number: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """How many stand at a step, and since when the oldest."""

    count: int = 0
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Over all that were asked about, whatever part of them is shown."""

    by_state: dict[str, int]
    severe: int = 0
    asked: Since = Since()
    hours: Pressing = Pressing()
    updates: Pressing = Pressing()
    resolved: Since = Since()

    @property
    def open(self) -> int:
        return sum(self.by_state.values())


class Mark(NamedTuple):
    """One escalation in the plot of times in step. `place` counts by severity and time left, `age` by time in step."""

    number: int
    state: str
    severity: int
    step_since: datetime
    place: int
    age: int


class Facts(NamedTuple):
    """What a card, a line of the list or of the ageing report shows; the names as `_SHOWN` asks for them."""

    number: int
    state: str
    severity: int
    summary: str
    trend: str
    cause: str
    step_since: datetime
    resolved_at: datetime | None
    verified_at: datetime | None
    acknowledged_at: datetime | None
    lapsed_at: datetime | None
    affected_count: int
    access_open: int
    ticket_id: int
    team_id: int | None
    manager_id: int | None
    decider_id: int | None
    ticket_team_id: int | None
    assignee_id: int | None
    manager: str
    decider: str
    customer: str


@dataclass(frozen=True, slots=True)
class Card:
    facts: Facts
    deadlines: Sequence[tuple[str, datetime]]
    """What somebody waits for, kind and moment, the first on top."""

    @property
    def reference(self) -> str:
        return f"E-{self.facts.number}"

    @property
    def is_acknowledged(self) -> bool:
        """As of the escalation itself: somebody has it in hand, and has kept what he promised since."""
        return self.facts.acknowledged_at is not None and self.facts.lapsed_at is None

    @property
    def waits(self) -> bool:
        """It is at one of its steps, and nobody has it in hand."""
        return not self.is_acknowledged and self.facts.state != State.REQUESTED

    @property
    def pressing(self) -> list[tuple[str, datetime]]:
        """Of these what asks for something at its state."""
        return [one for one in self.deadlines if self.facts.state in PRESSES_IN.get(one[0], ())]


@dataclass(frozen=True, slots=True)
class Horizon:
    """Until when a promise that runs out is counted among those at risk."""

    hour_until: datetime
    update_until: datetime


def glance(
    found: EscalationQuerySet, user: User, horizon: Horizon, *, first: int, oldest: int
) -> tuple[Figures, list[Mark]]:
    """The figures, and of each step the `first` by severity and time left and the `oldest`. One query."""
    rows = _ask(found, user, horizon, _FIRST_AND_OLDEST, [first, oldest])
    marks = [Mark(row[0], row[1], row[2], _moment(row[3]), row[4], row[5]) for row in rows if row[0] is not None]
    return _figures(rows), marks


def page_of(
    found: EscalationQuerySet, user: User, horizon: Horizon, *, step: str, start: int, most: int
) -> tuple[Figures, list[int]]:
    """The figures over all, and of those at that step, or of all, a page by severity and time left. One query."""
    narrow = ("state = %s", [step]) if step else ("1 = 1", [])
    rows = _ask(found, user, horizon, _IN_ORDER.replace("{narrow}", narrow[0]), [*narrow[1], most, start])
    return _figures(rows), [row[0] for row in rows if row[0] is not None]


def cards(numbers: Sequence[int]) -> list[Card]:
    """Of these escalations, which the reader sees, in this order. Two queries."""
    rows = {facts.number: facts for facts in _facts(Escalation.objects.filter(pk__in=numbers))}
    waited: dict[int, list[tuple[str, datetime]]] = {}
    asked = Deadline.objects.unanswered().filter(escalation__in=numbers).order_by("due_at")
    for number, kind, due_at in asked.values_list("escalation_id", "kind", "due_at"):
        waited.setdefault(number, []).append((kind, due_at))
    return [Card(rows[number], waited.get(number, [])) for number in numbers if number in rows]


def oldest_resolved(found: EscalationQuerySet, most: int) -> list[Facts]:
    """What is resolved and not closed, the oldest first (R55). One query."""
    return _facts(found.filter(state=State.RESOLVED).order_by("resolved_at", "number")[:most])


def _facts(found: EscalationQuerySet) -> list[Facts]:
    return [Facts._make(row) for row in _shown(found)]


def _shown(found: EscalationQuerySet) -> "QuerySet[Escalation, Any]":
    return found.values_list(
        *Facts._fields[:17],
        "ticket__team_id",
        "ticket__assignee_id",
        Coalesce("manager__name", Value("")),
        Coalesce("decider__name", Value("")),
        Coalesce("ticket__organisation__name", "ticket__requester__name"),
    )


_SEEN = ("number", "state", "severity", "step_since", "resolved_at", "decider_id")
_AT_ITS_STATE = " OR ".join(
    f"due.kind = '{kind}' AND seen.state IN (" + ", ".join(f"'{state}'" for state in states) + ")"
    for kind, states in PRESSES_IN.items()
)
_LATE = "MIN(due.due_at) FILTER (WHERE due.kind = '{kind}' AND due.due_at <= %s)"
_ARE_MINE = f"FILTER (WHERE state = '{State.REQUESTED}' AND decider_id = %s)"
_FIRST_LATE = "(SELECT number FROM line WHERE {due} IS NOT NULL ORDER BY {due}, number LIMIT 1)"
# What nobody waits for stands behind what somebody does; the rest is by how long it has stood there.
_BY_TIME_LEFT = "severity, next_due NULLS LAST, step_since, number"
_COUNTS = ", ".join(f"COUNT(*) FILTER (WHERE state = '{state}')" for state in LIVE_STATES)
_TOLD = f"""
    {_COUNTS}, COUNT(*) FILTER (WHERE severity = 1) AS severe,
    COUNT(*) {_ARE_MINE} AS asked, MIN(step_since) {_ARE_MINE} AS asked_since,
    MIN(resolved_at) FILTER (WHERE state = '{State.RESOLVED}') AS resolved_since,
    COUNT(hour_due) AS hours, {_FIRST_LATE.format(due="hour_due")} AS hour_of, MIN(hour_due) AS hour_at,
    COUNT(update_due) AS updates, {_FIRST_LATE.format(due="update_due")} AS update_of, MIN(update_due) AS update_at
"""
_TOLD_COLUMNS = len(LIVE_STATES) + 10
# `seen` is whatever queryset is asked about: each of its rows once, with the first of its promises that is waited for.
_LINES = f"""
WITH seen ({", ".join(_SEEN)}) AS MATERIALIZED ({{seen}}),
owed AS (
    SELECT seen.number, MIN(due.due_at) AS next_due,
        {_LATE.format(kind=DeadlineKind.FIRST_HOUR)} AS hour_due, {_LATE.format(kind=DeadlineKind.UPDATE)} AS update_due
    FROM seen INNER JOIN escalation_deadline AS due ON due.escalation_id = seen.number
    WHERE due.met_at IS NULL AND due.cancelled_at IS NULL AND ({_AT_ITS_STATE})
    GROUP BY seen.number
),
line AS MATERIALIZED (
    SELECT seen.*, next_due, hour_due, update_due FROM seen LEFT JOIN owed ON owed.number = seen.number
),
told AS (SELECT {_TOLD} FROM line)
"""  # noqa: S608 - fixed names and enums; what varies are parameters, and the SQL that Django makes of the queryset
_FIRST_AND_OLDEST = f"""
SELECT top.number, top.state, top.severity, top.step_since, top.place, top.age, told.*
FROM told LEFT JOIN (
    SELECT * FROM (
        SELECT line.*, ROW_NUMBER() OVER (PARTITION BY state ORDER BY {_BY_TIME_LEFT}) AS place,
            ROW_NUMBER() OVER (PARTITION BY state ORDER BY step_since, number) AS age
        FROM line
    ) AS ranked WHERE place <= %s OR age <= %s
) AS top ON 1 = 1
ORDER BY top.state, top.place
"""  # noqa: S608 - the same
_IN_ORDER = f"""
SELECT part.number, told.*
FROM told LEFT JOIN (
    SELECT number, severity, next_due, step_since FROM line
    WHERE {{narrow}} ORDER BY {_BY_TIME_LEFT} LIMIT %s OFFSET %s
) AS part ON 1 = 1
ORDER BY {", ".join(f"part.{column}" for column in _BY_TIME_LEFT.split(", "))}
"""  # noqa: S608 - the same


def _ask(found: EscalationQuerySet, user: User, horizon: Horizon, select: str, params: Sequence[Any]) -> list[Any]:
    try:
        seen, given = found.order_by().values_list(*_SEEN).query.sql_with_params()
    except EmptyResultSet:
        return []
    until = [connection.ops.adapt_datetimefield_value(at) for at in (horizon.hour_until, horizon.update_until)]
    with connection.cursor() as cursor:
        cursor.execute(_LINES.replace("{seen}", seen) + select, [*given, *until, user.pk, user.pk, *params])
        return list(cursor.fetchall())


def _figures(rows: Sequence[Any]) -> Figures:
    """Every row ends with them."""
    if not rows:
        return Figures(dict.fromkeys(LIVE_STATES, 0))
    told = rows[0][-_TOLD_COLUMNS:]
    by_state = dict(zip(LIVE_STATES, told, strict=False))
    severe, asked, asked_since, resolved_since, *late = told[len(LIVE_STATES) :]
    return Figures(
        by_state=by_state,
        severe=severe,
        asked=Since(asked, _moment(asked_since)),
        hours=Pressing(late[0], late[1], _moment(late[2])),
        updates=Pressing(late[3], late[4], _moment(late[5])),
        resolved=Since(by_state[State.RESOLVED], _moment(resolved_since)),
    )


def _moment(value: Any) -> Any:
    """SQLite keeps a moment as a text, in UTC, and only Django's own queries turn it back."""
    found = parse_datetime(value) if isinstance(value, str) else value
    return found.replace(tzinfo=UTC) if found is not None and found.tzinfo is None else found
