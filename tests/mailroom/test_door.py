"""The door for mail servers, spoken to with Python's own SMTP and LMTP clients."""

import smtplib
import socket

import pytest
from django.db import OperationalError

from config.mail_settings import Door as Address
from mailroom import recipients
from mailroom.doors import handing, lmtp
from mailroom.enums import IntakeState
from mailroom.models import Mailbox, RawMessage
from mailroom.office import Filing
from tests.mailroom.mails import compose
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("payments")]

DESK = "support@escala.localhost"
FROM = "cora@livraria-aurora.example"


@pytest.fixture
def door(settings):
    """Opens a door that speaks LMTP or SMTP; what it took is filed when it is closed."""
    opened, taken = [], []

    def make(*, lmtp_spoken: bool = True) -> lmtp.Door:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings.MAIL_DOOR = Address("127.0.0.1", port, speaks_lmtp=lmtp_spoken)
        opened.append(lmtp.Door(settings.MAIL_DOOR, taken.append))
        opened[-1].start()
        opened[-1].taken = taken
        return opened[-1]

    yield make
    for one in opened:
        one.stop()


def client(one: lmtp.Door, kind=smtplib.LMTP):
    return kind("127.0.0.1", one.port, timeout=10)


@pytest.mark.parametrize("kind", [smtplib.LMTP, smtplib.SMTP])
def test_a_mail_is_kept_before_it_is_answered_and_filed_after(door, kind):
    one = door(lmtp_spoken=kind is smtplib.LMTP)

    with client(one, kind) as server:
        assert server.sendmail(FROM, [DESK], compose()) == {}
        assert RawMessage.objects.get().state == IntakeState.RECEIVED
    filing = Filing()
    for pk in one.taken:
        filing.hand_over(pk)
    filing.file(filing.next_keys())

    assert Ticket.objects.get().subject == "Payouts are stuck"
    raw = bytes(RawMessage.objects.get().raw)
    assert raw.startswith(f"Return-Path: <{FROM}>\r\nDelivered-To: {DESK}\r\nFrom: ".encode())


def test_each_recipient_is_answered_by_himself(door, at):
    Mailbox.objects.create(address="billing@desk.example", way="door", changed_at=at)
    Mailbox.objects.create(address="paused@desk.example", way="door", is_paused=True, changed_at=at)

    wanted = {
        DESK: 250,
        "support+12-abc@escala.localhost": 250,
        "BILLING@desk.example": 250,
        "nobody@escala.localhost": 550,
        "paused@desk.example": 450,
        "": 550,
    }

    with client(door()) as server:
        server.ehlo_or_helo_if_needed()
        server.mail(FROM)
        assert {address: server.rcpt(address)[0] for address in wanted} == wanted
        # RFC 2033, 4.2: one answer for each recipient that was taken. Python's client reads the first one.
        assert [server.data(compose())[0], server.getreply()[0], server.getreply()[0]] == [250, 250, 250]

    assert RawMessage.objects.get().mailbox.address == "billing@desk.example"


@pytest.mark.parametrize("name", ["standing_of", "keep"])
def test_while_the_database_is_away_the_server_is_told_to_try_again(door, monkeypatch, name):
    def away(*given, **named):
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(recipients if name == "standing_of" else handing, name, away)

    with client(door()) as server, pytest.raises(smtplib.SMTPResponseException) as refusal:
        try:
            server.sendmail(FROM, [DESK], compose())
        except smtplib.SMTPRecipientsRefused as error:
            raise smtplib.SMTPResponseException(*error.recipients[DESK]) from error
    assert refusal.value.smtp_code == 451
    assert not RawMessage.objects.exists()


def test_a_mail_announced_as_too_large_is_refused_before_it_comes(door, settings):
    settings.MAIL_SIZE_LIMIT = 1000

    with client(door()) as server, pytest.raises(smtplib.SMTPSenderRefused) as refusal:
        server.sendmail(FROM, [DESK], compose("x" * 2000))
    assert refusal.value.smtp_code == 552


def test_a_gigabyte_on_one_line_is_broken_off_at_the_limit(door, settings, monkeypatch):
    settings.MAIL_SIZE_LIMIT = 1024 * 1024
    one = door()
    with client(one) as server:
        server.ehlo_or_helo_if_needed()
        server.mail(FROM)
        server.rcpt(DESK)
        server.putcmd("data")
        assert server.getreply()[0] == 354
        sent = 0
        with pytest.raises(OSError):
            while sent < 1024**3:
                server.sock.sendall(b"X-Long: " + b"x" * 65536)
                sent += 65536
    assert sent < 64 * 1024 * 1024
    assert not RawMessage.objects.exists()


def test_who_goes_on_with_what_is_no_command_is_shown_out(door):
    one = door()

    with client(one) as server:
        server.ehlo_or_helo_if_needed()
        server.sock.sendall((b" " + b"a" * 998 + b"\r\n") * 200)
        codes = []
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            while True:
                codes.append(server.getreply()[0])

    assert codes == [500] * (lmtp.NONSENSE_LIMIT - 1) + [421]


def test_what_strangers_send_is_not_written_into_the_log(door, caplog):
    one = door()

    with client(one) as server:
        server.sendmail(FROM, [DESK], compose())

    assert FROM not in caplog.text


def test_nothing_in_an_envelope_begins_a_line_of_its_own():
    stamped = handing.stamped(b"Subject: x\r\n\r\n", "a\r\nBcc: b@c.example", ["d\u2028@e.example"])

    assert stamped.splitlines() == [
        b"Return-Path: <aBcc:b@c.example>",
        b"Delivered-To: d@e.example",
        b"Subject: x",
        b"",
    ]
