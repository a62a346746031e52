"""All live escalations at a glance: the figures over every one of them, and the first of each step.

Everything here is asked of the database in a number of queries that does not depend on how many there are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, OuterRef, Prefetch, Q, Subquery, Window
from django.db.models.functions import RowNumber

from escalation.enums import LIVE_STATES, DeadlineKind, State
from escalation.models import Deadline, Escalation
from escalation.querysets import EscalationQuerySet
from people.models import User


@dataclass(frozen=True, slots=True)
class Pressing:
    """How many are late or nearly so with one of their promises; which is the first, and when it was or is due."""

    count: int
    number: int | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Since:
    """How many stand at a step, and since when the oldest."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Over all that were asked about, whatever part of them is shown."""

    by_state: dict[str, int]
    severe: int
    asked: Since
    hours: Pressing
    updates: Pressing
    resolved: Since

    @property
    def open(self) -> int:
        return sum(self.by_state.values())


def figures(found: EscalationQuerySet, user: User, *, hour_until: datetime, update_until: datetime) -> Figures:
    """Of live escalations: how many at each step, the decisions that wait for this person, what is late until then."""
    asked, resolved = Q(state=State.REQUESTED, decider=user), Q(state=State.RESOLVED)
    told: dict[str, Any] = found.order_by().aggregate(
        **{f"at_{state}": Count("pk", filter=Q(state=state)) for state in LIVE_STATES},
        severe=Count("pk", filter=Q(severity=1)),
        asked=Count("pk", filter=asked),
        asked_since=Min("step_since", filter=asked),
        resolved_since=Min("resolved_at", filter=resolved),
    )
    late = _late(found, {DeadlineKind.FIRST_HOUR: hour_until, DeadlineKind.UPDATE: update_until})
    return Figures(
        by_state={state: told[f"at_{state}"] for state in LIVE_STATES},
        severe=told["severe"],
        asked=Since(told["asked"], told["asked_since"]),
        hours=late[DeadlineKind.FIRST_HOUR],
        updates=late[DeadlineKind.UPDATE],
        resolved=Since(told[f"at_{State.RESOLVED}"], told["resolved_since"]),
    )


def first_of_each(found: EscalationQuerySet, most: int) -> list[Escalation]:
    """The first so many of each state, by severity and then by time left."""
    place = Window(RowNumber(), partition_by=F("state"), order_by=[F("severity"), *_BY_TIME_LEFT])
    ranked = with_next_due(found.order_by()).annotate(place=place).filter(place__lte=most)
    return in_order(Escalation.objects.filter(pk__in=list(ranked.values_list("pk", flat=True))))


def in_order(found: EscalationQuerySet, *, start: int = 0, most: int | None = None) -> list[Escalation]:
    """By severity and then by time left, with what a card shows."""
    ordered = with_card(with_next_due(found)).order_by("severity", *_BY_TIME_LEFT)
    return list(ordered[start : None if most is None else start + most])


def with_next_due(found: EscalationQuerySet) -> EscalationQuerySet:
    """Each with `next_due`, the first of its promises that somebody waits for."""
    first = Deadline.objects.pressing().filter(escalation=OuterRef("pk")).order_by("due_at").values("due_at")[:1]
    return found.annotate(next_due=Subquery(first))


def with_card(found: EscalationQuerySet) -> EscalationQuerySet:
    waited = Prefetch("deadlines", queryset=Deadline.objects.unanswered().order_by("due_at"))
    return found.with_people().select_related("decider", "ticket__assignee").prefetch_related(waited)


# What nobody waits for stands behind what somebody does; the rest is by how long it has stood there.
_BY_TIME_LEFT: Sequence[Any] = (F("next_due").asc(nulls_last=True), F("step_since"), F("number"))


def _late(found: EscalationQuerySet, until: dict[str, datetime]) -> dict[str, Pressing]:
    """By kind of promise, those due until then. Two queries: how many and when the first, then whose that is."""
    due = Q(pk=None)
    for kind, moment in until.items():
        due |= Q(kind=kind, due_at__lte=moment)
    pressing = Deadline.objects.pressing().filter(due, escalation__in=found.order_by().values("pk"))
    counted = pressing.order_by().values("kind").annotate(n=Count("escalation", distinct=True), first=Min("due_at"))
    counts = {row["kind"]: (row["n"], row["first"]) for row in counted}
    firsts = Q(pk=None)
    for kind, (_count, first) in counts.items():
        firsts |= Q(kind=kind, due_at=first)
    numbers = dict(
        Deadline.objects.pressing()
        .filter(firsts, escalation__in=found.order_by().values("pk"))
        .order_by("-escalation_id")
        .values_list("kind", "escalation_id")
    )
    return {kind: _pressing(counts.get(kind), numbers.get(kind)) for kind in until}


def _pressing(counted: tuple[int, datetime] | None, number: int | None) -> Pressing:
    return Pressing(counted[0], number, counted[1]) if counted else Pressing(0, None, None)
