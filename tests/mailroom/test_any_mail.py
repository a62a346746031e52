"""No sequence of bytes crashes the intake, and none gets lost in it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroom import filing, intake, source
from mailroom.models import IntakeState, RawMessage
from tests.conftest import AT
from tests.mailroom.mails import NAMES, kept
from tickets.models import Ticket

pytestmark = pytest.mark.once

FRAGMENTS = [
    b"\x00", b"\r", b"\n\n", b"\n", b"--abc\n", b"--abc--", b"=?utf-8?b?", b"=?utf-8?q?=00=0D=0A?=", b"\xe2\x80\xa8",
    b"+2AA-", b"From: <>\n", b"From: :;\n", b'From: "', b"a@b@c", b"\xf0\x9f\x92\xb8", b"Subject:\n \n\t\n",
    b"Content-Type: multipart/mixed; boundary=abc\n", b"Content-Transfer-Encoding: base64\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Type: text/html; charset=utf-7\n", b"charset*=punycode''x",
    b"Content-Type: multipart/digest; boundary*0=a; boundary*1=bc\n", b"filename*=x'y'%00", b"Message-ID: <x@y>\n",
    b"Content-Transfer-Encoding: uuencode\n", b"begin 644 x\n#86)C\n`\nend\n", b"<blockquote>" * 20,
    b"References: <1.1-aaaaaaaaaaaaaaaaaaaaaaaaaa@escala.localhost>\n",
]  # fmt: skip


@st.composite
def mails(draw) -> bytes:
    """A mail from the files with pieces cut out, put in, doubled and turned around."""
    raw = kept(draw(st.sampled_from(NAMES)))
    for _change in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 80)))
        piece = draw(
            st.one_of(st.sampled_from(FRAGMENTS), st.binary(max_size=12), st.just(raw[start:end] * 2), st.just(b""))
        )
        raw = raw[:start] + piece + raw[end:]
    return raw


@pytest.fixture
def no_cap(monkeypatch):
    """One database serves all examples, and all are sent within the hour."""
    monkeypatch.setattr(filing, "MAILS_AN_HOUR", 10_000)


@pytest.mark.usefixtures("payments", "anna", "no_cap")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=mails())
def test_every_mail_is_filed_or_quarantined_and_never_lost(raw):
    before = Ticket.objects.count()

    row = intake.accept(raw, now=AT)

    kept_row = RawMessage.objects.get(pk=row.pk)
    assert kept_row.state in {IntakeState.FILED, IntakeState.QUARANTINED}
    assert not kept_row.reason.startswith(("It met an error", "It could not be stored")), kept_row.reason
    assert bool(kept_row.ticket_number) == (kept_row.state == IntakeState.FILED)
    assert bool(kept_row.reason) or kept_row.state == IntakeState.FILED
    assert Ticket.objects.count() - before in {0, 1}
    assert intake.accept(raw, now=AT).pk == row.pk
    assert "\x00" not in source.as_text(bytes(kept_row.raw))
