"""Reports and automatic answers: known for what they are, shown where they belong, answered never (RFC 3464, 3834)."""

from datetime import timedelta

import pytest

from mailroom import intake, notices
from mailroom.enums import IntakeState
from mailroom.models import DeliveryFailure, ReceivedMail
from mailroom.threads import reply_address, token_for
from notifications.delivery import message_id
from notifications.models import Alert, Delivery
from tests.mailroom.mails import answer, compose
from tickets import actions as tickets
from tickets.enums import Channel, Status
from tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("payments")


@pytest.fixture
def ticket(open_ticket, anna, at):
    """It waits for the customer, who was asked something."""
    made = open_ticket(channel=Channel.PHONE)
    tickets.reply(ticket=made, author=anna, body="Which bank?", now=at, then_wait=True)
    return made


@pytest.fixture
def letter(ticket):
    return Delivery.objects.get(dedupe_key__startswith="reply:")


def bounce(
    identifier: str, *, action: str = "failed", status: str = "5.1.1", returned: str = "message/rfc822"
) -> bytes:
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.livraria-aurora.example (Mail Delivery System)
To: support@escala.localhost
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce-{action}-{status}@livraria-aurora.example>
MIME-Version: 1.0
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.livraria-aurora.example

Final-Recipient: rfc822; Cora@livraria-aurora.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <cora@livraria-aurora.example>: User unknown
--b
Content-Type: {returned}

Message-ID: {identifier}
Subject: Re: Payouts are stuck

Which bank?
--b--
""".encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_failure_is_shown_on_its_ticket_and_marks_the_address(ticket, letter, anna, at, returned):
    row = intake.accept(bounce(message_id(letter), returned=returned), now=at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, ticket.number)
    mail = ReceivedMail.objects.get()
    assert (mail.nature, mail.report["status"], mail.message.is_public) == ("report", "5.1.1", False)
    failure = DeliveryFailure.objects.get()
    assert failure.message == Message.objects.get(body="Which bank?")
    assert (failure.address, failure.answer) == (
        "cora@livraria-aurora.example",
        "550 5.1.1 <cora@livraria-aurora.example>: User unknown",
    )
    assert Alert.objects.get().recipient == anna
    assert Ticket.objects.get().status == Status.WAITING
    assert Delivery.objects.count() == 1


def test_a_server_that_goes_on_trying_marks_nobody(ticket, letter, at):
    intake.accept(bounce(message_id(letter), action="delayed", status="4.4.1"), now=at)

    assert ReceivedMail.objects.get().report["action"] == "delayed"
    assert not DeliveryFailure.objects.exists()


def test_the_same_failure_is_told_once(ticket, letter, at):
    for status in ("5.1.1", "5.1.2"):
        intake.accept(bounce(message_id(letter), status=status), now=at)

    assert DeliveryFailure.objects.count() == Alert.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    [
        "<1@escala.localhost>",
        "<{pk}.1-aaaaaaaaaaaaaaaaaaaaaaaaaa@escala.localhost>",
        "<{pk}.{token}@elsewhere.example>",
    ],
)
def test_a_forged_report_marks_nobody(ticket, letter, at, forged):
    row = intake.accept(bounce(forged.format(pk=letter.pk, token=letter.thread_token)), now=at)

    assert row.state == IntakeState.QUARANTINED
    assert not DeliveryFailure.objects.exists()
    assert ticket.messages.count() == 2


def test_a_report_without_any_standard_is_read_by_its_subject_and_text(ticket, letter, at):
    text = f"Hi. This is the qmail-send program.\n<cora@x>: 550 5.7.1 blocked\n\nMessage-ID: {message_id(letter)}\n"
    intake.accept(compose(text, sender="MAILER-DAEMON@x.example", subject="failure notice", Return_Path="<>"), now=at)

    assert DeliveryFailure.objects.get().status == "5.7.1"


def test_a_later_good_mail_clears_the_address(ticket, letter, cora, at):
    intake.accept(bounce(message_id(letter)), now=at)

    intake.accept(answer(letter, "Here I am."), now=at + timedelta(hours=1))

    assert not DeliveryFailure.objects.open().exists()
    assert DeliveryFailure.objects.get().cleared_at == at + timedelta(hours=1)


@pytest.mark.parametrize(
    "signs",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"Precedence": "auto_reply"},
        {"subject": "Automatic reply: Re: Payouts are stuck"},
        {"subject": "Abwesenheitsnotiz: Re: Payouts"},
        {"subject": "Resposta automática: Re: Payouts"},
        {"subject": "Respuesta automática: Payouts"},
        {"subject": "Réponse automatique : Payouts"},
        {"subject": "Автоответ: Payouts"},
        {"subject": "自动回复: Payouts"},
        {"subject": "Out of office", "In_Reply_To": "<x@y.example>"},
    ],
    ids=str,
)
def test_an_automatic_answer_is_shown_and_moves_nothing(ticket, cora, at, signs):
    to = reply_address(token_for(ticket.number, cora.email))

    row = intake.accept(compose("I am away until Monday.", to=to, **signs), now=at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, ticket.number)
    message = ticket.messages.last()
    assert (message.is_public, message.by_customer, message.mail.nature) == (False, False, "away")
    assert Ticket.objects.get().status == Status.WAITING
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize("subject", ["Out of office phones do not ring", "Automatic replies stopped working"])
def test_a_request_about_automatic_answers_is_a_request(db, at, subject):
    assert intake.accept(compose(subject=subject), now=at).state == IntakeState.FILED


def test_a_storm_of_automatic_answers_is_cut_off(ticket, cora, at, monkeypatch):
    monkeypatch.setattr(notices, "NOTICES_AN_HOUR", 2)
    to = reply_address(token_for(ticket.number, cora.email))

    rows = [
        intake.accept(compose("Away.", to=to, identifier=f"<{n}@x.example>", X_Autoreply="yes"), now=at)
        for n in range(3)
    ]

    assert [row.state for row in rows] == [IntakeState.FILED, IntakeState.FILED, IntakeState.QUARANTINED]


def test_two_desks_that_write_to_each_other_stop_after_three(payments, at, settings):
    """Both leave out every sign of RFC 3834 on the way, as bad programs do, and neither keeps the thread."""
    desks = {"ours": "support@escala.localhost", "theirs": "help@other.example"}
    raw, to = compose("Hello.", sender=f"Help <{desks['theirs']}>", identifier="<0@other.example>"), "ours"
    exchanged = 0
    while raw and exchanged < 20:
        settings.DEFAULT_FROM_EMAIL = f"Desk <{desks[to]}>"
        settings.MAIL_DOMAIN = desks[to].partition("@")[2]
        before = Delivery.objects.count()
        intake.accept(raw, now=at + timedelta(minutes=exchanged))
        receipt = Delivery.objects.order_by("-pk").first() if Delivery.objects.count() > before else None
        here, to = to, "theirs" if to == "ours" else "ours"
        raw = receipt and compose(
            "We have your request.", sender=desks[here], to=desks[to], identifier=f"<{receipt.pk}.x@{here}.example>"
        )
        exchanged += 1

    each = Delivery.objects.filter(dedupe_key__startswith="receipt:").values_list("address", flat=True)
    assert sorted(each) == [desks["theirs"]] * 3 + [desks["ours"]] * 3
    assert not raw
