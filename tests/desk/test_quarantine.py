"""Mail that nobody could file."""

import pytest
from django.test import Client

from mailroom import intake
from mailroom.models import IntakeState, RawMessage

STRANGE = b"From: a@example.com\r\nFrom: b@example.com\r\nSubject: \xff<script>alert(1)</script>\r\n\r\nbody \xfe"


@pytest.fixture
def mail(db, payments, at) -> RawMessage:
    row = RawMessage.objects.create(
        raw=STRANGE, digest="0" * 64, sender="a@example.com", subject="Odd", received_at=at, reason="Two senders."
    )
    RawMessage.objects.filter(pk=row.pk).update(state=IntakeState.QUARANTINED)
    return row


@pytest.fixture
def as_adam(client: Client, adam) -> Client:
    client.force_login(adam)
    return client


def test_an_administrator_reads_what_came(as_adam, mail):
    listed = as_adam.get("/quarantine/").content.decode()
    page = as_adam.get(f"/quarantine/{mail.pk}/").content.decode()

    assert "Odd" in listed and "Two senders." in listed
    assert "From: b@example.com" in page
    assert "<script>alert(1)" not in page


def test_dropping_keeps_the_bytes(as_adam, mail):
    answer = as_adam.post(f"/quarantine/{mail.pk}/drop/", follow=True)

    mail.refresh_from_db()
    assert mail.state == IntakeState.DROPPED
    assert bytes(mail.raw) == STRANGE
    assert "is dropped" in answer.content.decode()


def test_filing_after_all_says_what_became_of_it(as_adam, mail, monkeypatch):
    def file(pk, *, now):
        RawMessage.objects.filter(pk=pk).update(state=IntakeState.FILED, ticket_number=7)
        return RawMessage.objects.get(pk=pk)

    monkeypatch.setattr(intake, "file", file)

    answer = as_adam.post(f"/quarantine/{mail.pk}/retry/", follow=True)

    assert "Filed on #7." in answer.content.decode()
    assert "The quarantine is empty" in answer.content.decode()


def test_a_mail_that_left_is_not_here_any_more(as_adam, mail):
    as_adam.post(f"/quarantine/{mail.pk}/drop/")

    again = as_adam.post(f"/quarantine/{mail.pk}/drop/", follow=True)

    assert as_adam.get(f"/quarantine/{mail.pk}/").status_code == 404
    assert "no longer in the quarantine" in again.content.decode()


@pytest.mark.parametrize("who", ["anna", "cora"])
def test_only_managers_open_the_quarantine(client: Client, request, mail, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get("/quarantine/").status_code == 404
    assert client.get(f"/quarantine/{mail.pk}/").status_code == 404
    assert client.post(f"/quarantine/{mail.pk}/drop/").status_code == 404
    mail.refresh_from_db()
    assert mail.state == IntakeState.QUARANTINED
