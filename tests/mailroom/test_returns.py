"""Return addresses: a mail that comes back says by where it comes to which one it was, whatever else it says."""

from typing import Any

import pytest
from django.core import mail as outgoing

from common.errors import NotAllowedNow
from mailroom import intake, mailboxes, returns
from mailroom.doors import handing
from mailroom.enums import IntakeState
from mailroom.models import DeliveryFailure, Mailbox, RawMessage
from notifications import delivery as sending
from notifications import returning
from notifications.actions import post
from notifications.models import Alert, Delivery, ReturnAddress
from tests.mailroom.mails import compose
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("payments")

BOX = "support@escala.localhost"


@pytest.fixture
def box(adam, at, time) -> Mailbox:
    """A mailbox that has been tried, and that keeps what stands behind the plus."""
    made = mailboxes.add_mailbox(by=adam, address=BOX, way="door")
    returns.try_out(pk=made.pk, by=adam, now=at)
    trial = Delivery.objects.get()
    intake.accept(compose(to=trial.address, sender=BOX), now=at)
    Delivery.objects.all().delete()
    return Mailbox.objects.get()


@pytest.fixture
def letter(box, open_ticket, anna, at) -> Delivery:
    ticket = open_ticket(channel=Channel.PHONE)
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    return Delivery.objects.get(dedupe_key__startswith="reply:")


def strange(subject: str = "Hello from Guangzhou", text: str = "550 no such user 5.1.1", **heads: str) -> bytes:
    """A report as no standard knows it: a sender of its own, a subject that says nothing, a return path."""
    lines = {"From": "Mail <system@mx.odd.example>", "Subject": subject, "Message-ID": "<odd@odd.example>", **heads}
    return "".join(f"{name}: {value}\r\n" for name, value in lines.items()).encode() + b"\r\n" + text.encode()


def come_back(letter: Delivery, raw: bytes, at: Any, sender: str | None = "system@mx.odd.example") -> RawMessage:
    to = returning.address_for(returning.BOUNCE, letter.pk, BOX)
    row = handing.keep(raw, sender, [to])
    return intake.file(row.pk, now=at)


def test_a_mailbox_is_used_when_its_trial_has_arrived_and_not_before(adam, at, time):
    made = mailboxes.add_mailbox(by=adam, address=BOX, way="door")
    returns.try_out(pk=made.pk, by=adam, now=at)
    trial = Delivery.objects.get()
    assert trial.address.startswith("support+t") and not ReturnAddress.objects.exists()

    cut = trial.address.replace("+t", "+t9")
    intake.accept(compose(to=cut, sender=BOX, message_id="<1@x>"), now=at)
    assert not ReturnAddress.objects.exists()
    row = intake.accept(compose(to=trial.address, sender=BOX, message_id="<2@x>"), now=at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, None)
    assert list(ReturnAddress.objects.values_list("address", flat=True)) == [BOX]
    mailboxes.change_mailbox(pk=made.pk, by=adam, address="help@escala.localhost")
    assert not ReturnAddress.objects.exists() and Mailbox.objects.get().returns_since is None


def test_a_mail_names_its_own_return_address_and_its_author_stays(letter, settings, mailoutbox):
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"
    outgoing.outbox.clear()

    sending.run()

    sent = next(one for one in outgoing.outbox if one.to == [letter.address])
    assert sent.from_email == returning.address_for(returning.BOUNCE, letter.pk, BOX)
    assert len(sent.from_email.partition("@")[0]) <= 64
    assert BOX in str(sent.message()["From"]) and "+b" not in str(sent.message()["From"])


@pytest.mark.parametrize(
    "raw",
    [
        strange(),
        strange(text="用户不存在"),
        strange(subject="Re: Which bank?", text="This person has left us. 5.1.1"),
        strange(**{"Auto-Submitted": "auto-replied"}),
        strange(**{"Precedence": "bulk"}),
    ],
)
def test_a_report_in_no_known_form_marks_the_address_and_tells_its_writer(letter, anna, at, raw):
    row = come_back(letter, raw, at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, letter.ticket_number or Ticket.objects.get().number)
    failure = DeliveryFailure.objects.get()
    assert (failure.address, failure.message) == (letter.address, Message.objects.get(body="Which bank?"))
    assert Alert.objects.get().recipient == anna
    letter.refresh_from_db()
    assert letter.came_back_at is not None
    assert Ticket.objects.count() == 1 and Delivery.objects.exclude(pk=letter.pk).filter(channel="email").count() == 0


def test_a_standard_report_without_the_letter_is_understood_by_where_it_came_to(letter, at):
    raw = (
        b'Content-Type: multipart/report; boundary="b"\r\nFrom: MAILER-DAEMON@x.example\r\nSubject: x\r\n\r\n'
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        b"Final-Recipient: rfc822; cora@livraria-aurora.example\r\nAction: %s\r\nStatus: %s\r\n\r\n--b--\r\n"
    )

    come_back(letter, raw % (b"delayed", b"4.4.1"), at, sender="")
    assert not DeliveryFailure.objects.exists()
    come_back(letter, raw % (b"failed", b"5.2.2"), at, sender="")

    assert DeliveryFailure.objects.get().status == "5.2.2"


def test_who_is_away_or_answers_himself_is_no_failure(letter, cora, at):
    away = strange(subject="Out of office: Which bank?", **{"Auto-Submitted": "auto-replied", "From": cora.email})
    himself = strange(subject="Re: Which bank?", text="The red one.", **{"From": cora.email, "Message-ID": "<2@x>"})

    first = come_back(letter, away, at, sender="")
    come_back(letter, himself, at, sender=cora.email)

    assert first.state == IntakeState.FILED
    assert not DeliveryFailure.objects.exists() and not Alert.objects.filter(kind="delivery").exists()


def test_what_is_about_no_ticket_marks_the_address_and_opens_none(box, adam, anna, at):
    post(address=anna.email, subject="Sign in", dedupe="sign-in", text="x", now=at)
    letter = Delivery.objects.get(dedupe_key="sign-in")

    row = come_back(letter, strange(), at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, None)
    assert DeliveryFailure.objects.get().address == anna.email
    assert Alert.objects.get().recipient == adam
    assert not Ticket.objects.exists()


def test_a_forged_return_address_marks_nobody(letter, at):
    true = returning.address_for(returning.BOUNCE, letter.pk, BOX)
    forged = true.replace(f"+b{letter.pk}-", f"+b{letter.pk + 1}-")
    row = handing.keep(strange(), "", [forged])

    intake.file(row.pk, now=at)

    assert not DeliveryFailure.objects.exists()


def test_mail_from_a_domain_without_a_tried_mailbox_comes_back_as_before(box, at):
    letter = Delivery(pk=7, sender="Ours <team@other.example>", address="x@y.example")
    near = Delivery(pk=7, sender="Cards <cards@escala.localhost>", address="x@y.example")

    assert returning.return_path(letter, returning.bases()) == ""
    assert returning.return_path(near, returning.bases()).startswith("support+b7-")


def test_a_paused_mailbox_is_not_tried(box, adam, at):
    mailboxes.switch_mailbox(pk=box.pk, on=False, by=adam)

    with pytest.raises(NotAllowedNow):
        returns.try_out(pk=box.pk, by=adam, now=at)


def test_leaving_off_is_on_record(box, adam):
    returns.leave_off(pk=box.pk, by=adam)

    assert not ReturnAddress.objects.exists()


@pytest.mark.parametrize("head", ["To", "Delivered-To", "X-Original-To", "Envelope-To"])
def test_a_mailbox_that_is_fetched_knows_it_by_any_head_that_a_server_writes(letter, at, head):
    back = returning.address_for(returning.BOUNCE, letter.pk, BOX)

    intake.accept(strange(**{head: back.upper() if head == "To" else back}), now=at)

    assert DeliveryFailure.objects.get().address == letter.address


def test_the_same_report_twice_tells_its_writer_once(letter, anna, at):
    come_back(letter, strange(), at)
    come_back(letter, strange(**{"Message-ID": "<again@odd.example>"}), at)

    assert Alert.objects.filter(recipient=anna, kind="delivery").count() == 1
    assert DeliveryFailure.objects.count() == 1
