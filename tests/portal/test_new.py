"""A new request."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tickets.files import SIZE_LIMIT
from tickets.models import Attachment, Ticket

GOOD = {"subject": "Payouts are stuck", "body": "Since yesterday."}


@pytest.fixture
def as_cora(client: Client, cora, payments) -> Client:
    client.force_login(cora)
    return client


def test_a_customer_opens_a_request(as_cora, cora, payments):
    answer = as_cora.post("/help/new/", GOOD, follow=True)

    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.team, ticket.channel) == (cora, payments, "web")
    assert answer.redirect_chain == [(f"/help/{ticket.number}/", 302)]
    assert "We have it." in answer.content.decode()


def test_the_limits_of_files_are_said_before_the_upload(as_cora):
    page = as_cora.get("/help/new/").content.decode()

    assert "At most 10 files of 20 MB each." in page


def test_files_come_along(as_cora):
    files = [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.png", b"\x89PNG\r\n\x1a\n" + b"0" * 30)]

    as_cora.post("/help/new/", {**GOOD, "attachments": files})

    kept = {file.name: file.content_type for file in Attachment.objects.all()}
    assert kept == {"a.txt": "text/plain", "b.png": "image/png"}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"subject": ""}, "This field is required."),
        ({"subject": "x" * 1024 * 1024}, "at most 200 characters"),
        ({"subject": "two\nlines"}, "one line"),
        ({"body": "  "}, "This field is required."),
        ({"body": "bell \x07"}, "control characters"),
    ],
)
def test_wrong_input_is_said_beside_the_field_and_nothing_is_stored(as_cora, wrong, sentence):
    answer = as_cora.post("/help/new/", {**GOOD, **wrong})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_what_was_typed_survives_a_refusal(as_cora):
    page = as_cora.post("/help/new/", {"subject": "", "body": "A long story."}).content.decode()

    assert "A long story." in page


def test_eleven_files_are_too_many(as_cora):
    files = [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(11)]

    answer = as_cora.post("/help/new/", {**GOOD, "attachments": files})

    assert answer.status_code == 422
    assert "At most 10 files go with one message." in answer.content.decode()
    assert Ticket.objects.count() == 0


def test_a_file_above_the_limit_is_refused(as_cora, monkeypatch):
    monkeypatch.setattr("desk.uploads.SIZE_LIMIT", 1024 * 1024)

    answer = as_cora.post(
        "/help/new/", {**GOOD, "attachments": [SimpleUploadedFile("big.bin", b"x" * (1024 * 1024 + 1))]}
    )

    assert answer.status_code == 422
    assert "“big.bin” is larger than" in answer.content.decode()
    assert SIZE_LIMIT == 20 * 1024 * 1024
