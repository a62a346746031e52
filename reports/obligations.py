"""What policies require, and how it was kept (R76): from the lines of `sla.Duty`, as they can be counted again."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Value, When

from people.models import User
from sla.enums import DutyOutcome
from sla.models import Duty
from tickets.models import Ticket

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class _End(TypedDict):
        end: str

    EndedDuty = WithAnnotations[Duty, _End]

# How it ended for one ticket: the outcome of the newest line, but what was met only after it was held up is told apart.
IN_TIME, AFTER_HOLD, HELD, OTHERWISE = "in_time", "after_hold", "held", "otherwise"
ENDS = (IN_TIME, AFTER_HOLD, HELD, OTHERWISE)


@dataclass(frozen=True, slots=True)
class Line:
    """One obligation of one policy: how many tickets came to leave its step, and how it ended for each of them."""

    policy_id: int
    policy: str
    step: str
    fact: str
    in_time: int
    after_hold: int
    held: int
    otherwise: int

    @property
    def asked(self) -> int:
        return self.in_time + self.after_hold + self.held + self.otherwise

    @property
    def percent(self) -> int | None:
        """Known when the step was left, of all; rounded down, so that 100 means all."""
        return (self.in_time + self.after_hold) * 100 // self.asked if self.asked else None


def endings(user: User, *, since: datetime, until: datetime) -> "QuerySet[EndedDuty]":
    """The newest line from `since` up to `until` of each ticket, step and fact, with how it ended as `end`.

    Of what the reader may see.
    """
    same = Duty.objects.filter(ticket=OuterRef("ticket"), step=OuterRef("step"), fact=OuterRef("fact"))
    newer = same.filter(pk__gt=OuterRef("pk"), at__lt=until)
    held = same.filter(pk__lt=OuterRef("pk"), outcome=DutyOutcome.HELD)
    inside = Duty.objects.filter(at__gte=since, at__lt=until, ticket__in=Ticket.objects.visible_to(user))
    return inside.filter(~Exists(newer)).annotate(
        end=Case(
            When(outcome=DutyOutcome.HELD, then=Value(HELD)),
            When(Exists(held), outcome=DutyOutcome.MET, then=Value(AFTER_HOLD)),
            When(outcome=DutyOutcome.MET, then=Value(IN_TIME)),
            default=Value(OTHERWISE),
        )
    )


def compliance(user: User, *, since: datetime, until: datetime) -> list[Line]:
    """By policy in its order, step and fact. One query."""
    rows = (
        endings(user, since=since, until=until)
        .order_by()
        .values("version__policy", "step", "fact", "end")
        .annotate(name=F("version__policy__name"), order=F("version__policy__order"), n=Count("pk"))
    )
    counted: dict[tuple[int, str, int, str, str], dict[str, int]] = {}
    for row in rows:
        key = (row["order"], row["name"], row["version__policy"], row["step"], row["fact"])
        counted.setdefault(key, dict.fromkeys(ENDS, 0))[row["end"]] += row["n"]
    return [
        Line(policy, name, step, fact, **counts)
        for (_order, name, policy, step, fact), counts in sorted(counted.items(), key=_by_order)
    ]


def ended(user: User, *, since: datetime, until: datetime, policy: int, step: str, fact: str) -> "QuerySet[EndedDuty]":
    """The tickets behind one line of the report, the newest first; `end` says in which column each stands."""
    rows = endings(user, since=since, until=until).filter(version__policy=policy, step=step, fact=fact)
    return rows.select_related("ticket", "by").order_by("-at", "-pk")


def _by_order(row: tuple[tuple[int, str, int, str, str], object]) -> tuple[int, str, bool, str]:
    order, name, _policy, step, fact = row[0]
    return order, name, step != "work", fact
