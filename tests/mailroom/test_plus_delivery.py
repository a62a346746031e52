"""Return addresses of a mailbox that is fetched: a real server delivers what stands behind the plus, and says so."""

import os

import pytest
from django.core import mail as outgoing

from mailroom import intake, mailboxes, returns
from mailroom.enums import IntakeState
from mailroom.fetching import following
from mailroom.fetching.connection import opened
from mailroom.fetching.taking import Look
from mailroom.models import DeliveryFailure, Mailbox, RawMessage
from notifications import delivery as sending
from notifications.models import Delivery, ReturnAddress
from tests.mailroom.conftest import mailbox_fields
from tests.mailroom.dovecot import LMTP, MISSING_LMTP
from tickets import actions as tickets
from tickets.enums import Channel
from tickets.models import Message, Ticket

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("payments")]

BOX = "support@escala.localhost"
REPORT = b"""\
From: Mail Delivery System <MAILER-DAEMON@mx.livraria-aurora.example>
To: <%s>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

I am sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.livraria-aurora.example

Final-Recipient: rfc822; cora@livraria-aurora.example
Action: failed
Status: 5.1.1

--b--
"""


@pytest.fixture
def box(dovecot, secrets, adam, db) -> Mailbox:
    if not LMTP.exists():
        assert os.environ.get("REQUIRE_ALL") != "1", MISSING_LMTP
        pytest.skip(MISSING_LMTP)
    return mailboxes.add_mailbox(by=adam, address=BOX, way="imap", **mailbox_fields(dovecot, BOX))


@pytest.fixture
def send(dovecot, settings):
    """The desk's letters go out; what is addressed to its own mailbox arrives there. What was sent, by recipient."""
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    def send() -> dict[str, outgoing.EmailMessage]:
        outgoing.outbox.clear()
        sending.run()
        for one in outgoing.outbox:
            if one.to[0].startswith("support"):
                dovecot.hand_over(one.message().as_bytes(), sender=one.from_email, recipient=one.to[0])
        return {one.to[0]: one for one in outgoing.outbox}

    return send


def fetch(at) -> list[RawMessage]:
    mailbox = Mailbox.objects.get()
    brought: list[int] = []
    with opened(mailbox) as folder:
        Look(mailbox, folder, brought.append).take(now=at)
    following.note_success(mailbox, now=at)
    return [intake.file(pk, now=at) for pk in brought]


ODD = b"From: Mail <system@mx.odd.example>\r\nTo: undisclosed-recipients:;\r\nSubject: Hello\r\n\r\n550 no such user"


@pytest.mark.parametrize("report", [lambda path: REPORT % path.encode(), lambda _path: ODD], ids=["standard", "odd"])
def test_a_report_comes_back_through_an_imap_server_that_keeps_what_stands_behind_the_plus(
    dovecot, box, send, adam, anna, open_ticket, at, report
):
    returns.try_out(pk=box.pk, by=adam, now=at)
    send()
    (trial,) = fetch(at)
    assert (trial.state, trial.ticket_number) == (IntakeState.FILED, None)
    assert list(ReturnAddress.objects.values_list("address", flat=True)) == [BOX]
    tickets.reply(ticket=open_ticket(channel=Channel.PHONE), author=anna, body="Which bank?", now=at)
    letter = Delivery.objects.get(dedupe_key__startswith="reply:")
    return_path = send()[letter.address].from_email
    assert return_path.startswith(f"support+b{letter.pk}-")

    dovecot.hand_over(report(return_path), sender="", recipient=return_path)
    (came,) = fetch(at)

    assert (came.state, came.ticket_number) == (IntakeState.FILED, Ticket.objects.get().number)
    failure = DeliveryFailure.objects.get()
    assert (failure.address, failure.message) == (letter.address, Message.objects.get(body="Which bank?"))
