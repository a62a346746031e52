"""What a message's mail tells on the ticket's page, and the frame in which it is seen as it was sent."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from mailroom import intake
from mailroom.models import DeliveryFailure, Follower
from notifications.delivery import message_id
from notifications.models import Delivery
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.mailroom.mails import compose
from tests.mailroom.test_notices import bounce
from tickets import actions as tickets
from tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("payments")

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
LOOK = """--b
Content-Type: multipart/alternative; boundary=c

--c
Content-Type: text/plain

See the table.
--c
Content-Type: text/html; charset=utf-8

<p>See the <b>table</b>.</p><script>alert(1)</script><img src="cid:chart@x"><img src="https://tracker.example/p.gif">
--c--
--b
Content-Type: image/png
Content-ID: <chart@x>
Content-Transfer-Encoding: base64

{png}
--b
Content-Type: text/calendar; charset=utf-8

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
SUMMARY:Payouts, next steps
DTSTART:20261120T170000Z
DTEND:20261120T180000Z
LOCATION:Room 4
END:VEVENT
END:VCALENDAR
--b--
"""


@pytest.fixture
def message(at) -> Message:
    raw = compose(LOOK.format(png=PNG), Cc="Bruno Reis <bruno@livraria-aurora.example>")
    intake.accept(raw.replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b", 1), now=at)
    return Message.objects.get()


def test_the_page_names_who_else_got_it_and_to_what_it_invites(message, anna):
    anna.time_zone = "America/Sao_Paulo"
    anna.save()

    page = words(get(anna, "desk:ticket", message.ticket_id))

    assert "Bruno Reis" in page
    assert "Payouts, next steps" in page
    assert "Fri 20 Nov 2026, 14:00–15:00" in page
    assert "Room 4" in page
    assert "Nothing is answered for you." in page


def test_the_mail_is_seen_in_a_frame_that_runs_nothing(message, anna):
    page = words(get(anna, "desk:ticket", message.ticket_id))
    frame = re.search(r"<iframe[^>]*>", page)[0]

    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in frame
    answer = get(anna, "desk:as_sent", message.pk)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert policy.startswith("sandbox allow-same-origin allow-popups")
    assert "img-src data:;" in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    seen = answer.content.decode()
    assert "<b>table</b>" in seen
    assert "alert(1)" not in seen
    assert f"data:image/png;base64,{PNG}" in seen
    assert "tracker.example" not in seen


def test_pictures_of_other_servers_come_by_a_click(message, anna):
    page = words(get(anna, "desk:ticket", message.ticket_id))
    link = f'{reverse("desk:as_sent", args=[message.pk])}?images=1" target="frame-{message.pk}"'

    assert "1 picture lies on another server" in page
    assert link in page
    answer = get(anna, "desk:as_sent", message.pk, images="1")
    assert "https://tracker.example/p.gif" in answer.content.decode()
    assert "img-src data: https: http:;" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_who_is_in_copy_is_made_a_watcher_and_taken_off_again(message, anna):
    post(anna, "desk:add_watcher", message.pk, address="bruno@livraria-aurora.example")

    page = words(get(anna, "desk:ticket", message.ticket_id))
    assert "gets the answers by mail" in page
    post(anna, "desk:remove_watcher", Follower.objects.get().pk)
    assert not Follower.objects.exists()


def test_who_was_not_in_copy_is_refused_in_one_sentence(message, anna):
    browser = signed_in(anna)

    answer = browser.post(
        reverse("desk:add_watcher", args=[message.pk]), {"address": "stan@elsewhere.example"}, follow=True
    )

    assert "Nobody of this address is in copy of this message." in words(answer)


def test_a_sender_whom_nobody_vouches_for_carries_a_warning(at, anna, settings):
    settings.MAIL_AUTHSERV_IDS = frozenset({"mx.meridiano.example"})
    intake.accept(compose(), now=at)

    page = words(get(anna, "desk:ticket", Ticket.objects.get().number))

    assert "Nothing proves that cora@livraria-aurora.example sent this." in page


def test_an_address_that_fails_is_told_to_whoever_writes_until_somebody_says_it_works(open_ticket, anna, at):
    ticket = open_ticket(channel="phone")
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at)
    intake.accept(bounce(message_id(Delivery.objects.get())), now=at + timedelta(minutes=1))

    page = words(get(anna, "desk:ticket", ticket.number))
    assert "A reply would not reach Cora Menezes by mail." in page
    assert "Mail to cora@livraria-aurora.example does not arrive." in page
    assert "Not delivered to cora@livraria-aurora.example: 5.1.1 550" in page
    assert "Mail Delivery System" in page

    post(anna, "desk:address_works", ticket.number)
    assert "would not reach" not in words(get(anna, "desk:ticket", ticket.number))
    assert DeliveryFailure.objects.get().cleared_by == anna


def test_a_conversation_of_mails_costs_as_many_queries_as_one_mail(message, anna, at):
    browser, url = signed_in(anna), reverse("desk:ticket", args=[message.ticket_id])
    one = queries(browser, url)
    for number in range(3):
        extra = message.ticket.messages.create(author=message.author, by_customer=True, body=f"{number}", created_at=at)
        message.mail.pk, message.mail.message = None, extra
        message.mail.save(force_insert=True)

    assert queries(browser, url) == one
