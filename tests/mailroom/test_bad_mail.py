"""Mail that means harm, or that no program ever checked: bounded work, one clear sentence, and nothing lost."""

import base64
import io
import sys
import time as stopwatch
import zipfile

import pytest
from django.core.management import call_command

from mailroom import intake
from mailroom.enums import IntakeState
from mailroom.management.commands import accept_mail
from mailroom.models import RawMessage
from mailroom.parse import ParseError, parse
from tests.mailroom.mails import CORA, compose
from tickets.models import Attachment, Ticket
from tickets.uploads import safe_name

HEAD = f"From: {CORA}\nTo: support@escala.localhost\nMessage-ID: <bad@x.example>\n"


def many_parts(count: int) -> bytes:
    part = "--b\nContent-Type: text/plain\n\nx\n"
    return f"{HEAD}Subject: Parts\nContent-Type: multipart/mixed; boundary=b\n\n{part * count}--b--\n".encode()


def nested(depth: int) -> bytes:
    opening = "".join(f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n" for level in range(depth))
    return f"{HEAD}Subject: Deep\n{opening}Content-Type: text/plain\n\nx\n".encode()


class Endless(io.RawIOBase):
    """A gigabyte of one header, which counts how much of it anybody wants."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        size = min(len(buffer), 1024**3 - self.given)
        buffer[:size] = b"x" * size
        self.given += size
        return size


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (HEAD.encode() + b"X-Long: " + b"x" * 2_000_000 + b"\n\nHello\n", "Its head is larger than 1 MB."),
        (b"X" * 3_000_000, "Its head is larger than 1 MB."),
        (many_parts(100_000), "It has more than 200 parts."),
        (nested(1000), "It has more than 200 parts."),
        (nested(100), "Its parts are nested too deeply."),
        (("X: y\n" * 30_000 + HEAD + "\nx\n").encode(), "It has more than 500 headers."),
    ],
    ids=["long header", "no end of the head", "100,000 parts", "depth 1,000", "depth 100", "30,000 headers"],
)
def test_what_goes_on_and_on_is_quarantined_with_the_reason_and_in_time(payments, at, raw, reason):
    began = stopwatch.monotonic()

    row = intake.accept(raw, now=at)

    assert (row.state, row.reason) == (IntakeState.QUARANTINED, reason)
    assert bytes(RawMessage.objects.get().raw) == raw
    assert stopwatch.monotonic() - began < 20


def test_a_gigabyte_of_header_is_refused_without_being_read(db, monkeypatch, capsys):
    endless = Endless()
    monkeypatch.setattr(accept_mail, "ACCEPTED_LIMIT", 4 * 1024 * 1024, raising=False)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless), encoding="latin-1"))

    with pytest.raises(SystemExit):
        call_command("accept_mail")

    assert endless.given < 8 * 1024 * 1024
    assert "larger than" in capsys.readouterr().err


@pytest.mark.parametrize(
    "headers",
    [
        {"Date": "Foo, 99 Brr 99999 99:99:99 +99999"},
        {"Date": "0"},
        {"subject": "\n \n\t\n "},
        {"subject": "=?utf-8?b?DQoNCg==?="},
        {"X_Eight": "Ã¿ÿ"},
        {"Content_Disposition": "inline; filename*=utf-8''%00%ff"},
        {"References": "<" * 5000},
    ],
)
def test_what_is_only_odd_is_filed(payments, at, headers):
    row = intake.accept(compose(**headers), now=at)

    assert row.state == IntakeState.FILED, row.reason
    assert Ticket.objects.get().subject


@pytest.mark.parametrize("sender", ["", "<>", " ", "undisclosed:;", "=?utf-8?q??=", "\u200b"])
def test_a_mail_of_nobody_is_kept_aside(payments, at, sender):
    raw = compose(sender="x").replace(b"From: x", f"From: {sender}".encode())

    assert intake.accept(raw, now=at).reason == "It names no sender that can be answered."


def test_eight_bit_headers_of_any_kind_are_read(payments, at):
    raw = HEAD.encode() + b"Subject: \xe4\xf6\xfc \xd0\x9f \xff\nContent-Type: text/plain\n\nx\n"

    assert intake.accept(raw, now=at).state == IntakeState.FILED


def attached(name: str, content: bytes) -> bytes:
    body = base64.b64encode(content).decode()
    return (
        f"{HEAD}Subject: File\nContent-Type: multipart/mixed; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nSee.\n--b\n"
        f'Content-Type: application/zip\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{body}\n--b--\n"
    ).encode()


def test_a_bomb_is_a_file_like_any_other_and_nobody_unpacks_it(payments, at):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", b"\x00" * 50_000_000)

    assert intake.accept(attached("bomb.zip", packed.getvalue()), now=at).state == IntakeState.FILED

    kept = Attachment.objects.get()
    assert kept.size == len(packed.getvalue()) < 100_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\\\..\\\\x", "x"),
        ("in\u200bvoice.p\u200cdf", "invoice.pdf"),
        ("\u2060\ufeff", "file"),
        ("txt.\u202eexe", "txt.exe"),
        ("\u200b../\u200bx", "x"),
        ("a  \u3000 b.txt", "a b.txt"),
        ("....", "file"),
    ],
)
def test_a_files_name_leads_nowhere_and_hides_nothing(name, shown):
    assert safe_name(name) == shown
    assert [upload.name for upload in parse(attached(name, b"x")).attachments] == [shown]


def test_a_subject_of_line_breaks_adds_no_header(payments, at):
    raw = compose(subject="=?utf-8?q?a=0D=0ABcc:_x@y.example?=")

    intake.accept(raw, now=at)

    assert Ticket.objects.get().subject == "a  Bcc: x@y.example"


def test_a_head_of_headers_alone_is_still_bounded():
    with pytest.raises(ParseError):
        parse(b"\n" * 10)
