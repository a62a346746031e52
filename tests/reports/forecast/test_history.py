"""The past is read from the desk's rows, and a ticket's features are what one would count by hand."""

from datetime import datetime, timedelta
from math import isnan

import numpy as np
import pytest

from reports.forecast import history as histories
from reports.forecast.census import of_moment
from reports.forecast.features import Feature, matrix
from reports.forecast.history import load, second
from tests.factories.people import make_team
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets.models import Ticket

pytestmark = pytest.mark.each

HOUR = timedelta(hours=1)


def features_of(ticket: Ticket, now: datetime) -> dict[Feature, float]:
    history = load(Ticket.objects.all())
    census = of_moment(history, second(now))
    [row] = [at for at, place in enumerate(census.places.tolist()) if history.numbers[place] == ticket.number]
    return dict(zip(Feature, matrix(history, census)[row].tolist(), strict=True))


@pytest.fixture
def told(payments, anna, rosa, cora, open_ticket, at, time):
    """Opened, taken after two hours, answered after three, asked again after five, handed over after six."""
    make_policy(at, first_response=4 * 3600, resolution=24 * 3600)
    ticket = open_ticket(priority="normal")
    for hours, act in [
        (2, lambda now: tickets.assign(ticket=ticket, assignee=anna, by=anna, now=now)),
        (3, lambda now: tickets.reply(ticket=ticket, author=anna, body="We look into it.", now=now)),
        (5, lambda now: tickets.customer_wrote(ticket=ticket, author=cora, body="And?", now=now)),
        (6, lambda now: tickets.assign(ticket=ticket, assignee=rosa, by=anna, now=now)),
        (7, lambda now: tickets.set_priority(ticket=ticket, priority="high", by=anna, now=now)),
    ]:
        time.move_to(at + hours * HOUR)
        act(time.now)
    return Ticket.objects.get(pk=ticket.pk)


def test_features_are_what_one_would_count_by_hand(told, at):
    known = features_of(told, at + 8 * HOUR)

    expected = {
        Feature.AGE: 8,
        Feature.WAITS: 3,
        Feature.SILENCE: 5,
        Feature.WRITTEN: 1,
        Feature.UNANSWERED: 1,
        Feature.ANSWERS: 1,
        Feature.HAND_OVERS: 2,
        Feature.UNOWNED: 0,
        Feature.RAISED: 1,
        Feature.PRIORITY: 3,
        Feature.TIME_LEFT: 16,
        Feature.BROKEN: 0,
        Feature.CROWD: 1,
        Feature.PAUSED: 0,
    }
    assert {feature: known[feature] for feature in expected} == pytest.approx(expected)


def test_before_its_first_answer_the_silence_is_unknown_and_the_customer_waits(told, at):
    known = features_of(told, at + HOUR)

    assert isnan(known[Feature.SILENCE])
    assert known[Feature.WAITS] == pytest.approx(1)
    assert known[Feature.UNOWNED] == pytest.approx(1)
    assert known[Feature.PRIORITY] == 2
    assert known[Feature.TIME_LEFT] == pytest.approx(3)


def test_what_happens_later_changes_nothing_of_what_was_known(told, anna, at, time):
    moment = at + 8 * HOUR
    known = list(features_of(told, moment).values())

    for hours, verb in ((9, "wait"), (30, "resume"), (31, "solve")):
        time.move_to(at + hours * HOUR)
        tickets.change_status(ticket=told, verb=verb, by=anna, now=time.now)
    tickets.set_priority(ticket=told, priority="urgent", by=anna, now=time.now)

    assert np.array_equal(known, list(features_of(told, moment).values()), equal_nan=True)


def test_what_is_done_is_not_open(told, anna, at, time):
    time.move_to(at + 9 * HOUR)
    tickets.change_status(ticket=told, verb="solve", by=anna, now=time.now)

    history = load(Ticket.objects.all())

    assert len(of_moment(history, second(at + 10 * HOUR))) == 0
    assert len(of_moment(history, second(at + 8 * HOUR))) == 1


def test_a_ticket_is_crowded_by_those_of_its_own_team_alone(told, open_ticket, at, anna):
    elsewhere = make_team("Risk", lead=anna)
    for _ in range(2):
        tickets.assign(ticket=open_ticket(), team=elsewhere, by=anna, now=at + HOUR)
    open_ticket()

    assert features_of(told, at + 8 * HOUR)[Feature.CROWD] == 2


def test_a_ticket_that_comes_while_the_past_is_read_is_left_for_the_next_time(told, open_ticket, monkeypatch):
    read = histories._events

    def read_late(*asked):
        open_ticket()
        return read(*asked)

    monkeypatch.setattr(histories, "_events", read_late)

    assert load(Ticket.objects.all()).numbers.tolist() == [told.number]


@pytest.mark.parametrize("count", [1, 3])
def test_the_past_costs_the_same_whatever_there_is(count, payments, open_ticket, at, django_assert_num_queries):
    make_policy(at)
    for _ in range(count):
        open_ticket()

    with django_assert_num_queries(8):
        load(Ticket.objects.all())
