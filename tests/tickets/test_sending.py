"""Replies on their way: each leaves once, in time for its promise, and none is lost."""

from datetime import timedelta

import pytest

from notifications.models import Alert
from people.models import User
from sla.enums import ClockState, Metric
from tickets import actions, composer, drafts, sending
from tickets.enums import DraftKind
from tickets.files import Upload
from tickets.models import Attachment, Draft, DraftFile, Message

SECOND = timedelta(seconds=1)


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


@pytest.fixture
def written(ticket, anna):
    """Anna has written a reply, which waits."""

    def write(at, **fields):
        given = {"user": anna, "number": ticket.number, "body": "At noon.", "now": at, **fields}
        return composer.send_reply(**given)

    return write


def test_two_rounds_at_once_send_a_reply_once(ticket, written, at):
    draft = written(at)
    later = at + 10 * SECOND

    first, second = sending.send(pk=draft.pk, now=later), sending.send(pk=draft.pk, now=later)

    assert isinstance(first, Message)
    assert second is None
    assert ticket.messages.filter(by_customer=False).count() == 1


def test_a_round_that_dies_in_the_middle_has_sent_nothing(ticket, written, at, time, monkeypatch):
    draft = written(at)
    time.move_to(at + 10 * SECOND)
    monkeypatch.setattr(Draft, "delete", _die)

    with pytest.raises(SystemExit):
        sending.run()

    assert not ticket.messages.filter(by_customer=False).exists()
    monkeypatch.undo()
    assert sending.send(pk=draft.pk, now=time.now) is not None


def test_the_first_reply_counts_from_when_it_was_written(ticket, written, at, time):
    written(at + timedelta(hours=1))
    time.move_to(at + timedelta(hours=1, seconds=11))

    sending.run()

    clock = ticket.clocks.get(metric=Metric.FIRST_RESPONSE)
    assert (clock.state, clock.met_at) == (ClockState.MET, at + timedelta(hours=1))


def test_after_something_else_has_happened_it_counts_from_when_it_left(ticket, written, mona, at, time):
    written(at)
    actions.set_priority(ticket=ticket, priority="high", now=at + 3 * SECOND, by=mona)
    time.move_to(at + 10 * SECOND)

    sending.run()

    assert ticket.messages.last().created_at == at + 10 * SECOND


def test_what_an_outage_held_up_counts_from_when_it_left(ticket, written, at, time):
    written(at)
    time.move_to(at + timedelta(hours=2))

    sending.run()

    assert ticket.messages.last().created_at == at + timedelta(hours=2)


@pytest.mark.parametrize(("seconds_left", "waits"), [(60, 10), (12, 7), (4, 0)])
def test_second_thoughts_never_cost_a_promise(ticket, written, at, seconds_left, waits):
    ticket.refresh_from_db()
    now = ticket.next_due_at - seconds_left * SECOND

    sent = written(now)

    assert (sent.send_at - now == waits * SECOND) if waits else isinstance(sent, Message)


def test_files_become_attachments_without_being_copied(ticket, anna, written, at):
    kept = drafts.add_file(
        ticket=ticket, author=anna, kind=DraftKind.REPLY, upload=Upload("photo.png", b"MZ\x90\x00\x03"), now=at
    )
    draft = written(at, attachments=[Upload("log.txt", b"line")])

    sending.send(pk=draft.pk, now=at + 10 * SECOND)

    first, second = Attachment.objects.order_by("pk")
    assert (first.name, first.content_type, first.stored.name) == (
        "photo.png",
        "application/octet-stream",
        kept.stored.name,
    )
    assert second.name == "log.txt"
    assert not DraftFile.objects.exists()


def test_a_reply_of_somebody_who_was_sent_away_does_not_leave_and_the_managers_are_told(
    ticket, anna, mona, written, at, time
):
    written(at)
    User.objects.filter(pk=anna.pk).update(is_active=False)
    time.move_to(at + 10 * SECOND)

    assert sending.run() == 0

    draft = Draft.objects.get()
    assert draft.send_at is None
    assert draft.failure == "You can no longer see this ticket, or it was put away."
    assert Alert.objects.get(kind="delivery").title == f"The reply of {anna.name} on #{ticket.number} was not sent"
    assert Alert.objects.get(kind="delivery").recipient == mona


def test_one_reply_that_meets_an_error_holds_up_no_other(ticket, written, open_ticket, anna, at, time, monkeypatch):
    written(at)
    other = open_ticket()
    composer.send_reply(user=anna, number=other.number, body="To the other.", now=at)
    true_reply = actions.reply

    def fail(**given):
        if given["ticket"].pk == ticket.pk:
            raise RuntimeError("out of paper")
        return true_reply(**given)

    monkeypatch.setattr(actions, "reply", fail)
    time.move_to(at + 10 * SECOND)

    assert sending.run() == 1

    assert other.messages.last().body == "To the other."
    assert Draft.objects.get().failure == "It met an error in this program: RuntimeError."


def test_taking_back_puts_the_text_before_what_was_begun_meanwhile(ticket, anna, written, at):
    draft = written(at)
    drafts.save(ticket=ticket, author=anna, kind=DraftKind.REPLY, body="And one more", seen=None, now=at)

    composer.take_back(user=anna, number=ticket.number, pk=draft.pk, now=at + SECOND)

    assert Draft.objects.get().body == "At noon.\n\nAnd one more"


def test_a_save_that_was_overtaken_by_the_sending_brings_nothing_back(ticket, anna, written, at, time):
    draft = written(at)
    drafts.save(ticket=ticket, author=anna, kind=DraftKind.REPLY, body="At noon.", seen=None, now=at)
    assert not Draft.objects.being_written().exists()

    sending.send(pk=draft.pk, now=at + 10 * SECOND)
    late = drafts.save(
        ticket=ticket, author=anna, kind=DraftKind.REPLY, body="At noon.", seen=None, now=at + 11 * SECOND
    )

    assert late is None
    assert not Draft.objects.exists()


def test_the_signature_goes_below(ticket, anna, written, at):
    User.objects.filter(pk=anna.pk).update(signature="Anna Lindqvist\nPayments")
    draft = written(at)

    message = sending.send(pk=draft.pk, now=at + 10 * SECOND)

    assert message.body == "At noon.\n\nAnna Lindqvist\nPayments"


def _die(*_args, **_kwargs):
    raise SystemExit
