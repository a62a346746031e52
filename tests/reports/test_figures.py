"""Every figure equals what anybody counts from the rows, one by one, on any history, in any zone."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from statistics import mean, median
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation.models import Acknowledgement, Deadline, Escalation, HandOff, Review, StepSpell
from reports.asked import Asked, Span, step_of
from reports.figures import share
from reports.models import FactTail
from reports.pauses import words_of
from reports.register import REPORTS
from reports.shape import Figure
from sla.enums import Metric
from sla.explain import lines_of
from sla.honest import judge
from sla.models import Clock
from tests.reports.histories import START, Desk, histories
from tickets.models import Event, OwnerSpell, Rating, Ticket

EXAMPLES = 8 if connection.vendor == "sqlite" else 3
ZONES = ["Europe/Berlin", "America/Sao_Paulo", "Asia/Kolkata", "Pacific/Apia"]
MONTH = timedelta(days=30)


class Recount:
    """The same questions, put to the rows in Python."""

    def __init__(self, desk: Desk, span: Span, plan: date) -> None:
        self.desk, self.span, self.plan, self.now = desk, span, plan, desk.now
        self.tickets = list(Ticket.objects.filter(trashed_at=None))
        self.own = [ticket for ticket in self.tickets if ticket.merged_into_id is None]
        self.raised = list(Escalation.objects.filter(ticket__trashed_at=None).order_by("opened_at"))
        self.opened = [one for one in self.raised if self.inside(one.opened_at)]

    def inside(self, at: datetime | None) -> bool:
        return at is not None and self.span.first <= at.astimezone(self.span.zone).date() <= self.span.last

    def step(self, at: datetime) -> date:
        return step_of(at.astimezone(self.span.zone).date(), self.span.step)

    def is_later(self, at: datetime) -> bool:
        return at.astimezone(self.span.zone).date() >= self.plan

    def promises(self) -> list[tuple[Clock, datetime, bool]]:
        rows = Clock.objects.filter(ticket__in=self.tickets).exclude(state="cancelled")
        ended = [(row, row.breached_at or row.met_at, row.breached_at is None) for row in rows]
        return [(row, at, is_kept) for row, at, is_kept in ended if at and self.inside(at)]

    def first_replies(self) -> list[int]:
        found = []
        for ticket in self.own:
            said = (
                Event.objects.filter(ticket=ticket, kind="ticket.replied").order_by("at").values_list("at", flat=True)
            )
            if said and self.inside(min(said)):
                found.append(int((min(said) - ticket.created_at).total_seconds()))
        return found

    def solved(self) -> list[Ticket]:
        return [one for one in self.own if one.is_done and self.inside(one.solved_at)]

    def unowned(self) -> list[int]:
        found = []
        for ticket in self.own:
            if self.inside(ticket.created_at):
                spells = OwnerSpell.objects.filter(ticket=ticket, owner=None)
                ends = [(spell.started_at, spell.ended_at or self.now) for spell in spells]
                found.append(sum(int((ended - begun).total_seconds()) for begun, ended in ends))
        return found


def percent(hits: int, of: int) -> float | None:
    return hits * 1000 // of / 10 if of else None


def half(values: Iterable[float]) -> float | None:
    values = list(values)
    return median(values) if values else None


def table(figure: Figure) -> dict[object, tuple[object, ...]]:
    return {row.cells[0]: row.cells[1:] for row in figure.table.rows} if figure.table else {}


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(45), zone=st.sampled_from(ZONES), since=st.integers(0, 6), days=st.integers(0, 40))
def test_every_figure_is_what_anybody_counts_from_the_rows(history, zone, since, days):
    undo = transaction.atomic()
    with undo:
        desk = Desk()
        desk.live(history)
        desk.keep()
        first = date(2026, 10, 22) + timedelta(days=since)
        span = Span(first, first + timedelta(days=days), ZoneInfo(zone))
        recount = Recount(desk, span, span.first + timedelta(days=days // 2))
        asked = Asked(span, plan=span.first + timedelta(days=days // 2))
        found = {
            key: {figure.key: figure for figure in source.build(desk.mona, asked, now=desk.now).figures}
            for key, source in REPORTS.items()
        }

        for check in CHECKS:
            check(found, recount)
        transaction.set_rollback(True)


_Found = dict[str, dict[str, Figure]]


def _kept(found: _Found, recount: Recount) -> None:
    promises, kept = recount.promises(), found["sla"]["kept"]
    assert kept.headline.value == percent(sum(is_kept for *_, is_kept in promises), len(promises))
    by_metric = Counter(str(Metric(row.metric).label) for row, *_ in promises)
    missed = Counter(str(Metric(row.metric).label) for row, _at, is_kept in promises if not is_kept)
    assert {name: (cells[2], cells[3]) for name, cells in table(kept).items()} == {
        name: (of, missed[name]) for name, of in by_metric.items()
    }
    steps: defaultdict[tuple[str, date], list[bool]] = defaultdict(list)
    for row, at, is_kept in promises:
        steps[row.metric, recount.step(at)].append(is_kept)
    for series in kept.chart.series:
        assert list(series.values) == [
            percent(sum(steps[series.key, day]), len(steps[series.key, day])) for day in kept.chart.labels
        ]


def _backlog(found: _Found, recount: Recount) -> None:
    """By the calendar on the wall: whoever came before a day and was not solved before it stood open when it began."""
    figure, zone = found["overview"]["backlog"], recount.span.zone
    days = figure.chart.labels
    ends = [*days[1:], recount.span.last + timedelta(days=1)]
    today = recount.now.astimezone(zone).date()

    def still_open(end: date) -> list[Ticket]:
        came = [one for one in recount.own if one.created_at.astimezone(zone).date() < end]
        return [one for one in came if not one.is_done or one.solved_at.astimezone(zone).date() >= end]

    counted = [len(still_open(end)) if day <= today else None for day, end in zip(days, ends, strict=True)]
    assert list(figure.chart.series[0].values) == counted
    left = still_open(ends[-1])
    assert figure.headline.value == len(left)
    assert {name: cells[0] for name, cells in table(figure).items()} == Counter(one.team.name for one in left)


def _honest(found: _Found, recount: Recount) -> None:
    kept = [row for row, _at, is_kept in recount.promises() if is_kept]
    words = words_of({row.ticket_id for row in kept})
    turned = sum(judge(lines_of(row), words[row.ticket_id], until=recount.now).turns for row in kept)
    assert found["sla"]["honest"].headline.value == turned


def _kept_by(found: _Found, recount: Recount) -> None:
    teams: Counter[str] = Counter()
    agents: Counter[str] = Counter()
    for row, at, _is_kept in recount.promises():
        teams[row.responsible_team.name if row.responsible_team else "No team"] += 1
        spells = OwnerSpell.objects.filter(ticket=row.ticket_id, started_at__lte=at).order_by("started_at", "pk")
        there = [spell for spell in spells if spell.ended_at is None or spell.ended_at >= at]
        agents[there[-1].owner.name if there and there[-1].owner else "Nobody"] += 1
    assert {name: cells[2] for name, cells in table(found["sla"]["kept_by_team"]).items()} == teams
    assert {name: cells[2] for name, cells in table(found["sla"]["kept_by_agent"]).items()} == agents


def _pain(found: _Found, recount: Recount) -> None:
    pain, solved = found["pain"], recount.solved()
    assert pain["first_reply"].headline.value == half(recount.first_replies())
    assert pain["parties"].headline.value == half(_lasted(solved))
    assert pain["ownership"].headline.value == pytest.approx(half(recount.unowned()), abs=1)
    handed = [one for one in recount.opened if one.kind == "functional"]
    new = [one for one in handed if one.from_assignee or one.requester]
    # All of them began with the test.
    assert pain["experience"].headline.value == percent(len(new), len(handed))


def _lasted(tickets: Iterable[Ticket]) -> list[int]:
    return [int((one.solved_at - one.created_at).total_seconds()) for one in tickets if one.solved_at]


def _medians_of_parts(found: _Found, recount: Recount) -> None:
    """By step, by team and by band, with nothing of the others among them."""
    solved, chart = recount.solved(), found["pain"]["parties"].chart
    steps: defaultdict[date, list[Ticket]] = defaultdict(list)
    teams: defaultdict[str, list[Ticket]] = defaultdict(list)
    for one in solved:
        steps[recount.step(one.solved_at)].append(one)
        teams[one.team.name if one.team else "No team"].append(one)
    assert list(chart.series[0].values) == [half(_lasted(steps[day])) for day in chart.labels]
    assert table(found["experience"]["solve_time"]) == {
        name: (len(those), half(_lasted(those))) for name, those in teams.items()
    }
    bands = table(found["pain"]["parties"])
    assert sum(of for of, _median in bands.values()) == len(solved)
    numbers: defaultdict[int, list[Ticket]] = defaultdict(list)
    for one in solved:
        numbers[one.fact.parties].append(one)
    assert {name: bands[name] for name in bands if name.isdigit()} == {
        str(parties): (len(those), half(_lasted(those))) for parties, those in numbers.items() if parties in {2, 3, 4}
    }


def _opened(found: _Found, recount: Recount) -> None:
    opened = found["escalations"]["opened"]
    assert opened.headline.value == len(recount.opened)
    steps = Counter((one.kind, recount.step(one.opened_at)) for one in recount.opened)
    for series in opened.chart.series:
        assert list(series.values) == [steps[series.key, day] for day in opened.chart.labels]
    ended = found["escalations"]["ended"]
    ends = Counter((one.state, recount.step(one.closed_at)) for one in recount.raised if recount.inside(one.closed_at))
    assert ended.headline.value == sum(ends.values())
    for series in ended.chart.series:
        assert list(series.values) == [ends[series.key, day] for day in ended.chart.labels]
    standing, states = found["escalations"]["standing"], Counter(one.get_state_display() for one in recount.opened)
    assert {name: cells[0] for name, cells in table(standing).items()} == states
    assert standing.headline.value == sum(one.closed_at is None for one in recount.opened)
    causes = Counter(one.get_cause_display() or "Not chosen yet" for one in recount.opened)
    assert {name: cells[0] for name, cells in table(found["causes"]["causes"]).items()} == causes
    procedures = Counter(one.procedure.name for one in recount.opened)
    assert {name: cells[0] for name, cells in table(found["procedures"]["procedures"]).items()} == procedures
    _looked_back_on(found["procedures"]["reviews"], recount)


def _looked_back_on(figure: Figure, recount: Recount) -> None:
    """By severity; what is done and overdue of them: tests/reports/test_reviews.py, for histories review nothing."""
    called = Review.objects.filter(escalation__in=recount.opened).select_related("escalation")
    severities = Counter(f"S{one.escalation.severity}" for one in called)
    assert {name: cells[0] for name, cells in table(figure).items()} == severities


def _course_of_escalations(found: _Found, recount: Recount) -> None:
    figures, opened = found["escalations"], recount.opened
    told, kept, broken = [], 0, 0
    for one in opened:
        hours, updates = (list(Deadline.objects.filter(escalation=one, kind=kind)) for kind in ("first_hour", "update"))
        if any(_is_late(due) for due in hours):
            told.append(False)
        elif (open_ := [due for due in hours if due.cancelled_at is None]) and all(due.met_at for due in open_):
            told.append(True)
        kept += sum(due.met_at is not None and not _is_late(due) for due in updates)
        broken += sum(_is_late(due) for due in updates)
    assert figures["told"].headline.value == percent(sum(told), len(told))
    assert figures["promises"].headline.value == percent(kept, kept + broken)
    handed = list(HandOff.objects.filter(escalation__in=opened))
    returned = sum(one.returned_at is not None for one in handed)
    assert figures["bounced"].headline.value == percent(returned, len(handed))
    taken = [Acknowledgement.objects.filter(escalation=one).order_by("at").first() for one in opened]
    waits = [
        int((first.at - (one.initiated_at or one.opened_at)).total_seconds())
        for one, first in zip(opened, taken, strict=True)
        if first
    ]
    assert figures["acknowledged"].headline.value == half(max(0, wait) for wait in waits)
    left = Counter(StepSpell.objects.filter(escalation__in=opened).values_list("state", "escalation").distinct())
    states = Counter(state for state, _number in left)
    assert sum(cells[0] for cells in table(figures["steps"]).values()) == sum(states.values())


def _is_late(due: Deadline) -> bool:
    return bool(due.missed_at or (due.met_at and due.met_at > due.due_at))


def _spared(found: _Found, recount: Recount) -> None:
    opened = recount.opened
    bounced = set(HandOff.objects.exclude(returned_at=None).values_list("escalation", flat=True))
    spared = [
        one
        for one in opened
        if one.cause in {"experience", "ownership", "authority"} or one.number in bounced or one.state == "declined"
    ]
    assert found["escalations"]["avoidable"].headline.value == percent(len(spared), len(opened))
    again = [
        one
        for one in opened
        if any(
            other.ticket.organisation_id == one.ticket.organisation_id
            and one.opened_at - MONTH <= other.opened_at < one.opened_at
            for other in recount.raised
        )
    ]
    assert found["escalations"]["repeated"].headline.value == percent(len(again), len(opened))
    unclosed = [one for one in recount.raised if one.state == "resolved"]
    assert found["escalations"]["unclosed"].headline.value == len(unclosed)


def _experience(found: _Found, recount: Recount) -> None:
    figures, solved = found["experience"], recount.solved()
    assert figures["solve_time"].headline.value == half(_lasted(solved))
    scores = [one.score for one in Rating.objects.filter(ticket__in=recount.own) if recount.inside(one.changed_at)]
    assert figures["satisfaction"].headline.value == (round(mean(scores), 2) if scores else None)
    at_once = [
        one
        for one in solved
        if Event.objects.filter(ticket=one, kind="ticket.replied").count() <= 1 and not _was_reopened(one)
    ]
    assert figures["first_contact"].headline.value == percent(len(at_once), len(solved))
    fresh = [one for one in recount.own if recount.inside(one.created_at)]
    escalated = {one.ticket_id for one in recount.raised}
    hits = sum(one.number in escalated for one in fresh)
    assert figures["escalated"].headline.value == percent(hits, len(fresh))


def _was_reopened(ticket: Ticket) -> bool:
    """By the timeline: it was done and is not, for as long as that lasted."""
    done = {"solved", "closed"}
    changes = Event.objects.filter(ticket=ticket, kind="ticket.status").order_by("pk")
    return any(one.data["before"] in done and one.data["after"] not in done for one in changes)


def _changes(found: _Found, recount: Recount) -> None:
    """Before and after the plan (R83)."""
    changes = found["sla"]["kept"].change, found["pain"]["parties"].change, found["escalations"]["opened"].change
    if recount.plan == recount.span.first:
        assert changes == (None, None, None)
        return
    kept, parties, opened = changes
    sides: list[list[bool]] = [[], []]
    for _row, at, is_kept in recount.promises():
        sides[recount.is_later(at)].append(is_kept)
    assert [kept.before, kept.after] == [percent(sum(side), len(side)) for side in sides]
    assert [kept.before_cases, kept.after_cases] == [len(side) for side in sides]
    solved = [[one for one in recount.solved() if recount.is_later(one.solved_at) == side] for side in (False, True)]
    assert [parties.before, parties.after] == [half(_lasted(side)) for side in solved]
    raised = [sum(recount.is_later(one.opened_at) == side for one in recount.opened) for side in (False, True)]
    assert [opened.before_cases, opened.after_cases] == raised


def _load(found: _Found, recount: Recount) -> None:
    """Hour by hour: who had how many in hand when it began."""
    spells = list(OwnerSpell.objects.all())
    open_ = people = 0
    hour, until = START.replace(minute=0), FactTail.objects.get().load_from
    while hour < until:
        teams = {one.team_id for one in spells}
        for team in teams if recount.inside(hour) else ():
            held = [one for one in spells if one.team_id == team and one.started_at <= hour]
            held = [one for one in held if one.ended_at is None or one.ended_at > hour]
            owners = {one.owner_id for one in held} - {None}
            open_, people = open_ + (len(held) if owners else 0), people + len(owners)
        hour += timedelta(hours=1)
    assert found["experience"]["load"].headline.value == (round(open_ / people, 2) if people else None)


CHECKS: tuple[Callable[[_Found, Recount], None], ...] = (
    *(_kept, _honest, _kept_by, _pain, _medians_of_parts, _opened, _course_of_escalations, _spared, _experience),
    *(_changes, _load, _backlog),
)


@pytest.mark.parametrize(
    ("part", "of", "said"), [(2, 3, 66.7), (1, 3, 33.3), (1999, 2000, 99.9), (7, 7, 100.0), (0, 7, 0.0), (0, 0, None)]
)
def test_a_share_is_rounded_and_a_hundred_means_all(part, of, said):
    assert share(part, of) == said
