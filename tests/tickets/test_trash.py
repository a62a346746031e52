from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from common.errors import NotAllowedNow, NotFound, Refused
from escalation import services as escalations
from escalation import sweep
from escalation.models import Escalation
from mailroom import intake
from mailroom.models import IntakeState
from mailroom.threads import reply_address, token_for
from sla.models import Breach, Clock
from tests.mailroom.mails import compose
from tickets import forgetting, search, services, trash
from tickets.files import Upload
from tickets.models import Attachment, Ticket
from tickets.permissions import access_attachment, access_ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket(attachments=[Upload("a.txt", b"a")])


@pytest.fixture
def away(ticket, anna, at):
    return services.put_away(user=anna, number=ticket.number, what="spam", now=at)


def test_it_is_gone_for_everybody_everywhere(away, anna, mona, cora, at):
    file = Attachment.objects.get()
    for person in (anna, mona, cora):
        with pytest.raises(NotFound):
            access_ticket(person, away.number)
        with pytest.raises(NotFound):
            access_attachment(person, file.pk)
        assert not search.find(person, "payouts").exists()
    assert list(Ticket.objects.trash_of(anna)) == [away]
    assert not Ticket.objects.trash_of(cora).exists()


def test_no_promise_is_missed_in_the_trash(away, at, time):
    time.move_to(at + 48 * HOUR)
    sweep.run()

    assert not Breach.objects.exists()
    assert not Escalation.objects.exists()


def test_brought_back_its_clocks_are_due_when_they_were_always_due(away, anna, at):
    services.bring_back(user=anna, number=away.number, now=at + 3 * HOUR)

    due = Clock.objects.filter(ticket=away).order_by("due_at").values_list("due_at", flat=True)
    assert list(due) == [at + 6 * HOUR, at + 24 * HOUR]
    ticket = access_ticket(anna, away.number)
    assert (ticket.trashed_as, ticket.next_due_at) == ("", at + 6 * HOUR)


def test_a_breach_that_nobody_has_answered_waits_with_it(ticket, anna, at, time):
    """The sweep was late by a second: the letter is written, and read when the ticket is back."""
    time.move_to(at + 7 * HOUR)
    services.put_away(user=anna, number=ticket.number, what="trash", now=time.now)
    sweep.run()
    assert Breach.objects.filter(ticket=ticket, answered_at=None).exists()
    assert not Escalation.objects.exists()

    services.bring_back(user=anna, number=ticket.number, now=time.now)
    sweep.run()

    assert Escalation.objects.get().ticket == ticket


def test_under_a_live_escalation_nothing_is_put_away(ticket, anna, time, at):
    time.move_to(at + 7 * HOUR)
    sweep.run()

    with pytest.raises(NotAllowedNow, match=f"{Escalation.objects.get().reference} is open on #{ticket.number}"):
        services.put_away(user=anna, number=ticket.number, what="trash", now=time.now)


def test_nothing_is_done_to_it_there(away, anna, at):
    with pytest.raises(NotFound):
        services.put_away(user=anna, number=away.number, what="trash", now=at)
    with pytest.raises(NotFound):
        services.reply(user=anna, number=away.number, body="x", now=at)


def test_a_customers_answer_by_mail_opens_a_ticket_of_its_own(away, cora, at):
    to_it = reply_address(token_for(away.number, cora.email))

    row = intake.accept(compose("Hello?", to=to_it), now=at)

    assert row.state == IntakeState.FILED
    assert row.ticket_number != away.number


def test_after_thirty_days_it_is_deleted_with_its_files_and_ended_escalations(
    ticket, anna, mona, at, time, django_capture_on_commit_callbacks
):
    time.move_to(at + 7 * HOUR)
    sweep.run()
    number = Escalation.objects.get().number
    escalations.deescalate(user=mona, number=number, reason="It was spam all along.", now=time.now)
    services.put_away(user=anna, number=ticket.number, what="spam", now=time.now)
    path = Attachment.objects.get().stored.name

    assert trash.empty(before=time.now) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert trash.empty(before=time.now + timedelta(seconds=1)) == 1

    assert not Ticket.objects.exists()
    assert not Escalation.objects.exists()
    assert not default_storage.exists(path)


def test_what_is_held_stays_in_the_trash_whatever_its_age(ticket, anna, adam, at):
    services.put_away(user=anna, number=ticket.number, what="trash", now=at)
    held = forgetting.hold(number=ticket.number, organisation=None, reason="A dispute", by=adam, now=at)

    assert trash.empty(before=at + timedelta(days=99)) == 0
    forgetting.release(pk=held.pk, by=adam)
    assert trash.empty(before=at + timedelta(days=99)) == 1


def test_what_was_merged_into_it_goes_with_it(open_ticket, anna, mona, at):
    source, target = open_ticket(), open_ticket()
    services.merge(user=anna, source=source.number, target=target.number, now=at)
    services.put_away(user=anna, number=target.number, what="trash", now=at)

    services.empty_trash(user=mona, now=at + HOUR)

    assert not Ticket.objects.exists()


def test_agents_do_not_empty_it(away, anna, at):
    with pytest.raises(Refused):
        services.empty_trash(user=anna, now=at)
