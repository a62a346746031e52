"""Mail by providers' webhooks: as they publish their calls, kept as the provider received it."""

import base64
import hashlib
import hmac

import pytest
from django.db import OperationalError
from django.test import Client

from mailroom import intake
from mailroom.models import Mailbox, RawMessage
from mailroom.tasks import file_pending
from tests.mailroom.mails import compose, kept
from tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("payments")

SECRET = "postmark:a-long-and-random-password"


@pytest.fixture
def call(settings):
    """Posts as the provider does; gives the status."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def post(payload, secret=SECRET, provider="postmark"):
        basic = base64.b64encode(secret.encode()).decode()
        client = Client(raise_request_exception=False, headers={"Authorization": f"Basic {basic}"})
        form = {} if provider == "mailgun-mime" else {"content_type": "application/json"}
        return client.post(f"/hooks/mail/{provider}/", payload, **form).status_code

    return post


def postmark(raw: str | None, **more) -> dict:
    """Postmark's published sample of an inbound call, shortened."""
    sample = {
        "FromName": "Cora Menezes",
        "MessageStream": "inbound",
        "From": "cora@livraria-aurora.example",
        "FromFull": {"Email": "cora@livraria-aurora.example", "Name": "Cora Menezes", "MailboxHash": ""},
        "To": "billing@desk.example",
        "ToFull": [{"Email": "billing@desk.example", "Name": "", "MailboxHash": ""}],
        "Cc": "",
        "CcFull": [],
        "Bcc": "",
        "BccFull": [],
        "OriginalRecipient": "billing@desk.example",
        "Subject": "Payouts are stuck",
        "MessageID": "22c74902-a0c1-4511-804f2-341342852c90",
        "ReplyTo": "",
        "MailboxHash": "",
        "Date": "Wed, 18 Nov 2026 10:00:00 +0000",
        "TextBody": "Since yesterday.",
        "HtmlBody": "",
        "StrippedTextReply": "",
        "Tag": "",
        "Headers": [
            {"Name": "Return-Path", "Value": "<cora@livraria-aurora.example>"},
            {"Name": "Message-ID", "Value": "<first@livraria-aurora.example>"},
        ],
        "Attachments": [],
    }
    return {**sample, **({"RawEmail": raw} if raw is not None else {}), **more}


def test_postmarks_call_is_kept_as_it_received_the_mail(call, at):
    billing = Mailbox.objects.create(address="billing@desk.example", way="door", changed_at=at)
    raw = kept("plain").decode()

    assert call(postmark(raw)) == 200

    row = RawMessage.objects.get()
    assert bytes(row.raw).endswith(raw.encode())
    assert bytes(row.raw).startswith(b"Return-Path: <cora@livraria-aurora.example>\r\nDelivered-To: billing@")
    assert row.mailbox == billing
    file_pending()
    assert Ticket.objects.get().subject == "Payouts are stuck"


def test_a_call_without_the_raw_mail_is_made_into_one(call):
    assert call(postmark(None)) == 200

    file_pending()
    assert Ticket.objects.get().messages.get().body == "Since yesterday."


def test_mailguns_mime_is_kept_when_mailgun_has_signed_it(call, settings):
    assert call({}, provider="mailgun-mime") == 404
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_WEBHOOK_SIGNING_KEY": "key"}
    stamp = {"timestamp": "1795000000", "token": "t" * 50}
    signature = hmac.new(b"key", f"{stamp['timestamp']}{stamp['token']}".encode(), hashlib.sha256).hexdigest()
    form = {
        **stamp,
        "signature": signature,
        "recipient": "support@escala.localhost",
        "sender": "cora@livraria-aurora.example",
        "body-mime": compose().decode(),
    }

    assert call({**form, "signature": "0" * 64}, provider="mailgun-mime") == 400
    assert not RawMessage.objects.exists()
    assert call(form, provider="mailgun-mime") == 200
    assert b"Payouts are stuck" in bytes(RawMessage.objects.get().raw)


def test_a_call_that_comes_again_is_one_mail(call):
    for _call in range(2):
        assert call(postmark(kept("plain").decode())) == 200

    assert RawMessage.objects.count() == 1


@pytest.mark.parametrize("secret", ["postmark:guessed", "", "postmark"])
def test_who_does_not_know_the_secret_finds_no_door(call, secret):
    assert call(postmark(kept("plain").decode()), secret=secret) == 404
    assert not RawMessage.objects.exists()


def test_without_a_secret_in_the_settings_there_is_no_door(call, settings):
    settings.ANYMAIL = {}

    assert call(postmark(kept("plain").decode()), secret="") == 404


def test_while_the_database_is_away_the_provider_is_told_to_try_again(call, monkeypatch):
    def away(*given, **named):
        raise OperationalError("gone")

    monkeypatch.setattr(intake, "keep", away)

    assert call(postmark(kept("plain").decode())) == 500


def test_a_large_mail_comes_through_and_one_beyond_the_limit_is_refused(call, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    settings.MAIL_SIZE_LIMIT = 20_000

    assert call(postmark(compose("x\n" * 2000).decode())) == 200
    assert call(postmark(compose("x\n" * 20_000).decode())) == 413
