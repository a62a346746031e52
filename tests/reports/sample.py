"""A report of a test's own: what was opened, counted from the tickets, and a figure of every look."""

from datetime import date, datetime

from common.errors import NotFound
from people.models import User
from reports.asked import Asked
from reports.shape import (
    Better,
    Change,
    Chart,
    Column,
    Figure,
    Kind,
    Measure,
    Pick,
    Report,
    Row,
    Series,
    Table,
    Unit,
)
from reports.source import Source
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet

WEEKS = tuple(date.fromordinal(date(2026, 8, 3).toordinal() + 7 * week) for week in range(16))
FIRST = (93, 92.5, 93.4, 92.8, 93, 93.6, 93.1, 93.9, 94.4, 95.2, 95.6, 96, 96.4, 96.8, 96.6, 97.1)
NEXT = (92, 91, 91.8, 90.6, 91.4, 91.9, 91.2, 92, 92.8, 93.9, 94.2, 95, 94.6, 95.4, 95.6, 95.9)
RESOLVE = (88, 86.8, 87.6, 85.9, 86.4, 87.2, 86.6, 87.9, 89, 90.4, 91, 92.2, 92, 93.1, 93.6, 94.2)
OPENED = (23, 22, 22, 23, 23, 23, 22, 21, 20, 19, 17, 16, 16, 14, 14, 14)
CHANGE = Change(62, 38, -0.9, -30, -18, 120, 90)


def opened(user: User, asked: Asked) -> TicketQuerySet:
    seen = Ticket.objects.visible_to(user).filter(created_at__gte=asked.span.since, created_at__lt=asked.span.until)
    return seen.filter(team__slug=asked.of["team"]) if "team" in asked.of else seen


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    counts: dict[str, int] = {}
    for name in opened(user, asked).order_by("team__name").values_list("team__name", flat=True):
        counts[name or ""] = counts.get(name or "", 0) + 1
    rows = tuple(Row((name, count), {"n": Pick("opened", name)}) for name, count in counts.items())
    by_team = Table((Column("team", "Team", Unit.TEXT), Column("n", "Tickets")), rows)
    total = Measure(sum(counts.values()), Unit.COUNT, Pick("opened"))
    return Report("sample", "Sample", (*_large(asked), *_small(asked), *_last(by_team, total)))


def _last(by_team: Table, total: Measure) -> tuple[Figure, ...]:
    names = ("Bank rejects a batch", "Above refund limit", "Terminal firmware", "Fee charged wrongly", "Owner unclear")
    causes = Chart(Kind.BARS, Unit.COUNT, names, (Series("n", "Escalations", (38, 27, 19, 12, 9)),))
    return (
        Figure("causes", "Causes", Measure(105, Unit.COUNT), "80 % come from four", chart=causes),
        Figure("opened", "Tickets opened", total, "by team", table=by_team),
    )


def _large(asked: Asked) -> tuple[Figure, ...]:
    lines = (
        Series("first", "First reply", FIRST),
        Series("next", "Next reply", NEXT),
        Series("end", "Resolve", RESOLVE),
    )
    kept = Chart(Kind.LINES, Unit.PERCENT, WEEKS, lines, goal=95, plan=asked.plan)
    parts = tuple(
        Series(key, key.title(), tuple(round(n * share) for n in OPENED))
        for key, share in (("automatic", 0.4), ("functional", 0.4), ("hierarchical", 0.2))
    )
    change = Change(92.7, 95.8, 0.6, 1.2, 4.9, 900, 700)
    note = "share of clocks met, per week"
    better = Better.HIGHER
    stack = Chart(Kind.STACK, Unit.COUNT, WEEKS, parts, plan=asked.plan)
    return (
        Figure("kept", "SLA kept", Measure(95.8, Unit.PERCENT), note, better=better, change=change, chart=kept),
        Figure("escalated", "Escalations opened", Measure(14, Unit.COUNT), "per week, by kind", chart=stack),
    )


def _small(asked: Asked) -> tuple[Figure, ...]:
    now = Series("m", "This period", tuple(60 * n for n in (62, 58, 66, 60, 64, 59, 63, 55, 48, 44, 41, 38)))
    before = Series("m", "A year before", tuple(60 * n for n in (55, 57, 54, 60, 58, 61, 59, 62, 60, 63, 61, 64)), True)
    spark = Chart(Kind.SPARK, Unit.SECONDS, WEEKS[:12], (now, before), plan=asked.plan)
    change = Change(62 * 60, 38 * 60, -0.9, -30 * 60, -18 * 60, 120, 90)
    unsure = Change(62 * 60, 58 * 60, -0.1, -9 * 60, 2 * 60, 12, 9)
    few = Change(None, 58 * 60, None, None, None, 0, 9)
    titles = ("Slow first reply under load", "Many parties, long resolution", "Not enough experience", "No owner")
    return tuple(
        Figure(
            f"pain{number}",
            title,
            Measure(38 * 60, Unit.SECONDS),
            "Median at more than 9 open per agent.",
            "Below that it is 11 min.",
            better=better,
            change=how,
            chart=spark,
        )
        for number, (title, how, better) in enumerate(
            zip(titles, (change, change, unsure, few), (Better.LOWER, Better.HIGHER, *(Better.LOWER,) * 2), strict=True)
        )
    )


def cases(user: User, asked: Asked, pick: Pick, *, now: datetime) -> TicketQuerySet:
    if pick.figure != "opened":
        raise NotFound
    found = opened(user, asked)
    return found.filter(team__name=pick.cell) if pick.cell else found


SAMPLE = Source("sample", lambda: "Sample", build, cases, filters=("team", "tier"))
