"""The outbox: who sees what of it, and what can be done to a message that waits."""

import pytest
from django.urls import reverse

from common.models import ConfigurationChange
from notifications import delivery
from notifications.actions import notify
from notifications.actions import post as write
from notifications.enums import DeliveryState
from notifications.letters import Letter
from notifications.models import Delivery, Host
from tests.conftest import AT
from tests.desk.helpers import NOWHERE, get, post, queries, signed_in, words
from tests.notifications import transports


def mail(dedupe: str, address: str = "cora@livraria-aurora.example", **fields) -> Delivery:
    write(**{"address": address, "subject": f"Mail {dedupe}", "text": "secret", "dedupe": dedupe, "now": AT, **fields})
    return Delivery.objects.get(dedupe_key=dedupe)


def about(ticket, dedupe: str = "r") -> Delivery:
    """About a ticket; the receipt that its customer has got is out of the way."""
    Delivery.objects.exclude(template="").delete()
    return mail(dedupe, context={"ticket_number": ticket.number})


def test_an_administrator_sees_every_message_with_its_state_and_never_its_words(adam, settings):
    settings.MAIL_TRANSPORT = transports.REFUSING
    row = mail("refused", subject="Your new password")
    delivery.run()

    listed, page = words(get(adam, "desk:outbox")), words(get(adam, "desk:outbox_one", row.pk))

    for shown in (listed, page):
        assert "Your new password" in shown
        assert "Waiting, refused so far" in shown
        assert "nobody listens" in shown
        assert "secret" not in shown
    assert "livraria-aurora.example is left alone until" in listed


def test_a_manager_sees_what_is_about_tickets_that_he_may_see(mona, open_ticket, adam):
    seen, reset = about(open_ticket(), "ours"), mail("reset")

    shown = words(get(mona, "desk:outbox"))

    assert "Mail ours" in shown
    assert "Mail reset" not in shown
    assert get(mona, "desk:outbox_one", seen.pk).status_code == 200
    for answer in (get(mona, "desk:outbox_one", reset.pk), post(mona, "desk:outbox_retry", reset.pk)):
        assert NOWHERE in words(answer)
    assert "Mail reset" in words(get(adam, "desk:outbox"))


def test_it_is_narrowed_by_state_recipient_and_ticket(adam, anna, open_ticket):
    ticket = open_ticket()
    about(ticket, "ticket")
    mail("anna", anna.email, recipient=anna)
    delivery.run()
    mail("waits", "x@y.example")

    def found(**asked) -> list[str]:
        return [row.subject for row in get(adam, "desk:outbox", **asked).context["look"].rows]

    assert found(state="unsent") == ["Mail waits"]
    assert found(who=anna.email.upper()) == ["Mail anna"]
    assert found(who="x@y.example") == ["Mail waits"]
    assert found(ticket=f"#{ticket.number}") == ["Mail ticket"]
    assert found(ticket="9" * 30) == found() == ["Mail waits", "Mail anna", "Mail ticket"]
    assert found(state="sent", who="nobody@x.example") == []


@pytest.mark.once
def test_it_costs_the_same_for_one_three_and_fifty_messages_and_goes_on_below(adam, mona):
    asked = []
    for count in (1, 2, 50):
        for _row in range(count):
            mail(f"n{Delivery.objects.count()}")
        asked.append(queries(signed_in(adam), reverse("desk:outbox")))

    assert asked[0] == asked[1] == asked[2]
    first = get(adam, "desk:outbox")
    second = get(adam, "desk:outbox", before=first.context["look"].older)
    assert [len(page.context["look"].rows) for page in (first, second)] == [50, 3]


def test_a_message_is_tried_again_at_once_whatever_its_host_did(adam, settings, at):
    settings.MAIL_TRANSPORT = transports.REFUSING
    row = mail("x")
    delivery.run()
    settings.MAIL_TRANSPORT = "django.core.mail.backends.locmem.EmailBackend"

    post(adam, "desk:outbox_retry", row.pk)
    delivery.run()

    row.refresh_from_db()
    assert (row.state, row.attempts) == (DeliveryState.SENT, 2)
    assert Host.objects.get().closed_until is None


def test_a_stopped_message_is_not_sent_until_it_is_brought_back(adam, mona, open_ticket):
    row = about(open_ticket())

    post(mona, "desk:outbox_stop", row.pk)
    assert delivery.run() == 0
    post(mona, "desk:outbox_retry", row.pk)
    assert delivery.run() == 1


def test_a_message_goes_to_another_address_and_it_is_on_record(adam, open_ticket, mailoutbox):
    row = about(open_ticket())

    post(adam, "desk:outbox_redirect", row.pk, address="deputy@elsewhere.example")
    delivery.run()

    assert [message.to for message in mailoutbox] == [["deputy@elsewhere.example"]]
    change = ConfigurationChange.objects.get()
    assert (change.by, change.subject) == (adam, f"outbox: {row.pk}")
    assert change.before["address"] == row.address and change.after["address"] == "deputy@elsewhere.example"


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example\nBcc: c@d.example", "x" * 300])
def test_what_is_no_address_is_refused_and_stays_in_its_field(adam, open_ticket, address):
    row = about(open_ticket())

    answer = post(adam, "desk:outbox_redirect", row.pk, address=address)

    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.address == "cora@livraria-aurora.example"


def test_a_sign_in_link_goes_to_nobody_else_and_a_manager_redirects_nothing(adam, mona, open_ticket):
    reset, ours = mail("reset"), about(open_ticket())

    assert post(adam, "desk:outbox_redirect", reset.pk, address="adam2@x.example").status_code == 409
    assert NOWHERE in words(post(mona, "desk:outbox_redirect", ours.pk, address="mona2@x.example"))
    assert not Delivery.objects.filter(address__startswith="adam2").exists()


def test_what_is_sent_cannot_be_stopped_nor_sent_again(adam, open_ticket, mailoutbox):
    row = about(open_ticket())
    delivery.run()

    for deed in ("stop", "retry"):
        answer = post(adam, f"desk:outbox_{deed}", row.pk)
        assert answer.status_code == 409
        assert "This message is not waiting." in words(answer)
    delivery.run()
    assert len(mailoutbox) == 1


def test_a_digest_shows_what_is_in_it(adam, mona, at):
    for number in range(12):
        letter = Letter(kind="reply", title=f"Alert {number}")
        notify(recipients=[mona], compose=lambda _person, letter=letter: letter, dedupe=f"a{number}", now=at)
    delivery.run()

    digest = Delivery.objects.get(template="flood")
    page = words(get(adam, "desk:outbox_one", digest.pk))

    assert "Alert 10" in page and "Alert 11" in page and "Alert 3" not in page
    assert "Collecting for a digest" in page
