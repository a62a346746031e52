from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow
from sla.enums import Metric
from tests.factories.people import make_team
from tickets import search, services
from tickets.enums import Channel, EventKind, Relation
from tickets.files import Upload
from tickets.models import Link

HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(policy, open_ticket, cora, at):
    made = open_ticket(channel=Channel.EMAIL)
    files = [Upload("invoice.txt", b"i")]
    services.reply(user=cora, number=made.number, body="And my invoice is wrong.", now=at, attachments=files)
    return made


def test_a_message_becomes_a_ticket_with_its_own_promises(ticket, anna, cora, at):
    second = ticket.messages.last()

    made = services.split(user=anna, number=ticket.number, message=second.pk, subject="Invoice", now=at + HOUR)

    assert (made.requester, made.organisation, made.team) == (cora, cora.organisation, ticket.team)
    assert list(made.messages.values_list("body", flat=True)) == ["And my invoice is wrong."]
    assert made.messages.get().attachments.get().name == "invoice.txt"
    assert ticket.messages.count() == 1
    assert made.clocks.get(metric=Metric.FIRST_RESPONSE).due_at == at + 7 * HOUR


def test_both_show_that_they_belong_together(ticket, anna, at):
    made = services.split(user=anna, number=ticket.number, message=ticket.messages.last().pk, subject="Invoice", now=at)

    link = Link.objects.get()
    assert (link.source, link.target, link.relation) == (made, ticket, Relation.SPLIT_FROM)
    assert made.events.filter(kind=EventKind.SPLIT, data__number=ticket.number).exists()
    assert ticket.events.filter(kind=EventKind.SPLIT, data__number=made.number).exists()


def test_the_team_is_the_one_that_is_given(ticket, anna, at):
    billing = make_team("Billing")

    made = services.split(
        user=anna, number=ticket.number, message=ticket.messages.last().pk, subject="Invoice", now=at, team=billing
    )

    assert made.team == billing


def test_an_answer_of_ours_owes_no_first_reply(ticket, anna, at):
    ours = services.reply(user=anna, number=ticket.number, body="About the other thing: done.", now=at)

    made = services.split(user=anna, number=ticket.number, message=ours.pk, subject="The other thing", now=at)

    assert set(made.clocks.values_list("metric", flat=True)) == {Metric.RESOLUTION}


def test_each_is_found_by_its_own_words(ticket, anna, at):
    made = services.split(user=anna, number=ticket.number, message=ticket.messages.last().pk, subject="Bill", now=at)

    assert list(search.find(anna, "invoice.txt")) == [made]
    assert list(search.find(anna, "payouts")) == [ticket]


def test_the_only_message_stays(open_ticket, anna, at):
    ticket = open_ticket()
    services.note(user=anna, number=ticket.number, body="Hm.", now=at)

    with pytest.raises(NotAllowedNow, match="only message"):
        services.split(user=anna, number=ticket.number, message=ticket.messages.first().pk, subject="x", now=at)


def test_a_note_or_another_tickets_message_begins_nothing(ticket, open_ticket, anna, at):
    note = services.note(user=anna, number=ticket.number, body="Hm.", now=at)
    foreign = open_ticket().messages.get()

    for message in (note.pk, foreign.pk):
        with pytest.raises(InvalidInput):
            services.split(user=anna, number=ticket.number, message=message, subject="x", now=at)
