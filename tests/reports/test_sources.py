"""What holds for every report: its numbers lead to as many cases, follow their reader's sight, and cost the same."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common.errors import NotFound
from escalation.models import Recommendation
from people.models import User
from reports import effects
from reports.asked import Asked, Span
from reports.models import Aim, Effect, EscalationFact, PromiseFact, TicketFact
from reports.movable import MOVABLE
from reports.register import REPORTS, SOURCES
from reports.shape import Pick, Report, Unit
from reports.sight import seen
from tests.factories.people import make_user
from tests.reports.histories import DEEDS, START, Desk
from tests.worlds import lasting
from tickets import services as tickets
from tickets.models import Service, Ticket, TicketService

BERLIN, SAO_PAULO, KATHMANDU = (ZoneInfo(name) for name in ("Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"))
WEEKS = Span(date(2026, 10, 20), date(2026, 12, 20), BERLIN)
KEYS = [source.key for source in SOURCES]


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker) -> Iterator[Desk]:
    """Some weeks in which anything has happened, lived once for all tests of this file, which only count."""
    chance = random.Random(20261123)
    with lasting(django_db_blocker, START), pytest.MonkeyPatch.context() as patch:
        patch.setattr("common.tailing.is_over", lambda _those: True)
        desk = Desk()
        for _ in range(12):
            desk.open()
        desk.live([(chance.randrange(1, 240), chance.choice(DEEDS), chance.randrange(40)) for _ in range(420)])
        for number in Ticket.objects.values_list("number", flat=True):
            service, _made = Service.objects.get_or_create(name=f"Card {number % 3}", slug=f"card-{number % 3}")
            TicketService.objects.create(ticket_id=number, service=service)
        desk.keep()
        yield desk


@pytest.fixture
def now(desk: Desk, db: None) -> datetime:
    return desk.now


def built(key: str, user: User, now: datetime, asked: Asked | None = None) -> Report:
    return REPORTS[key].build(user, asked or Asked(WEEKS, plan=date(2026, 11, 2)), now=now)


def numbers(report: Report) -> Iterator[tuple[float | int | None, Pick]]:
    """Each number that leads somewhere; None where it is no count, and may lead to any."""
    for figure in report.figures:
        head = figure.headline
        if head.pick is not None:
            yield head.value if head.unit is Unit.COUNT else None, head.pick
        for row in figure.table.rows if figure.table else ():
            for column, value in zip(figure.table.columns, row.cells, strict=True):
                if column.key in row.picks:
                    assert column.unit is Unit.COUNT
                    yield value, row.picks[column.key]


def cases(key: str, user: User, pick: Pick, now: datetime, asked: Asked | None = None) -> int:
    found = REPORTS[key].cases(user, asked or Asked(WEEKS, plan=date(2026, 11, 2)), pick, now=now)
    seen = set(Ticket.objects.visible_to(user).values_list("number", flat=True))
    assert {ticket.number for ticket in found} <= seen
    return found.count()


def test_the_weeks_hold_something_of_everything(desk, now):
    assert TicketFact.objects.count() > 12
    assert PromiseFact.objects.filter(is_kept=False).count() > 3
    assert set(EscalationFact.objects.values_list("kind", flat=True)) == {"automatic", "functional", "hierarchical"}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("who", ["mona", "anna", "rosa"])
def test_every_number_leads_to_as_many_cases_as_it_says(desk, now, key, who):
    reader = getattr(desk, who)

    found = list(numbers(built(key, reader, now)))

    assert found
    for value, pick in found:
        count = cases(key, reader, pick, now)
        assert count > 0 if value is None else count == value, pick


@pytest.mark.parametrize("key", KEYS)
def test_each_line_of_a_table_has_a_name_before_its_numbers(desk, now, key):
    """On a phone a line is a card of its own, with that name on top."""
    tables = [figure.table for figure in built(key, desk.mona, now).figures if figure.table]

    assert tables
    for table in tables:
        assert table.columns[0].unit is Unit.TEXT
        assert all(column.name for column in table.columns)
        assert all(row.cells[0] for row in table.rows)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "of", [{"team": "risk"}, {"tier": "enterprise"}, {"service": "card-1"}, {"team": "gone"}, {"tier": "standard"}]
)
def test_narrowed_as_well(desk, now, key, of):
    asked = Asked(WEEKS, of=of)

    for value, pick in numbers(built(key, desk.mona, now, asked)):
        count = cases(key, desk.mona, pick, now, asked)
        assert count > 0 if value is None else count == value, pick


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("zone", [BERLIN, SAO_PAULO, KATHMANDU])
def test_the_days_of_a_time_add_up_to_it_wherever_they_begin(desk, now, key, zone):
    """With the day of 25 hours among them."""
    whole = dict(_headlines(key, desk.mona, now, Span(date(2026, 10, 23), date(2026, 10, 28), zone)))
    days = [
        dict(_headlines(key, desk.mona, now, Span(date(2026, 10, day), date(2026, 10, day), zone)))
        for day in range(23, 29)
    ]

    for figure, of in whole.items():
        assert of == sum(day.get(figure, 0) for day in days), figure


def _headlines(key: str, user: User, now: datetime, span: Span) -> Iterator[tuple[str, int]]:
    asked = Asked(span)
    for figure in built(key, user, now, asked).figures:
        # What stands open at a moment is no matter of days.
        if figure.headline.pick is not None and figure.key not in {"unclosed", "backlog"}:
            yield figure.key, cases(key, user, figure.headline.pick, now, asked)


@pytest.mark.parametrize("key", KEYS)
def test_an_agent_counts_nothing_of_a_team_that_is_closed_to_him(desk, now, key):
    mine = {pick.figure: cases(key, desk.anna, pick, now) for _value, pick in numbers(built(key, desk.anna, now))}

    everything = {pick.figure: cases(key, desk.mona, pick, now) for _value, pick in numbers(built(key, desk.mona, now))}

    assert set(mine) <= set(everything)
    hidden = Ticket.objects.filter(team=desk.risk, trashed_at=None).exclude(assignee=desk.anna)
    assert hidden.exists()
    assert not hidden.filter(number__in=Ticket.objects.visible_to(desk.anna).values("number")).exists()


def test_that_a_customer_came_again_is_no_news_of_a_team_that_is_closed(desk, now):
    fact = seen(EscalationFact.objects.all(), desk.anna).filter(home=desk.payments).first()
    other = EscalationFact.objects.exclude(ticket=fact.ticket).first()
    EscalationFact.objects.exclude(pk__in=[fact.pk, other.pk]).delete()
    alike = {"organisation": None, "customer": fact.customer}
    EscalationFact.objects.filter(pk=fact.pk).update(**alike, opened_at=now - timedelta(days=1))
    EscalationFact.objects.filter(pk=other.pk).update(
        **alike, opened_at=now - timedelta(days=2), home=desk.risk, owner=None
    )
    asked = Asked(Span(now.date() - timedelta(days=9), now.date(), BERLIN))

    told = [cases("escalations", reader, Pick("repeated"), now, asked) for reader in (desk.anna, desk.mona)]

    assert told == [0, 1]


@pytest.mark.parametrize("key", KEYS)
def test_customers_count_nothing(desk, now, key):
    report = built(key, desk.cora, now)

    assert list(numbers(report)) == []


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "span", [Span(date(2020, 1, 1), date(2020, 3, 1), BERLIN), Span(START.date(), START.date(), BERLIN)]
)
def test_days_without_anything_and_a_single_day_have_their_report(desk, now, key, span):
    report = built(key, desk.mona, now, Asked(span, plan=span.first))

    for figure in report.figures:
        chart = figure.chart
        assert figure.title
        assert chart is None or all(len(one.values) == len(chart.labels) for one in chart.series)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "pick", [Pick("nothing"), Pick("kept", "team=x"), Pick("opened", "what=1"), Pick("first_reply", "load=x:")]
)
def test_a_number_that_no_report_wrote_is_nowhere(desk, now, key, pick):
    with pytest.raises(NotFound):
        cases(key, desk.mona, pick, now)


@pytest.mark.parametrize(
    ("figure", "cell"),
    [
        ("kept", "severity=1"),
        ("kept", "metric=first_reply&metric=first_reply"),
        ("kept", "metric=%00"),
        ("unclosed", "age=1:inf"),
        ("unclosed", "age=nan:"),
        ("unclosed", "step=0"),
    ],
)
def test_what_its_facts_cannot_be_told_apart_by_is_nowhere(desk, now, figure, cell):
    with pytest.raises(NotFound):
        cases("overview", desk.mona, Pick(figure, cell), now)


@pytest.mark.parametrize("key", KEYS)
def test_a_report_asks_as_often_for_many_tickets_as_for_few(desk, now, key):
    asked = [Asked(Span(START.date() + timedelta(days=1), date(2026, 12, day), BERLIN)) for day in (1, 20)]
    counts = []
    for one in asked:
        with CaptureQueriesContext(connection) as questions:
            built(key, desk.mona, now, one)
        counts.append(len(questions))

    assert counts[0] == counts[1]


def test_a_stranger_of_no_team_sees_what_everybody_sees(desk, now):
    ilya = make_user("Ilya Voronin")

    assert cases("sla", ilya, Pick("kept"), now) == cases("sla", desk.anna, Pick("kept"), now)


@pytest.mark.parametrize("key", ["sla", "overview"])
def test_what_has_just_gone_out_of_sight_is_counted_no_more_before_the_facts_know_it(desk, now, key):
    fact = PromiseFact.objects.filter(home=desk.payments).exclude(owner=desk.anna).first()
    before = cases(key, desk.anna, Pick("kept"), now)
    tickets.assign(user=desk.mona, number=fact.ticket_id, now=now, team_slug="risk", assignee_email=desk.rosa.email)

    after = list(numbers(built(key, desk.anna, now)))

    assert cases(key, desk.anna, Pick("kept"), now) < before
    for value, pick in after:
        count = cases(key, desk.anna, pick, now)
        assert count > 0 if value is None else count == value, pick


@pytest.mark.parametrize("movable", MOVABLE.values(), ids=lambda one: one.key)
def test_r85_what_a_recommendation_may_move_is_kept_as_its_report_says_it(desk, now, movable):
    done_at = datetime(2026, 10, 27, 23, 30, tzinfo=UTC)
    common = {"title": "Do it otherwise", "about": "process", "made_at": done_at}
    row = Recommendation.objects.create(state="done", settled_at=done_at, settled_by=desk.mona, **common)
    row.owner = desk.mona
    row.save()
    Aim.objects.create(recommendation=row, figure=movable.key, wished=movable.better)

    effects.again(user=desk.mona, pk=row.pk, now=now)

    span = Span(date(2026, 9, 27), date(2026, 11, 25), ZoneInfo("UTC"))
    said = built(movable.report, desk.mona, now, Asked(span, plan=date(2026, 10, 27)))
    figure = next(one for one in said.figures if one.key == movable.figure)
    assert figure.better.value == movable.better
    assert Effect.objects.get().change == figure.change
    assert figure.change is not None and figure.change.after_cases
