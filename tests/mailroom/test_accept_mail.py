import io
import os
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError

from mailroom import intake
from mailroom.management.commands import accept_mail
from mailroom.models import IntakeState, RawMessage
from mailroom.tasks import file_pending
from tests.mailroom.mails import kept
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("payments")


@pytest.fixture
def hand_over(monkeypatch):
    """What a mail server does: one mail on standard input; gives status, standard output and error output."""

    def run(raw: bytes, *options: str):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        out, err = io.StringIO(), io.StringIO()
        try:
            call_command("accept_mail", *options, stdout=out, stderr=err)
        except SystemExit as end:
            return end.code, out.getvalue(), err.getvalue()
        return os.EX_OK, out.getvalue(), err.getvalue()

    return run


def test_a_mail_is_filed_and_said_so(hand_over):
    status, out, _err = hand_over(kept("plain"))

    assert (status, out) == (os.EX_OK, f"Filed on ticket #{Ticket.objects.get().number}.\n")


def test_a_repeat_says_the_same(hand_over):
    assert hand_over(kept("plain")) == hand_over(kept("plain"))


def test_a_quarantined_mail_is_safe_and_said_so_in_one_line(hand_over):
    status, out, _err = hand_over(kept("no-boundary"))

    assert status == os.EX_OK
    assert out == "Quarantined: It is malformed: it has parts, but no boundary between them.\n"


@pytest.mark.parametrize("raw", [b"", b"\x00" * 1000, b"\xff\xfe" * 500, bytes(range(256))])
def test_rubbish_is_kept_and_said_so(hand_over, raw):
    status, out, _err = hand_over(raw)

    assert status == os.EX_OK
    assert out.startswith("Quarantined: ")
    assert bytes(RawMessage.objects.get().raw) == raw


def test_a_database_that_is_away_makes_the_server_try_again(hand_over, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused\nis it running?")

    monkeypatch.setattr(intake, "keep", away)
    status, out, err = hand_over(kept("plain"))

    assert (status, out) == (os.EX_TEMPFAIL, "")
    assert err == "accept_mail: the mail could not be kept: connection refused\n"


def test_a_mail_too_large_to_be_kept_is_given_back_to_its_sender(hand_over, monkeypatch):
    monkeypatch.setattr(accept_mail, "ACCEPTED_LIMIT", 100)

    status, _out, err = hand_over(kept("plain"))

    assert status == os.EX_DATAERR
    assert "not kept" in err
    assert not RawMessage.objects.exists()


def test_what_a_crash_left_behind_is_filed_by_hand(hand_over, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(intake, "file", lambda pk, now: RawMessage.objects.get(pk=pk))
        status, out, _err = hand_over(kept("plain"))
        assert (status, out) == (os.EX_OK, "Kept; it will be filed shortly.\n")

    assert hand_over(b"", "--pending")[1] == "1 done, 0 still pending.\n"
    assert Ticket.objects.count() == 1


def test_what_a_crash_left_behind_is_filed_by_the_beat(hand_over, monkeypatch, time, at):
    with monkeypatch.context() as patch:
        patch.setattr(intake, "file", lambda pk, now: RawMessage.objects.get(pk=pk))
        hand_over(kept("plain"))

    file_pending()
    assert RawMessage.objects.get().state == IntakeState.RECEIVED
    time.move_to(at + intake.LEASE)
    file_pending()
    assert RawMessage.objects.get().state == IntakeState.FILED
