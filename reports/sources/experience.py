"""How customers fare (R91): time to resolve, satisfaction, wait, load, first contact, escalations, coming back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from people.enums import Tier
from people.models import Team, User
from reports.asked import Asked
from reports.figures import between_shares, change_of_mean, change_of_median, line, names_of, percent, with_room
from reports.gathering import Gathered
from reports.grounds import SIDE, STEP, Ground, cell, starts
from reports.grounds import cases as cases_of
from reports.measures import StepOf
from reports.models import EscalationFact, TicketFact
from reports.narrowing import of_team
from reports.shape import Better, Change, Chart, Column, Figure, Kind, Measure, Pick, Report, Row, Table, Unit
from reports.sight import seen_load
from reports.source import Source
from reports.statistics import Share

KEY = "experience"
# Solved with one answer and never taken up again.
AT_ONCE = Q(replies__lte=1, reopens=0)
ESCALATED = Exists(EscalationFact.objects.filter(ticket=OuterRef("ticket_id")))

_OPENED = Ground(TicketFact, "opened_at")
_REPLIED = Ground(TicketFact, "first_reply_at")
_SOLVED = Ground(TicketFact, "solved_at")
_RATED = Ground(TicketFact, "rated_at")
_RAISED = Ground(EscalationFact, "opened_at", Q(organisation__isnull=False))
GROUNDS: Mapping[str, Ground] = {
    "solve_time": _SOLVED,
    "satisfaction": _RATED,
    "wait": _REPLIED,
    "first_contact": _SOLVED,
    "escalated": Ground(TicketFact, "opened_at", Q(ESCALATED)),
    "tickets": _OPENED,
    "again": _RAISED,
}


def build(user: User, asked: Asked, *, now: datetime) -> Report:
    figures = (
        _of_median("solve_time", _SOLVED, "solve_seconds", _("Time to resolve"), user, asked, now),
        _of_median("wait", _REPLIED, "first_reply_seconds", _("Wait for the first reply"), user, asked, now),
        _satisfaction(user, asked, now),
        _at_once(user, asked, now),
        _escalated(user, asked, now),
        _again(user, asked, now),
        _load(user, asked),
    )
    return Report(KEY, _("Experience"), figures)


def _of_median(key: str, ground: Ground, column: str, title: str, user: User, asked: Asked, now: datetime) -> Figure:
    found = Gathered(ground.divided(ground.facts(user, asked, now), asked), column, STEP, SIDE, "team")
    steps = {step: pool.median for step, pool in found.by(STEP).items()}
    teams = [(team, len(pool), round(pool.quantile(0.5), 2)) for team, pool in found.by("team").items()]
    return Figure(
        key=key,
        title=title,
        headline=Measure(found.whole.median, Unit.SECONDS, _pick(key, len(found.whole))),
        note=_("Median, by the clock on the wall."),
        better=Better.LOWER,
        change=change_of_median(asked, found),
        chart=_chart(asked, title, Unit.SECONDS, steps),
        table=_team_table(key, teams, title, Unit.SECONDS),
    )


def _satisfaction(user: User, asked: Asked, now: datetime) -> Figure:
    """R88: from 1 to 5, by what customers answered in this time."""
    facts = _RATED.facts(user, asked, now)
    found = Gathered(_RATED.divided(facts, asked), "score", STEP, "team", beside="score")
    steps = {step: pool.mean_beside for step, pool in found.by(STEP).items()}
    teams = [(team, len(pool), round(pool.mean_beside or 0, 2)) for team, pool in found.by("team").items()]
    return Figure(
        key="satisfaction",
        title=_("Satisfaction"),
        headline=Measure(_rounded(found.whole.mean_beside), Unit.SCORE, _pick("satisfaction", len(found.whole))),
        note=_("Mean of the answers, from 1 to 5."),
        better=Better.HIGHER,
        change=change_of_mean(asked, _RATED, facts, "score"),
        chart=_chart(asked, _("Satisfaction"), Unit.SCORE, steps),
        table=_team_table("satisfaction", teams, _("Satisfaction"), Unit.SCORE),
    )


def _at_once(user: User, asked: Asked, now: datetime) -> Figure:
    found = _Folded.of(_SOLVED, _SOLVED.facts(user, asked, now), asked, AT_ONCE)
    return Figure(
        key="first_contact",
        title=_("Solved at first contact"),
        headline=Measure(found.whole, Unit.PERCENT, _pick("first_contact", found.cases)),
        note=_("Solved with one reply at most, and not taken up again."),
        better=Better.HIGHER,
        change=found.change(asked),
        chart=found.chart(asked, _("Solved at first contact")),
        table=found.table("first_contact", _("Share")),
    )


def _escalated(user: User, asked: Asked, now: datetime) -> Figure:
    facts = _OPENED.facts(user, asked, now).annotate(is_escalated=ESCALATED)
    found = _Folded.of(_OPENED, facts, asked, Q(is_escalated=True))
    return Figure(
        key="escalated",
        title=_("Escalated tickets"),
        headline=Measure(found.whole, Unit.PERCENT, _pick("escalated", found.hits)),
        note=_("Share of the tickets opened in this time that were escalated since."),
        better=Better.LOWER,
        change=found.change(asked),
        chart=found.chart(asked, _("Escalated tickets")),
        table=found.table("tickets", _("Escalated")),
    )


@dataclass(frozen=True, slots=True)
class _Folded:
    """A share by step, by side of the plan and by team, out of one grouping: hits and cases of each."""

    by_step: Mapping[int, Share]
    by_side: Mapping[int, Share]
    by_team: Mapping[int | None, Share]

    @classmethod
    def of(cls, ground: Ground, facts: "QuerySet[Any]", asked: Asked, hit: Q) -> "_Folded":
        stepped = ground.divided(facts, asked).order_by()
        counted = {"of": Count(ground.moment), "hits": Count(ground.moment, filter=hit)}
        rows: list[Any] = list(stepped.values(STEP, SIDE, "team").annotate(**counted))
        return cls(_added(rows, STEP), _added(rows, SIDE), _added(rows, "team"))

    @property
    def cases(self) -> int:
        return sum(one.of for one in self.by_step.values())

    @property
    def hits(self) -> int:
        return sum(one.hits for one in self.by_step.values())

    @property
    def whole(self) -> float | None:
        return percent(self.hits, self.cases)

    def change(self, asked: Asked) -> Change | None:
        none = Share(0, 0)
        sides = (self.by_side.get(0, none), self.by_side.get(1, none))
        return between_shares(*sides) if asked.is_divided else None

    def chart(self, asked: Asked, name: str) -> Chart:
        return _chart(
            asked, name, Unit.PERCENT, {step: percent(one.hits, one.of) for step, one in self.by_step.items()}
        )

    def table(self, figure: str, name: str) -> Table:
        found = [(team, one.of, percent(one.hits, one.of) or 0) for team, one in self.by_team.items()]
        return _team_table(figure, found, name, Unit.PERCENT)


def _added(rows: Iterable[Mapping[str, Any]], by: str) -> dict[Any, Share]:
    found: dict[Any, Share] = {}
    for row in rows:
        one = found.get(row[by], Share(0, 0))
        found[row[by]] = Share(one.hits + row["hits"], one.of + row["of"])
    return found


def _again(user: User, asked: Asked, now: datetime) -> Figure:
    """Escalations for each customer who has had one; a customer is of one tier."""
    facts = _RAISED.facts(user, asked, now).annotate(tier=F("organisation__tier")).order_by()
    counted = facts.values_list("tier").annotate(customers=Count("organisation", distinct=True), of=Count("pk"))
    found = {tier: (customers, of) for tier, customers, of in counted}
    customers, of = (sum(row[place] for row in found.values()) for place in (0, 1))
    columns = (
        Column("name", _("Tier"), Unit.TEXT),
        Column("customers", _("Customers with escalations")),
        Column("of", _("Escalations")),
        Column("each", _("A customer"), Unit.RATE),
    )
    rows = [
        Row((str(tier.label), *found[tier], _each(*found[tier])), {"of": Pick("again", cell(tier=tier.value))})
        for tier in reversed(Tier)
        if tier in found
    ]
    return Figure(
        key="again",
        title=_("Escalations a customer"),
        headline=Measure(_each(customers, of), Unit.RATE, _pick("again", of)),
        note=_("Of the customers who had any in this time; 1 means that none came back."),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


def _each(customers: int, of: int) -> float | None:
    return round(of / customers, 2) if customers else None


def _load(user: User, asked: Asked) -> Figure:
    """Open tickets for each who owned any, over all hours; of a team where one is asked for."""
    hours = seen_load(user).filter(hour__gte=asked.span.since, hour__lt=asked.span.until)
    if asked.of.get("team"):
        hours = hours.filter(of_team(asked.of["team"]))
    each = Cast(Sum("open"), FloatField()) / Sum("people")
    some = hours.filter(people__gt=0)
    whole = some.aggregate(value=each)["value"]
    stepped = some.annotate(**{STEP: StepOf(F("hour"), starts(asked.span))}).order_by()
    steps = dict(stepped.values(STEP).annotate(value=each).values_list(STEP, "value"))
    labels = asked.span.steps()
    return Figure(
        key="load",
        title=_("Load"),
        headline=Measure(_rounded(whole), Unit.RATE),
        note=_("Open tickets for each person who owned any, over all hours."),
        better=Better.LOWER,
        chart=Chart(Kind.LINES, Unit.RATE, labels, (line("load", _("Load"), len(labels), steps),), plan=asked.plan),
    )


def _pick(figure: str, of: int) -> Pick | None:
    return Pick(figure) if of else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _chart(asked: Asked, name: str, unit: Unit, steps: Mapping[int, float | None]) -> Chart:
    labels = asked.span.steps()
    return Chart(Kind.LINES, unit, labels, (line("now", name, len(labels), steps),), plan=asked.plan)


def _team_table(figure: str, found: list[tuple[int | None, int, float]], name: str, unit: Unit) -> Table:
    names = names_of(Team, [row[0] for row in found], _("No team"))
    found.sort(key=lambda row: (-row[1], names[row[0]]))
    columns = (Column("name", _("Team"), Unit.TEXT), Column("of", _("Tickets")), Column("value", name, unit))
    rows = [Row((names[team], of, worth), {"of": Pick(figure, cell(team=team))}) for team, of, worth in found]
    return Table(columns, tuple(rows))


SOURCE = Source(
    key=KEY,
    title=lambda: _("Experience"),
    build=with_room(build),
    cases=partial(cases_of, GROUNDS),
    filters=("team", "tier", "service"),
)
