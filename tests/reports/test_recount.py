"""Every figure is counted again from the rows, one by one."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from common.errors import NotAllowedNow
from escalation import services as escalations
from escalation import sweep
from escalation.models import Escalation
from people.enums import Role
from people.models import User
from reports import compliance
from reports import escalations as escalation_reports
from sla.models import Clock
from tests.conftest import AT
from tests.factories.people import make_organisation, make_team, make_user
from tests.factories.sla import make_policy
from tests.worlds import lasting
from tickets import actions as tickets
from tickets.enums import Priority
from tickets.models import Ticket

HOUR = timedelta(hours=1)
CAUSES = ["load", "product", "experience"]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker) -> Iterator[dict[str, User]]:
    """One month for all tests of this file, which only count."""
    with lasting(django_db_blocker, AT):
        people = {name: make_user(name.title()) for name in ("anna", "rosa")}
        people["mona"] = make_user("Mona", Role.MANAGER)
        _live_through_a_month(AT, **people)
        yield people


@pytest.fixture
def mona(made, db) -> User:
    return made["mona"]


@pytest.fixture
def anna(made, db) -> User:
    return made["anna"]


@pytest.fixture
def month(made, db, at) -> datetime:
    return at + HOUR


def _live_through_a_month(at: datetime, anna: User, rosa: User, mona: User) -> None:
    """Three dozen tickets in forty days, some answered, some late, some never, some solved; made at random, seeded."""
    make_policy(at)
    cora = make_user("Cora", Role.CUSTOMER, organisation=make_organisation())
    payments = make_team("Payments", lead=rosa, managers=[mona], members=[anna, rosa], is_fallback=True)
    chance = random.Random(20261118)
    teams = [payments, make_team("Risk", lead=rosa, restricted=True), make_team("Cards")]
    moments = sorted(at - timedelta(hours=chance.randrange(40 * 24)) for _ in range(36))
    for moment in moments:
        clock.freeze(moment)
        ticket = tickets.open_ticket(
            subject="x",
            body="y",
            requester=cora,
            team=chance.choice(teams),
            priority=chance.choice(Priority.values),
            now=moment,
        )
        if chance.random() < 0.8:
            answered = moment + chance.random() * 12 * HOUR
            tickets.reply(ticket=ticket, author=anna, body="z", now=answered, then_wait=chance.random() < 0.3)
            if chance.random() < 0.5:
                tickets.change_status(ticket=ticket, verb="solve", by=anna, now=answered + chance.random() * 20 * HOUR)
    clock.freeze(at)
    sweep.run()
    for escalation in Escalation.objects.order_by("number"):
        if chance.random() < 0.4:
            escalations.choose_cause(user=mona, number=escalation.number, cause=chance.choice(CAUSES), now=at)
        if chance.random() < 0.4:
            escalations.acknowledge(user=mona, number=escalation.number, now=at)
            _try(lambda number=escalation.number: escalations.begin_communication(user=mona, number=number, now=at))


@pytest.fixture
def span(month: datetime) -> dict[str, datetime]:
    return {"since": month - compliance.PERIOD, "until": month}


def test_promises_by_team_and_metric(month, span, mona):
    lines = compliance.kept_promises(mona, **span)

    expected: dict[tuple[str, str], list[int]] = {}
    for row in Clock.objects.all():
        if not span["since"] <= row.started_at < span["until"] or row.state == "cancelled":
            continue
        counts = expected.setdefault((row.responsible_team.name, row.metric), [0, 0, 0])
        counts[1 if row.breached_at else 0 if row.met_at else 2] += 1
    assert {(line.team, line.metric): [line.met, line.breached, line.running] for line in lines} == expected
    assert len(expected) == 6
    assert compliance.total(lines).met == sum(counts[0] for counts in expected.values())


def test_the_median_first_reply(month, span, mona):
    found = compliance.first_reply(mona, **span)

    waits = [
        row.met_at - row.started_at
        for row in Clock.objects.filter(metric="first_response")
        if row.met_at and span["since"] <= row.met_at < span["until"]
    ]
    assert found.count == len(waits) > 10
    assert found.median == timedelta(seconds=median(wait.total_seconds() for wait in waits))


def test_misses_by_day(month, span, mona):
    days = compliance.missed_by_day(mona, **span)

    broken = [row.breached_at for row in Clock.objects.all() if row.breached_at]
    within = [moment for moment in broken if span["since"] <= moment < span["until"]]
    assert sum(day.count for day in days) == len(within) > 0
    for day in days:
        assert day.count == sum(moment.date() == day.date for moment in within)
    assert [day.date for day in days] == sorted({day.date for day in days})


def test_escalations_by_cause_and_step(month, span, mona):
    causes = escalation_reports.by_cause(mona, **span)
    states = escalation_reports.by_state(mona, **span)

    opened = [one for one in Escalation.objects.all() if span["since"] <= one.opened_at < span["until"]]
    assert {line.key: line.count for line in causes} == _tally(one.cause for one in opened)
    assert {line.key: line.count for line in states} == _tally(one.state for one in opened)
    assert len(states) > 1 and len(causes) > 1
    assert [line.count for line in causes] == sorted((line.count for line in causes), reverse=True)


def test_urgent_and_unowned(month, mona):
    found = list(compliance.urgent_unowned(mona))

    expected = [
        ticket
        for ticket in Ticket.objects.order_by("created_at", "number")
        if ticket.priority == "urgent" and ticket.assignee_id is None and not ticket.is_done
    ]
    assert found == expected
    assert found


def test_figures_follow_sight(month, span, mona, anna):
    everything = compliance.kept_promises(mona, **span)
    hers = compliance.kept_promises(anna, **span)

    assert {line.team for line in everything} == {"Payments", "Risk", "Cards"}
    assert "Risk" not in {line.team for line in hers if line.met == 0 and line.breached == 0}
    counted = sum(line.met + line.breached + line.running for line in hers)
    visible = Clock.objects.filter(
        ticket__in=Ticket.objects.visible_to(anna), started_at__gte=span["since"], started_at__lt=span["until"]
    )
    assert counted == visible.exclude(state="cancelled").count()


def test_each_figure_is_one_query_and_the_names_of_the_desks_own_causes_are_one(month, span, mona):
    questions = [
        (lambda: compliance.kept_promises(mona, **span), 1),
        (lambda: compliance.first_reply(mona, **span), 1),
        (lambda: compliance.missed_by_day(mona, **span), 1),
        (lambda: escalation_reports.by_cause(mona, **span), 2),
        (lambda: escalation_reports.by_state(mona, **span), 1),
    ]
    for question, queries in questions:
        with CaptureQueriesContext(connection) as asked:
            question()
        assert len(asked) == queries


def test_a_share_of_nothing_is_no_share():
    empty = compliance.total([])

    assert empty.percent is None
    assert compliance.Kept("x", "first_response", met=199, breached=1, running=0).percent == 99


def _tally(values) -> dict[str, int]:
    found: dict[str, int] = {}
    for value in values:
        found[value] = found.get(value, 0) + 1
    return found


def _try(step) -> None:
    try:
        step()
    except NotAllowedNow:
        return
