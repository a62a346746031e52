"""Side conversations and forwarding: a thread of their own, and never the customer's (R62, DESIGN §3.12)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotFound
from mailroom import correspondence, intake
from mailroom.enums import IntakeState
from mailroom.models import SideConversation, SideMessage
from mailroom.threads import reply_address, side_token_for, token_for
from notifications.delivery import message_id
from notifications.models import Alert, Delivery
from tests.mailroom.mails import compose
from tests.mailroom.test_notices import bounce
from tickets import actions as tickets
from tickets import services
from tickets.files import Upload
from tickets.models import Message, Ticket

pytestmark = pytest.mark.usefixtures("payments")

VENDOR = "noc@carrier.example"


@pytest.fixture
def ticket(open_ticket):
    made = open_ticket()
    Delivery.objects.all().delete()
    return made


@pytest.fixture
def side(ticket, anna, at) -> SideConversation:
    return correspondence.open_side(
        user=anna,
        number=ticket.number,
        address=VENDOR,
        subject="Line 7 is down",
        body="Since 07:30 no payouts reach the bank.",
        uploads=[Upload("trace.txt", b"hop 1")],
        now=at,
    )


def answer(side, text="It is repaired.", sender=VENDOR, **given) -> bytes:
    letter = Delivery.objects.filter(dedupe_key__startswith="side:").latest("pk")
    head = {"In_Reply_To": message_id(letter), "to": letter.headers["Reply-To"], "subject": "Re: Line 7", **given}
    return compose(text, sender=sender, identifier=f"<{len(text)}@carrier.example>", **head)


def test_the_first_letter_goes_out_with_its_files_and_an_address_of_its_own(side, ticket, cora):
    letter = Delivery.objects.get()

    token = side_token_for(side.pk, VENDOR)
    assert (letter.address, letter.subject, letter.thread_token) == (VENDOR, "Line 7 is down", token)
    assert letter.headers["Reply-To"] == reply_address(token)
    assert [file["name"] for file in letter.files] == ["trace.txt"]
    assert cora.email not in str(letter.context)
    assert str(ticket.number) not in str(letter.context)


def test_the_answer_comes_back_to_it_and_to_nothing_else(side, ticket, anna, at):
    row = intake.accept(answer(side), now=at + timedelta(minutes=5))

    assert (row.state, row.ticket_number) == (IntakeState.FILED, ticket.number)
    assert [message.by_them for message in side.messages.all()] == [False, True]
    assert Message.objects.count() == 1
    assert Ticket.objects.count() == 1
    told = Alert.objects.get()
    assert (told.recipient, told.path) == (anna, f"/sides/{side.pk}/")
    assert Delivery.objects.count() == 1


def test_the_letters_of_it_hang_together(side, anna, at):
    intake.accept(answer(side), now=at + timedelta(minutes=5))

    correspondence.say_on_side(user=anna, pk=side.pk, body="Thank you.", now=at + timedelta(minutes=9))

    first, last = Delivery.objects.order_by("pk")
    theirs = SideMessage.objects.get(by_them=True).external_id
    assert last.headers["References"] == f"{message_id(first)} {theirs}"
    assert last.subject == "Re: Line 7 is down"


def test_somebody_elses_mail_does_not_come_in_by_its_address(side, ticket, at):
    row = intake.accept(answer(side, sender="Stan <stan@elsewhere.example>"), now=at)

    assert side.messages.count() == 1
    assert row.ticket_number != ticket.number


def test_a_token_of_the_ticket_opens_no_side_and_a_token_of_a_side_no_ticket(side, ticket, cora, at):
    by_ticket = reply_address(token_for(side.pk, VENDOR).replace(f"{side.pk}-", f"s{side.pk}-"))
    by_side = reply_address(side_token_for(ticket.number, cora.email))

    intake.accept(compose("In.", sender=VENDOR, to=by_ticket), now=at)
    intake.accept(compose("In.", to=by_side, identifier="<2@x.example>"), now=at)

    assert side.messages.count() == 1
    assert ticket.messages.count() == 1


def test_an_automatic_answer_alerts_nobody(side, at):
    intake.accept(answer(side, Auto_Submitted="auto-replied"), now=at)

    assert side.messages.get(by_them=True).nature == "away"
    assert not Alert.objects.exists()


def test_a_letter_that_did_not_arrive_says_so(side, anna, at):
    intake.accept(bounce(message_id(Delivery.objects.get())), now=at)

    assert side.messages.get().undelivered.startswith("5.1.1 550")
    assert Alert.objects.get().recipient == anna


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nobody", "This is not an e-mail address."),
        ("Support@escala.localhost", "This is the desk's own address."),
        ("CORA@livraria-aurora.example", "This is the customer: answer on the ticket."),
    ],
)
def test_it_is_with_a_third_party_or_with_nobody(ticket, anna, at, address, sentence):
    with pytest.raises(InvalidInput) as refused:
        correspondence.open_side(user=anna, number=ticket.number, address=address, subject="x", body="x", now=at)

    assert refused.value.errors == {"address": [sentence]}
    assert not SideConversation.objects.exists()


def test_more_than_goes_with_a_mail_is_refused_with_nothing_stored(ticket, anna, at, settings):
    settings.MAIL_ATTACH_LIMIT = 3

    with pytest.raises(InvalidInput):
        correspondence.open_side(
            user=anna,
            number=ticket.number,
            address=VENDOR,
            subject="x",
            body="x",
            uploads=[Upload("a.txt", b"four")],
            now=at,
        )
    assert not SideConversation.objects.exists()


def test_a_customer_has_no_way_in(side, cora, ticket, at):
    for attempt in (
        lambda: correspondence.access_side(cora, side.pk),
        lambda: correspondence.access_side_file(cora, side.messages.get().files.get().pk),
        lambda: correspondence.say_on_side(user=cora, pk=side.pk, body="x", now=at),
    ):
        with pytest.raises((NotFound, PermissionError, Exception)) as refused:
            attempt()
        assert type(refused.value).__name__ in {"NotFound", "Refused"}
    assert side.messages.count() == 1


# --- Forwarding -----------------------------------------------------------------------------------------------


@pytest.fixture
def message(ticket, cora, at):
    files = [Upload("a.txt", b"one"), Upload("b.txt", b"two")]
    return tickets.customer_wrote(ticket=ticket, author=cora, body="It says E42.", now=at, attachments=files)


def test_a_message_is_forwarded_with_what_was_chosen(message, anna, at):
    first = message.attachments.first()

    made = correspondence.forward(
        user=anna, message=message.pk, address=VENDOR, subject="Fwd: x", note="Look.", attachments=[first.pk], now=at
    )

    sent = made.messages.get()
    assert sent.body.startswith("Look.")
    assert correspondence.forwarded_text(message) in sent.body
    assert [file.name for file in sent.files.all()] == ["a.txt"]
    assert "cora@" not in sent.body
    assert message.ticket.events.filter(kind="mail.forwarded").count() == 1
    assert Message.objects.count() == 2


def test_an_internal_note_is_not_forwarded(ticket, anna, at):
    note = services.note(user=anna, number=ticket.number, body="CANARY", now=at)

    with pytest.raises(NotFound):
        correspondence.forward(user=anna, message=note.pk, address=VENDOR, subject="x", now=at)


def test_files_of_another_message_do_not_go_along(message, ticket, anna, at):
    other = services.note(
        user=anna, number=ticket.number, body="x", now=at, attachments=[Upload("secret.txt", b"CANARY")]
    )

    with pytest.raises(InvalidInput):
        correspondence.forward(
            user=anna,
            message=message.pk,
            address=VENDOR,
            subject="x",
            attachments=[other.attachments.get().pk],
            now=at,
        )
