"""Mails that are filed together become what each would by itself, in hardly more statements than one takes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailroom import filing, intake, services
from mailroom.models import IntakeState, RawMessage, ReceivedMail
from mailroom.threads import reply_address, token_for
from notifications.models import Delivery
from people.models import User
from sla.models import Clock, LedgerEntry
from tests.mailroom.mails import compose, kept
from tickets import actions as tickets
from tickets.models import Message, SearchDocument, Ticket

pytestmark = [pytest.mark.each, pytest.mark.usefixtures("payments")]

STAN = "Stan Strange <stan@elsewhere.example>"


def keep(*raws: bytes, now) -> list[int]:
    return [intake.keep(raw, now=now).pk for raw in raws]


def several(count: int, **given: str) -> list[bytes]:
    return [compose(f"Ipê {n}.", identifier=f"<{n}@x.example>", **given) for n in range(count)]


def test_each_goes_where_it_belongs(policy, open_ticket, cora, adam, at):
    ticket = open_ticket()
    services.block(user=adam, pattern="@spam.example", now=at)
    answer = compose("It works.", to=reply_address(token_for(ticket.number, cora.email)), identifier="<2@x.example>")
    spam = compose("Buy.", sender="x@spam.example", identifier="<3@x.example>")
    keys = keep(kept("plain"), answer, kept("newsletter"), spam, kept("koi8-r"), kept("truncated"), now=at)

    rows = list(intake.file_all(keys, now=at))

    opened = list(Ticket.objects.exclude(pk=ticket.pk).order_by("pk"))
    assert [row.pk for row in rows] == keys
    assert [(row.state, row.ticket_number) for row in rows] == [
        (IntakeState.FILED, opened[0].number),
        (IntakeState.FILED, ticket.number),
        (IntakeState.QUARANTINED, None),
        (IntakeState.DROPPED, None),
        (IntakeState.FILED, opened[1].number),
        (IntakeState.QUARANTINED, None),
    ]
    assert rows[2].reason == "It is bulk mail or an automatic answer (Precedence)."
    assert "malformed" in rows[5].reason


def test_a_ticket_that_was_opened_with_others_lacks_nothing(policy, at):
    list(intake.file_all(keep(kept("plain"), kept("koi8-r"), now=at), now=at))

    for ticket in Ticket.objects.all():
        clocks = Clock.objects.filter(ticket=ticket)
        assert clocks.count() == LedgerEntry.objects.filter(clock__in=clocks).count() > 0
        assert ticket.next_due_at == min(clock.due_at for clock in clocks)
        assert f"{ticket.number} ¶ " in SearchDocument.objects.get(ticket=ticket).everything
        assert ReceivedMail.objects.get(message__ticket=ticket).sender == ticket.requester.email
        assert Delivery.objects.get(ticket_number=ticket.number).address == ticket.requester.email
        assert ticket.events.first().kind == "ticket.opened"
        assert ticket.assessment.next_moment == at
        assert ticket.owner_spells.count() == 1


def test_the_second_mail_of_a_sender_finds_what_the_first_one_did(at):
    list(intake.file_all(keep(*several(5, sender=STAN), now=at), now=at))

    assert User.objects.filter(email="stan@elsewhere.example").count() == 1
    assert Ticket.objects.count() == 5
    assert Delivery.objects.count() == 3


def test_a_flood_is_stopped_within_one_transaction(at, monkeypatch):
    monkeypatch.setattr(filing, "MAILS_AN_HOUR", 2)

    rows = list(intake.file_all(keep(*several(4), now=at), now=at))

    assert [row.state for row in rows] == [*[IntakeState.FILED] * 2, *[IntakeState.QUARANTINED] * 2]


def test_two_answers_to_one_ticket_stand_in_their_order(open_ticket, cora, at):
    ticket = open_ticket()
    keys = keep(*several(2, to=reply_address(token_for(ticket.number, cora.email))), now=at)

    list(intake.file_all(keys, now=at))

    said = ticket.messages.exclude(external_id="").order_by("pk")
    assert list(said.values_list("body", "mail__raw")) == [("Ipê 0.", keys[0]), ("Ipê 1.", keys[1])]


def test_more_of_them_cost_no_more_statements(policy, cora, at, django_assert_num_queries):
    keys = keep(*several(15), now=at)
    # The first ones are confirmed, and what the desk is set up with is read.
    list(intake.file_all(keys[:4], now=at))
    with CaptureQueriesContext(connection) as few:
        list(intake.file_all(keys[4:6], now=at))

    with django_assert_num_queries(len(few)):
        list(intake.file_all(keys[6:], now=at))

    assert Ticket.objects.count() == 15


def test_what_fails_together_is_filed_one_by_one(at, monkeypatch):
    opens = tickets.open_tickets

    def stumbles(openings, **given):
        opened = opens(openings, **given)
        if any("1" in opening.body for opening in openings):
            raise ZeroDivisionError
        return opened

    monkeypatch.setattr(tickets, "open_tickets", stumbles)

    rows = list(intake.file_all(keep(*several(3), now=at), now=at))

    assert [row.state for row in rows] == [IntakeState.FILED, IntakeState.QUARANTINED, IntakeState.FILED]
    assert Ticket.objects.count() == Message.objects.count() == ReceivedMail.objects.count() == 2


def test_what_is_taken_at_once_is_bounded_by_number_and_size(at, monkeypatch):
    monkeypatch.setattr(intake, "TOGETHER", 3)
    keys = keep(*several(5), compose("x" * 5_000, identifier="<large@x.example>"), now=at)

    assert [len(part) for part in intake._parts(keys)] == [3, 3]
    monkeypatch.setattr(intake, "TOGETHER_BYTES", 6_000)
    assert intake._parts(keys)[-1] != keys[-1:]
    monkeypatch.setattr(intake, "TOGETHER_BYTES", 1_000)
    assert intake._parts(keys)[-1] == keys[-1:]
    assert [key for part in intake._parts(keys) for key in part] == keys
    assert RawMessage.objects.pending().count() == 6
