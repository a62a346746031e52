"""How many tickets stood open when each day, week or month of a time ended."""

from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from people.models import Team, User
from reports.asked import Asked, Span
from reports.figures import line, names_of
from reports.grounds import STEP, Ground, cell, starts
from reports.models import TicketFact
from reports.shape import Better, Chart, Column, Figure, Kind, Measure, Pick, Row, Table, Unit

KEY = "backlog"


def open_at(moment: datetime) -> Q:
    """Opened before, and not solved by then; what was taken up again was open until it was solved for good."""
    return Q(opened_at__lt=moment) & (Q(solved_at=None) | Q(solved_at__gte=moment))


class OpenAtTheEnd(Ground):
    """The tickets that stand open when the last day ends, or now where that is to come."""

    def facts(self, user: User, asked: Asked, now: datetime, span: Span | None = None) -> "QuerySet[Any]":
        found = super().facts(user, asked, now, span)
        return found.filter(open_at((span or asked.span).until))


_ENDED = OpenAtTheEnd(TicketFact)
_OPENED, _SOLVED = Ground(TicketFact, "opened_at"), Ground(TicketFact, "solved_at")
GROUNDS: Mapping[str, Ground] = {KEY: _ENDED}


def backlog(user: User, asked: Asked, now: datetime) -> Figure:
    """What stood open when it began, with what was opened and without what was solved in each step. Four queries."""
    teams = dict(_ENDED.facts(user, asked, now).order_by().values_list("team").annotate(of=Count("pk")))
    came, went = (_by_step(ground, user, asked, now) for ground in (_OPENED, _SOLVED))
    labels = asked.span.steps()
    moved = [came.get(step, 0) - went.get(step, 0) for step in range(len(labels))]
    # What stood open at the beginning is what does at the end, less what has come, and what has gone.
    ends = list(accumulate(moved, initial=sum(teams.values()) - sum(moved)))[1:]
    reached = {step: ends[step] for step, begins in enumerate(starts(asked.span)) if begins <= now}
    return Figure(
        key=KEY,
        title=_("Backlog"),
        headline=Measure(ends[-1], Unit.COUNT, Pick(KEY) if ends[-1] else None),
        note=_("Open tickets at the end of each day, week or month."),
        better=Better.LOWER,
        chart=Chart(
            Kind.LINES,
            Unit.COUNT,
            labels,
            (line("open", _("Open"), len(labels), reached),),
            plan=asked.plan,
        ),
        table=_table(teams),
    )


def _by_step(ground: Ground, user: User, asked: Asked, now: datetime) -> dict[int, int]:
    facts = ground.by_step(ground.facts(user, asked, now), asked.span)
    return dict(facts.order_by().values_list(STEP).annotate(of=Count("pk")))


def _table(teams: Mapping[int | None, int]) -> Table:
    names = names_of(Team, teams, _("No team"))
    ordered = sorted(teams, key=lambda team: (-teams[team], names[team]))
    columns = (Column("name", _("Team"), Unit.TEXT), Column("of", _("Open at the end")))
    rows = [Row((names[team], teams[team]), {"of": Pick(KEY, cell(team=team))}) for team in ordered]
    return Table(columns, tuple(rows))
