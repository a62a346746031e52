"""Files are given to those who may read the message, and never as a page of this desk."""

import pytest
from django.test import Client

from tickets import services as tickets
from tickets.files import Upload
from tickets.models import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def keep(open_ticket):
    def make(name: str, content: bytes) -> Attachment:
        ticket = open_ticket(attachments=[Upload(name, content)])
        return Attachment.objects.get(message__ticket=ticket)

    return make


def test_a_file_is_a_download_in_a_sandbox(client: Client, cora, keep):
    client.force_login(cora)

    answer = client.get(f"/attachments/{keep('receipt.png', PNG).pk}/")

    assert answer.content == PNG
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == 'attachment; filename="receipt.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox"


def test_a_name_beyond_ascii_is_given_by_rfc_5987(client: Client, cora, keep):
    client.force_login(cora)

    answer = client.get(f"/attachments/{keep('Чек №1.png', PNG).pk}/")

    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%A7")


def test_an_image_may_be_shown_in_place(client: Client, cora, keep):
    client.force_login(cora)

    answer = client.get(f"/attachments/{keep('receipt.png', PNG).pk}/?inline=1")

    assert answer["Content-Disposition"] == 'inline; filename="receipt.png"'
    assert answer["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("content", [SVG, b"<html><script>alert(1)</script></html>", b"%PDF-1.4 x", b"plain"])
def test_nothing_but_a_raster_image_is_ever_inline(client: Client, cora, keep, content):
    client.force_login(cora)

    answer = client.get(f"/attachments/{keep('picture.png', content).pk}/?inline=1")

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] not in {"image/svg+xml", "text/html"}


def test_the_file_of_another_customer_is_not_here(client: Client, stan, keep):
    client.force_login(stan)

    assert client.get(f"/attachments/{keep('receipt.png', PNG).pk}/").status_code == 404


def test_the_file_of_an_internal_note_is_for_colleagues(client: Client, cora, anna, open_ticket, at):
    ticket = open_ticket()
    tickets.note(user=anna, number=ticket.number, body="See.", attachments=[Upload("a.txt", b"secret")], now=at)
    pk = Attachment.objects.get().pk

    client.force_login(cora)
    assert client.get(f"/attachments/{pk}/").status_code == 404
    client.force_login(anna)
    assert client.get(f"/attachments/{pk}/").content == b"secret"


def test_a_file_that_is_gone_is_not_here(client: Client, cora, keep):
    kept = keep("receipt.png", PNG)
    kept.stored.storage.delete(kept.stored.name)
    client.force_login(cora)

    assert client.get(f"/attachments/{kept.pk}/").status_code == 404


def test_strangers_sign_in_first(client: Client, db):
    answer = client.get("/attachments/1/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/attachments/1/")
