"""The mails on which Python's own e-mail library is tested, as they are and mutated: none crashes, none is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailroom import envelope, filing, intake, source
from mailroom.enums import IntakeState
from mailroom.models import RawMessage
from tests.conftest import AT
from tests.mailroom.mails import FOLDER
from tickets.models import Ticket

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("payments", "no_cap")]


# Copied from Lib/test/test_email/data of Python 3.11, under its licence, which lies beside them.
MAILS = sorted((FOLDER.parent / "python-mails").glob("msg_*.txt"))


@pytest.fixture
def no_cap(monkeypatch):
    """One database serves all examples, and all are sent within the hour."""
    monkeypatch.setattr(filing, "MAILS_AN_HOUR", 10_000)


def check(raw: bytes) -> None:
    """Filed or quarantined with a reason, readable, whole, and the same again."""
    before = Ticket.objects.count()
    row = intake.accept(raw, now=AT)
    kept = RawMessage.objects.get(pk=row.pk)
    assert kept.state in {IntakeState.FILED, IntakeState.QUARANTINED}
    assert not kept.reason.startswith(("It met an error", "It could not be stored", "Reading it")), kept.reason
    assert bool(kept.ticket_number) == (kept.state == IntakeState.FILED)
    assert kept.reason or kept.state == IntakeState.FILED
    # What servers write on the way is no part of it: a mutation of that alone is the same mail.
    assert envelope.read(bytes(kept.raw)).digest == envelope.read(raw).digest
    assert "\x00" not in source.as_text(raw)
    assert Ticket.objects.count() - before in {0, 1}
    assert intake.accept(raw, now=AT).pk == row.pk


def test_there_are_mails():
    assert len(MAILS) >= 40


def test_every_mail_of_pythons_tests_is_filed_or_quarantined_with_its_reason():
    for path in MAILS:
        check(path.read_bytes())

    states = set(RawMessage.objects.values_list("state", flat=True))
    assert states == {IntakeState.FILED, IntakeState.QUARANTINED}


@st.composite
def mutated(draw) -> bytes:
    """One of them with bytes changed, cut out, doubled, or crossed with another."""
    raw = draw(st.sampled_from(MAILS)).read_bytes()
    for _change in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 200)))
        other = draw(st.sampled_from(MAILS)).read_bytes()
        piece = draw(st.sampled_from([b"", raw[start:end] * 2, other[start:end], other[:end], b"\x00", b"\xff\n\n"]))
        raw = raw[:start] + piece + raw[end:]
    return raw


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=mutated())
def test_every_mutation_of_them_is_filed_or_quarantined_with_its_reason(raw):
    check(raw)
