"""The live board: where it presses now, and what is unusual."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from escalation.models import Deadline
from people.enums import Role
from people.models import User
from reports import keeping, live
from reports.models import LoadHour
from tests.desk.helpers import get, queries, signed_in, words
from tests.factories.people import make_team, make_user
from tests.factories.sla import make_policy
from tickets import actions as tickets
from tickets import search

pytestmark = pytest.mark.each

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)


@pytest.fixture
def pressed(payments, anna, open_ticket, at, time):
    """Three tickets: one past due, one due within the hour and anna's, one in five hours and of another team."""
    make_policy(at, first_response=2 * 3600, resolution=48 * 3600)
    for hours, fields in ((0, {}), (1.5, {}), (6, {"team": make_team("Cards")})):
        time.move_to(at + hours * HOUR)
        ticket = open_ticket(now=time.now, **fields)
        if hours == 1.5:
            tickets.assign(ticket=ticket, assignee=anna, by=anna, now=time.now)
    time.move_to(at + 3 * HOUR)
    keeping.run()
    return at + 3 * HOUR


def test_each_hand_is_counted_by_what_presses(payments, anna, open_ticket, mona, at, time):
    make_policy(at, first_response=2 * 3600, resolution=48 * 3600)
    late = open_ticket()
    time.move_to(at + 1.5 * HOUR)
    soon = open_ticket(now=time.now)
    tickets.assign(ticket=soon, assignee=anna, by=anna, now=time.now)

    found = live.board(mona, now=at + 2.75 * HOUR)

    assert found.load == live.Load(open=2, unowned=1, past=1, hour=2, four_hours=2, day=2)
    assert [(one.team, one.load.open, one.arrived) for one in found.teams] == [(payments, 2, 0)]
    assert [(one.person, one.load) for one in found.people] == [(anna, live.Load(1, 0, 0, 1, 1, 1))]
    assert late.number != soon.number


def test_every_number_leads_to_as_many_tickets(pressed, mona):
    page = get(mona, "desk:live_board").content.decode()

    links = re.findall(r'<a href="([^"]*inbox/\?q=[^"]*)"[^>]*>(?:<small>.*?</small><b[^>]*>)?(\d+)<', page)
    asked = {(unescape(url).partition("q=")[2], int(count)) for url, count in links}
    assert len(asked) > 6
    for query, count in asked:
        assert (
            search.find(
                mona, query.replace("+", " ").replace("%3A", ":").replace("%3C", "<").replace("%40", "@")
            ).count()
            == count
        )


def test_a_team_with_far_more_than_usual_is_marked(payments, open_ticket, mona, at):
    for back in range(1, 6):
        LoadHour.objects.create(hour=at - back * WEEK, team=payments, open=1, people=1)
    for _ in range(6):
        open_ticket()

    said = words(get(mona, "desk:live_board"))

    assert "More open than the usual 1 of this hour." in said


def test_a_young_desk_calls_nothing_unusual(payments, open_ticket, mona, at):
    for _ in range(6):
        open_ticket()
    keeping.run()

    assert "than the usual" not in words(get(mona, "desk:live_board"))


def test_what_escalations_owe_leads_to_as_many_of_them(escalate, open_ticket, mona, at, time):
    late, later = (escalate(open_ticket()) for _ in range(2))
    Deadline.objects.update(due_at=at + 5 * HOUR)
    Deadline.objects.filter(escalation=late).update(due_at=at + 0.5 * HOUR)

    board = words(get(mona, "desk:live_board"))
    found = words(get(mona, "desk:escalations", look="list", due="1"))

    assert re.search(r'href="/escalations/\?look=list&due=1"><small>Promises due</small><b[^>]*>1</b>', board)
    assert f"E-{late.number}" in found
    assert f"E-{later.number}" not in found


def test_a_quiet_desk_says_so(db, mona):
    assert "Nothing is open" in words(get(mona, "desk:live_board"))


def test_whoever_is_away_or_full_is_named_so(payments, anna, rosa, open_ticket, mona, at):
    for person in (anna, rosa):
        tickets.assign(ticket=open_ticket(), assignee=person, by=mona, now=at)
    rosa.absences.create(starts_at=at - HOUR, ends_at=at + HOUR)
    anna.capacity = 1
    anna.save()

    said = words(get(mona, "desk:live_board"))

    assert "away" in said
    assert "full" in said


def test_only_the_figures_are_asked_for_again(db, mona):
    again = signed_in(mona).get(reverse("desk:live_board"), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in again
    assert "Nothing is open" in again


@pytest.mark.parametrize("role", [Role.AGENT, Role.CUSTOMER])
def test_it_is_for_managers(role, db):
    assert get(make_user("Stan", role), "desk:live_board").status_code == 404


def test_it_costs_the_same_whatever_is_open(payments, open_ticket, mona, at):
    client, asked = signed_in(mona), []
    for more in (1, 2, 47):
        for _ in range(more):
            open_ticket()
        asked.append(queries(client, reverse("desk:live_board")))

    assert len(set(asked)) == 1


def test_it_is_not_called_by_the_word_for_a_forecast_that_is_in_force(db, mona):
    User.objects.filter(pk=mona.pk).update(language="ru")

    assert "<h1>Прямо сейчас</h1>" in words(get(User.objects.get(pk=mona.pk), "desk:live_board"))
