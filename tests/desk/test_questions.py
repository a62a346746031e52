"""Every question whose SQL is kept gives what its queryset would give, on each of these pages."""

import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from api.actions import create_token
from calendars.actions import create_calendar
from common.questions import Question, Statement
from escalation import services as escalations
from escalation import sweep
from escalation.models import AffectedService, Communication, Escalation
from tests.desk.helpers import get
from tests.factories.people import make_user
from tests.factories.sla import HOUR, make_policy
from tickets import actions as tickets
from tickets.models import CustomField, QuickReply, Rating, SavedView, Service, Tag

pytestmark = pytest.mark.each


WORKDAYS = [{"weekday": day, "start": "09:00", "end": "17:00"} for day in range(5)]


def plain(row, deep=2):
    """A record as its values, with the records that were read with it."""
    if not isinstance(row, Model):
        return row
    own = {name: value for name, value in vars(row).items() if not name.startswith("_")}
    near = {name: plain(other, deep - 1) for name, other in row._state.fields_cache.items()} if deep else {}
    return type(row), own, near


def in_any_order(rows):
    """For a question without an order: the kept plan may give its rows otherwise than the one made anew."""
    return sorted(rows, key=repr)


@pytest.fixture
def asked(monkeypatch):
    """What has been asked, each time in both ways."""
    found = set()
    rows, fetch = Question.rows, Statement.fetch

    def rows_both_ways(self, *values, **shape):
        answer, again = rows(self, *values, **shape), self.ask(*values, **shape)
        in_order = list if again.ordered else in_any_order
        assert in_order(map(plain, answer)) == in_order(map(plain, again))
        found.add(self.ask)
        return answer

    def fetch_both_ways(self, *values, **shape):
        answer = fetch(self, *values, **shape)
        with connection.cursor() as cursor:
            cursor.execute(*self.compose(*values, **shape))
            assert answer == cursor.fetchall()
        found.add(self.compose)
        return answer

    monkeypatch.setattr(Question, "rows", rows_both_ways)
    monkeypatch.setattr(Statement, "fetch", fetch_both_ways)
    return found


@pytest.fixture
def busy(policy, open_ticket, escalate, cora, anna, mona, time, at):
    """A ticket with something of everything, beside another of the same customer."""
    make_user("Carlos Prado", "customer", organisation=cora.organisation)
    CustomField.objects.create(key="till", label="Till", type="text")
    QuickReply.objects.create(title="Thanks", body="Thank you.")
    QuickReply.objects.create(title="Ours", body="We look.", team=open_ticket().team)
    ticket = open_ticket(subject="Till 4 is dark")
    tickets.note(ticket=ticket, author=anna, body="The fuse?", now=at + timedelta(minutes=1))
    ticket.tags.add(Tag.objects.create(name="tills"))
    _told_of_a_public_service(escalate(ticket), at)
    _rated_and_counted_in_office_hours(open_ticket, at)
    _wait_for_the_first_word_of_a_miss(open_ticket, mona, at)
    return ticket


def _told_of_a_public_service(escalation, at):
    pix = Service.objects.create(name="Pix payouts", slug="pix", is_public=True)
    AffectedService.objects.create(escalation=escalation, service=pix)
    Communication.objects.create(escalation=escalation, at=at, audience="customers", body="We know.", recipients=2)


def _rated_and_counted_in_office_hours(open_ticket, at):
    office = create_calendar(name="Office", time_zone="UTC", periods=WORKDAYS, holidays=[], now=at)
    make_policy(at, resolution=10 * HOUR, calendar=office, conditions={"priority": ["low"]}, name="Office", order=1)
    rated, _running = open_ticket(priority="low"), open_ticket(priority="low")
    type(rated).objects.filter(pk=rated.pk).update(status="solved", solved_at=at)
    given = {"ticket": rated, "by": rated.requester, "organisation": rated.organisation}
    Rating.objects.create(**given, score=4, given_at=at, changed_at=at)


def _wait_for_the_first_word_of_a_miss(open_ticket, mona, at):
    late = open_ticket(priority="urgent", now=at - timedelta(hours=6))
    sweep.run()
    number = Escalation.objects.get(ticket=late).number
    escalations.begin_communication(user=mona, number=number, now=at, override_reason="Everybody knows it: go on.")


def test_each_is_answered_as_its_queryset(busy, open_ticket, payments, anna, mona, cora, stan, at, asked):
    assert get(anna, "desk:inbox").status_code == 200
    with_tags = SavedView.objects.create(name="Tills", owner=anna, columns=["tags"], query="fuse")
    assert "tills<" in get(anna, "desk:inbox", saved=with_tags.pk).content.decode()
    lonely = open_ticket(requester=stan)
    type(lonely).objects.filter(pk=lonely.pk).update(team=None)
    for reader in (anna, mona):
        for ticket in (busy, lonely):
            assert get(reader, "desk:ticket", ticket.number).status_code == 200
    assert get(cora, "portal:request", busy.number).status_code == 200
    assert "You said" in get(cora, "portal:request", Rating.objects.get().ticket_id).content.decode()
    assert get(cora, "portal:requests").status_code == 200
    assert "We know." in get(cora, "portal:service", "pix").content.decode()
    assert get(cora, "portal:status").status_code == 200
    _token, secret = create_token(user=anna, name="Robot", now=at)
    opened = Client().post(
        "/api/v1/tickets/",
        {"subject": "By a robot", "body": "Beep.", "requester": {"email": cora.email}},
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )
    assert opened.status_code == 201

    assert kept_in_the_code() == asked


def kept_in_the_code():
    modules = [vars(module) for name, module in sys.modules.items() if not name.startswith("tests.")]
    every = [one for module in modules for one in module.values() if type(one) in {Question, Statement}]
    return {one.ask if isinstance(one, Question) else one.compose for one in every}
