import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connections

from mailroom import filing, intake
from mailroom.models import IntakeState, RawMessage
from mailroom.threads import reply_address, token_for
from notifications.models import Delivery
from people.models import User
from tests.mailroom.mails import compose, kept
from tickets import actions as tickets
from tickets.enums import Channel, Status
from tickets.models import Attachment, Message, Ticket

pytestmark = pytest.mark.usefixtures("payments")

STAN = "Stan Strange <stan@elsewhere.example>"


@pytest.fixture
def ticket(open_ticket):
    return open_ticket()


@pytest.fixture
def to_ticket(ticket, cora):
    """The address that answers to the ticket go to."""
    return reply_address(token_for(ticket.number, cora.email))


def test_a_mail_becomes_a_ticket_of_its_sender(cora, at):
    row = intake.accept(kept("plain"), now=at)

    ticket = Ticket.objects.get()
    assert (row.state, row.ticket_number, row.reason) == (IntakeState.FILED, ticket.number, "")
    assert (ticket.requester, ticket.organisation, ticket.channel) == (cora, cora.organisation, Channel.EMAIL)
    assert (ticket.subject, ticket.created_at) == ("Payouts are stuck", at)
    message = ticket.messages.get()
    assert message.body.startswith("Good morning,\n\nsince 07:30")
    assert message.external_id == "<plain-1@livraria-aurora.example>"


def test_the_mail_is_kept_byte_by_byte(at):
    row = intake.accept(kept("plain"), now=at)

    assert bytes(RawMessage.objects.get(pk=row.pk).raw) == kept("plain")


def test_an_unknown_sender_becomes_a_customer_who_cannot_sign_in(at):
    intake.accept(kept("koi8-r"), now=at)

    petr = User.objects.get(email="petr@kedr.example")
    assert (petr.name, petr.role) == ("Пётр Ильин", "customer")
    assert not petr.has_usable_password()


def test_files_come_along_with_their_type_taken_from_the_bytes(at):
    intake.accept(kept("alternative-with-picture"), now=at)

    picture = Attachment.objects.get()
    assert (picture.name, picture.content_type) == ("ecrã.png", "image/png")


def test_a_mail_without_a_subject_or_a_text_still_is_a_ticket(at):
    intake.accept(compose("", subject=""), now=at)

    ticket = Ticket.objects.get()
    assert ticket.subject == "(no subject)"
    assert ticket.messages.get().body == "(no text)"


def test_a_forgotten_file_is_named_in_the_message(at):
    parts = "".join(f'--b\nContent-Disposition: attachment; filename="f{n}.txt"\n\nfile {n}\n' for n in range(12))
    raw = compose(f"--b\n\nSee.\n{parts}--b--").replace(b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b")

    intake.accept(raw, now=at)

    assert Message.objects.get().body == "See.\n\n(Left out, and kept with the mail itself: f10.txt, f11.txt)"


# --- Once -----------------------------------------------------------------------------------------------------


def test_the_same_mail_twice_is_one_ticket(at):
    first = intake.accept(kept("plain"), now=at)
    second = intake.accept(kept("plain"), now=at + timedelta(minutes=1))

    assert first.pk == second.pk
    assert Ticket.objects.count() == RawMessage.objects.count() == Message.objects.count() == 1


def test_the_same_mail_by_another_way_is_still_the_same(at):
    intake.accept(compose(), now=at)
    intake.accept(b"Return-Path: <cora@x.example>\nReceived: from a\n by b; now\n" + compose(), now=at)
    intake.accept(compose().replace(b"\n", b"\r\n"), now=at)

    assert Ticket.objects.count() == 1


def test_another_mail_that_bears_the_same_message_id_is_not_lost(at):
    intake.accept(compose("Since yesterday."), now=at)
    intake.accept(compose("And since today."), now=at)

    assert Ticket.objects.count() == 2


def test_mails_without_a_message_id_are_told_apart_by_their_bytes(at):
    for day in ("Tue, 17 Nov 2026", "Wed, 18 Nov 2026", "Wed, 18 Nov 2026"):
        intake.accept(compose(identifier="", Date=f"{day} 10:00:00 +0000"), now=at)

    assert Ticket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_from_four_servers_at_once_is_one_ticket(at):
    start = threading.Barrier(4)
    rows = []

    def work() -> None:
        start.wait(timeout=10)
        try:
            rows.append(intake.accept(kept("plain"), now=at).pk)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert len(rows) == 4
    assert len(set(rows)) == 1
    assert Ticket.objects.count() == RawMessage.objects.count() == Message.objects.count() == 1


# --- Crashes --------------------------------------------------------------------------------------------------


def dies(*args, **kwargs):
    raise SystemExit("killed")


def test_a_crash_between_keeping_and_filing_loses_nothing(at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(intake, "file", dies)
        with pytest.raises(SystemExit):
            intake.accept(kept("plain"), now=at)

    assert RawMessage.objects.get().state == IntakeState.RECEIVED
    assert intake.file_pending(now=at + timedelta(minutes=2)) == 1
    assert RawMessage.objects.get().state == IntakeState.FILED
    assert Ticket.objects.get().subject == "Payouts are stuck"


def test_a_crash_while_filing_leaves_no_half_ticket(at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(filing, "send_receipt", dies)
        with pytest.raises(SystemExit):
            intake.accept(kept("plain"), now=at)

    assert not Ticket.objects.exists()
    assert RawMessage.objects.get().state == IntakeState.RECEIVED


def test_the_server_that_tries_again_after_a_crash_gets_the_mail_filed(at, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(intake, "file", dies)
        with pytest.raises(SystemExit):
            intake.accept(kept("plain"), now=at)

    assert intake.accept(kept("plain"), now=at).state == IntakeState.FILED
    assert Ticket.objects.count() == 1


def test_a_busy_database_postpones_and_then_files(at, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(tickets, "open_tickets", busy)
        row = intake.accept(kept("plain"), now=at)

    assert (row.state, row.attempts) == (IntakeState.RECEIVED, 1)
    assert intake.file_pending(now=at + timedelta(minutes=1)) == 0
    assert intake.file_pending(now=at + timedelta(minutes=3)) == 1
    assert Ticket.objects.count() == 1


def test_what_can_never_be_stored_ends_in_the_quarantine(at, monkeypatch):
    def broken(*args, **kwargs):
        raise OperationalError("no space left on device")

    monkeypatch.setattr(tickets, "open_tickets", broken)
    row = intake.accept(kept("plain"), now=at)
    for hour in range(1, 9):
        intake.file_pending(now=at + timedelta(hours=hour))

    row.refresh_from_db()
    assert (row.state, row.reason) == (IntakeState.QUARANTINED, "It could not be stored: OperationalError.")


def test_an_error_of_the_program_quarantines_the_one_mail_and_delays_no_other(at, monkeypatch):
    opens = tickets.open_tickets

    def stumbles(openings, **given):
        opened = opens(openings, **given)
        if any("stuck" in opening.subject for opening in openings):
            raise ZeroDivisionError
        return opened

    with monkeypatch.context() as patch:
        patch.setattr(intake, "file", lambda pk, now: RawMessage.objects.get(pk=pk))
        intake.accept(kept("plain"), now=at)
        intake.accept(kept("koi8-r"), now=at)
    monkeypatch.setattr(tickets, "open_tickets", stumbles)

    assert intake.file_pending(now=at, at_once=True) == 2
    assert dict(RawMessage.objects.values_list("sender", "state")) == {
        "cora@livraria-aurora.example": IntakeState.QUARANTINED,
        "petr@kedr.example": IntakeState.FILED,
    }


# --- Quarantine -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("no-boundary", "It is malformed: it has parts, but no boundary between them."),
        ("truncated", "It is malformed: it ends in the middle of a part."),
        ("nul-bytes", "It holds NUL bytes, which no mail may."),
        ("no-header-at-all", "It names no sender that can be answered."),
        ("two-senders", "It names more than one sender."),
        ("out-of-office", "It is an automatic answer."),
        ("bounce", "It is a report of a mail server."),
        ("newsletter", "It is bulk mail or an automatic answer (Precedence)."),
        (
            "from-an-agent",
            "It bears the address of somebody who works at the desk, and nothing proves who sent it.",
        ),
    ],
)
def test_a_mail_that_must_not_be_filed_is_kept_with_the_reason(name, reason, at):
    row = intake.accept(kept(name), now=at)

    assert (row.state, row.reason) == (IntakeState.QUARANTINED, reason)
    assert bytes(row.raw) == kept(name)
    assert not Ticket.objects.exists()
    assert not Delivery.objects.exists()


def test_a_mail_above_the_limit_is_kept_and_quarantined(at):
    row = intake.accept(compose("x" * 31 * 1024 * 1024), now=at)

    assert (row.state, row.reason) == (IntakeState.QUARANTINED, "It is larger than 30 MB.")
    assert row.subject == "Payouts are stuck"


def test_a_customer_whose_account_is_closed_is_not_filed(cora, at):
    cora.is_active = False
    cora.save()

    assert intake.accept(kept("plain"), now=at).reason == "The account of its sender is closed."


def test_the_bait_of_a_sender_who_never_stops_is_cut_off(at, monkeypatch):
    monkeypatch.setattr(filing, "MAILS_AN_HOUR", 3)

    for number in range(5):
        intake.accept(compose(identifier=f"<{number}@x.example>"), now=at + timedelta(seconds=number))
    later = intake.accept(compose(identifier="<later@x.example>"), now=at + timedelta(hours=2))

    assert Ticket.objects.count() == 4
    assert RawMessage.objects.quarantined().count() == 2
    assert later.state == IntakeState.FILED


# --- Threads --------------------------------------------------------------------------------------------------


def test_an_answer_lands_on_its_ticket_without_what_it_quotes(ticket, to_ticket, at):
    text = "It works again.\n\nOn 18 Nov 2026, Meridiano Pay wrote:\n> We are looking at it.\n"

    row = intake.accept(compose(text, to=to_ticket), now=at)

    assert (row.state, row.ticket_number) == (IntakeState.FILED, ticket.number)
    message = ticket.messages.last()
    assert (message.body, message.by_customer, message.channel) == ("It works again.", True, Channel.EMAIL)
    assert Ticket.objects.count() == 1


def test_an_answer_ends_the_waiting(ticket, to_ticket, anna, at):
    tickets.reply(ticket=ticket, author=anna, body="Which bank?", now=at, then_wait=True)

    intake.accept(compose("Ipê.", to=to_ticket), now=at)

    ticket = Ticket.objects.get(number=ticket.number)
    assert ticket.status == Status.OPEN


@pytest.mark.parametrize("verbs", [["solve"], ["solve", "close"]])
def test_an_answer_to_a_finished_ticket_opens_it_again(ticket, to_ticket, anna, at, verbs):
    for verb in verbs:
        tickets.change_status(ticket=ticket, verb=verb, now=at, by=anna)

    intake.accept(compose("It is broken again.", to=to_ticket), now=at)

    assert Ticket.objects.get(number=ticket.number).status == Status.OPEN


def test_a_mail_with_the_same_subject_is_a_new_ticket(ticket, at):
    intake.accept(compose(subject=f"Re: {ticket.subject} [#{ticket.number}]"), now=at)

    assert Ticket.objects.count() == 2
    assert ticket.messages.count() == 1


def test_a_stranger_with_the_customers_token_gets_a_ticket_of_his_own(ticket, to_ticket, stan, at):
    row = intake.accept(compose("Let me in.", sender=STAN, to=to_ticket), now=at)

    assert ticket.messages.count() == 1
    assert Ticket.objects.get(number=row.ticket_number).requester == stan
    assert (
        row.reason
        == f"It answers a mail about #{ticket.number} that went to somebody else, so it has a ticket of its own."
    )


def test_an_agents_mail_never_acts_as_staff(ticket, to_ticket, at):
    row = intake.accept(compose("Solved.", sender="Anna <ANNA@meridiano.example>", to=to_ticket), now=at)

    assert row.state == IntakeState.QUARANTINED
    assert ticket.messages.count() == 1


@pytest.mark.parametrize("signs", [{"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated"}])
def test_what_a_program_says_on_a_ticket_moves_nothing(ticket, to_ticket, anna, at, signs):
    tickets.change_status(ticket=ticket, verb="solve", now=at, by=anna)

    row = intake.accept(compose("I am away.", to=to_ticket, **signs), now=at)

    assert row.state == IntakeState.FILED
    assert not ticket.messages.last().by_customer
    assert Ticket.objects.get(number=ticket.number).status == Status.SOLVED


# --- Receipts -------------------------------------------------------------------------------------------------


def test_a_new_request_is_confirmed_once_without_the_senders_words(at):
    intake.accept(kept("plain"), now=at)
    intake.accept(kept("plain"), now=at)

    receipt = Delivery.objects.get()
    assert receipt.address == "cora@livraria-aurora.example"
    assert receipt.headers["Auto-Submitted"] == "auto-replied"
    assert receipt.headers["In-Reply-To"] == "<plain-1@livraria-aurora.example>"
    assert receipt.thread_token == token_for(Ticket.objects.get().number, receipt.address)
    assert "stuck" not in f"{receipt.subject}{receipt.context}"
    assert "214" not in f"{receipt.context}"


@pytest.mark.parametrize(
    "signs",
    [{"Auto_Submitted": "auto-generated"}, {"X_Auto_Response_Suppress": "All"}, {"X_Auto_Response_Suppress": "OOF"}],
)
def test_who_must_not_be_answered_gets_a_ticket_and_no_receipt(at, signs):
    row = intake.accept(compose(**signs), now=at)

    assert row.state == IntakeState.FILED
    assert not Delivery.objects.exists()


def test_receipts_to_one_address_are_capped(at):
    for number in range(8):
        intake.accept(compose(identifier=f"<{number}@x.example>"), now=at + timedelta(seconds=number))

    assert Ticket.objects.count() == 8
    assert Delivery.objects.count() == 3


def test_an_answer_on_a_ticket_gets_no_receipt(ticket, to_ticket, at):
    Delivery.objects.all().delete()

    intake.accept(compose("It works.", to=to_ticket), now=at)

    assert not Delivery.objects.exists()
