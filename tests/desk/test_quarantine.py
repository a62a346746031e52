"""Mail that nobody could file."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common.models import ConfigurationChange
from desk.looks.walk import PAGE
from mailroom import intake, services
from mailroom.models import IntakeState, RawMessage
from tests.desk.helpers import words
from tests.mailroom.mails import kept

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


def test_what_belongs_on_no_ticket_is_dealt_with_when_it_is_read_again(as_adam, mail, monkeypatch):
    def file(pk, *, now):
        RawMessage.objects.filter(pk=pk).update(state=IntakeState.FILED, ticket_number=None)
        return RawMessage.objects.get(pk=pk)

    monkeypatch.setattr(intake, "file", file)

    answer = as_adam.post(f"/quarantine/{mail.pk}/retry/", follow=True)

    assert "It is dealt with, and belongs on no ticket." in answer.content.decode()


def test_a_mail_that_a_block_drops_when_it_is_read_again_says_so(as_adam, adam, payments, at):
    row = intake.accept(kept("newsletter"), now=at)
    services.block(user=adam, pattern=row.sender, now=at)

    answer = as_adam.post(f"/quarantine/{row.pk}/retry/", follow=True)

    assert f"Mail {row.pk} is dropped: Its sender is blocked" in words(answer)


def test_what_is_ticked_is_dropped_together_and_nothing_else(as_adam, adam, payments, at):
    rows = [
        RawMessage.objects.create(raw=b"x", digest=f"{n:064}", state="quarantined", received_at=at) for n in range(3)
    ]
    filed = RawMessage.objects.create(raw=b"x", digest="f" * 64, state="filed", received_at=at)

    ticked = [rows[0].pk, rows[2].pk, filed.pk, "nonsense", "9" * 30, 10**15]
    answer = as_adam.post("/quarantine/drop/", {"mail": ticked}, follow=True)
    nothing = as_adam.post("/quarantine/drop/", {}, follow=True)

    assert "2 mails are dropped." in words(answer) and "Tick the mail to be dropped." in words(nothing)
    states = {row.pk: row.state for row in RawMessage.objects.all()}
    assert states == {rows[0].pk: "dropped", rows[1].pk: "quarantined", rows[2].pk: "dropped", filed.pk: "filed"}
    assert RawMessage.objects.get(pk=rows[0].pk).handled_by == adam


def test_what_was_dropped_by_mistake_comes_back_and_it_is_on_record(as_adam, mail):
    as_adam.post(f"/quarantine/{mail.pk}/drop/")
    assert f"/quarantine/{mail.pk}/bring-back/" in words(as_adam.get("/quarantine/"))

    answer = as_adam.post(f"/quarantine/{mail.pk}/bring-back/", follow=True)

    mail.refresh_from_db()
    assert mail.state == IntakeState.QUARANTINED
    assert "is in the quarantine again" in words(answer) and "Release this mail" in words(answer)
    assert ConfigurationChange.objects.latest("pk").after == {"state": "quarantined"}
    again = as_adam.post(f"/quarantine/{mail.pk}/bring-back/", follow=True)
    assert "This mail is not dropped any more." in words(again)


def test_what_a_block_dropped_can_be_brought_back_from_its_page(as_adam, mail):
    RawMessage.objects.update(state=IntakeState.DROPPED)

    assert f"/quarantine/{mail.pk}/bring-back/" in words(as_adam.get("/blocked-senders/"))


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


def release(client: Client, mail: RawMessage, onto: str = ""):
    return client.post(f"/quarantine/{mail.pk}/release/", {"ticket": onto})


def test_a_manager_reads_its_text_its_head_and_takes_it_along_as_a_file(client: Client, mona, payments, at):
    row = intake.accept(kept("newsletter"), now=at)
    client.force_login(mona)

    page = words(client.get(f"/quarantine/{row.pk}/"))
    file = client.get(f"/quarantine/{row.pk}/raw/")

    assert "It is bulk mail" in page
    assert "<dt>From</dt>" in page and "offers@shop.example" in page
    assert "<h2>What it says</h2>" in page and "Its text cannot be read" not in page
    assert file.content == kept("newsletter")
    assert file["Content-Disposition"] == f'attachment; filename="mail-{row.pk}.eml"'
    assert (file["Content-Type"], file["Content-Security-Policy"]) == ("application/octet-stream", "sandbox")


def test_a_mail_goes_onto_the_ticket_that_is_chosen_and_who_did_it_is_written_down(as_adam, adam, open_ticket, at):
    ticket = open_ticket()
    row = intake.accept(kept("newsletter"), now=at)

    answer = as_adam.post(f"/quarantine/{row.pk}/release/", {"ticket": ticket.number}, follow=True)

    # Its sender is not the customer of this ticket, so that it is a word for colleagues.
    note = ticket.messages.get(is_public=False)
    assert note.author == adam and note.body.startswith("Mail from offers@shop.example, “Offers of the week”:")
    assert f"Filed on #{ticket.number}." in words(answer)
    assert f">#{ticket.number}</a></td>" in words(answer) and "Adam Berg" in words(answer)
    row.refresh_from_db()
    assert (row.state, row.handled_by, row.handled_at) == (IntakeState.FILED, adam, at)


def test_the_customers_own_mail_becomes_his_word_on_it(as_adam, open_ticket, at):
    ticket = open_ticket()
    row = intake.accept(kept("truncated"), now=at)

    release(as_adam, row, str(ticket.number))

    assert ticket.messages.latest("pk").by_customer
    assert ticket.messages.latest("pk").body == "The text is whole."


@pytest.mark.parametrize("onto", ["999999", "x", "-1", "9" * 30])
def test_a_ticket_that_is_none_is_named_and_the_mail_stays(as_adam, mail, onto):
    answer = release(as_adam, mail, onto)

    assert answer.status_code == 422
    assert "form-error" in answer.content.decode()
    mail.refresh_from_db()
    assert mail.state == IntakeState.QUARANTINED and mail.handled_by is None


def test_a_mail_is_read_again_as_it_came(as_adam, payments, at):
    row = intake.accept(kept("truncated"), now=at)

    again = as_adam.post(f"/quarantine/{row.pk}/retry/", follow=True)

    assert "It is still here: It is malformed" in words(again)


def test_the_list_goes_on_page_by_page_and_repeats_nothing(as_adam, payments, at):
    rows = [
        RawMessage(raw=b"x", digest=f"{number:064}", subject=f"Mail {number:03}", state="quarantined", received_at=at)
        for number in range(PAGE + 10)
    ]
    RawMessage.objects.bulk_create(rows[:3])
    as_adam.get("/quarantine/")
    with CaptureQueriesContext(connection) as few:
        as_adam.get("/quarantine/")
    RawMessage.objects.bulk_create(rows[3:])
    with CaptureQueriesContext(connection) as many:
        first = words(as_adam.get("/quarantine/"))

    assert len(many) == len(few)
    older = re.search(r'href="(\?after=[^"]+)"', first)[1]
    second = words(as_adam.get(f"/quarantine/{older}"))
    shown = re.findall(r">Mail \d{3}<", first + second)
    assert len(shown) == len(set(shown)) == PAGE + 10
    assert as_adam.get("/quarantine/?after=nonsense_1").status_code == 200
