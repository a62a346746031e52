"""The mailboxes in the settings."""

import pytest

from common.models import ConfigurationChange
from config.mail_settings import MailboxSettings
from mailroom.models import Mailbox
from tests.desk.helpers import get, post, signed_in, words

TERMS = {
    "address": "Support@Desk.example",
    "way": "imap",
    "host": "imap.desk.example",
    "port": "993",
    "security": "tls",
    "username": "support",
    "proof": "password",
    "secret_name": "SUPPORT",
    "folder": "INBOX",
    "afterwards": "seen",
    "move_to": "",
    "team": "",
}


@pytest.fixture
def mailbox(adam, at) -> Mailbox:
    post(adam, "desk:mailbox_new", **TERMS)
    return Mailbox.objects.get()


def test_a_mailbox_is_set_up_and_written_down(adam, payments):
    answer = post(adam, "desk:mailbox_new", **{**TERMS, "team": payments.pk})

    made = Mailbox.objects.get()
    assert answer["Location"] == f"/settings/mailboxes/{made.pk}/"
    assert (made.address, made.host, made.team) == ("support@desk.example", "imap.desk.example", payments)
    assert ConfigurationChange.objects.get().by == adam


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        ({"address": "support"}, "This is not an e-mail address."),
        ({"address": "support+x@desk.example"}, "Leave out what stands behind the plus."),
        ({"host": ""}, "Give the server's name, like imap.example.com."),
        ({"host": "http://x"}, "Give the server's name, like imap.example.com."),
        ({"port": "0"}, "greater than or equal to 1"),
        ({"username": ""}, "Say whose mailbox it is."),
        ({"secret_name": "support pw"}, "Capital letters, digits and underscores, like SUPPORT."),
        ({"folder": ""}, "Say which folder, like INBOX."),
        ({"afterwards": "move"}, "Say to which folder."),
        ({"afterwards": "move", "move_to": "INBOX"}, "That is the folder that the mail comes from."),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_nothing_that_was_typed_is_lost(adam, terms, sentence):
    answer = post(adam, "desk:mailbox_new", **{**TERMS, **terms})

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'value="993"' in words(answer) or "port" in terms
    assert not Mailbox.objects.exists()


def test_an_address_is_a_mailbox_once(adam, mailbox):
    assert "There is a mailbox of this address already." in words(post(adam, "desk:mailbox_new", **TERMS))


def test_another_server_is_looked_into_from_the_beginning_and_another_team_is_not(adam, mailbox, payments, at):
    Mailbox.objects.update(uidvalidity=7, last_uid=40, fetched_at=at, last_error="It hangs.", failing_since=at)
    post(adam, "desk:mailbox", mailbox.pk, **{**TERMS, "team": payments.pk})
    mailbox.refresh_from_db()
    assert (mailbox.uidvalidity, mailbox.last_uid, mailbox.last_error) == (7, 40, "")

    post(adam, "desk:mailbox", mailbox.pk, **{**TERMS, "host": "other.example"})
    mailbox.refresh_from_db()
    assert (mailbox.uidvalidity, mailbox.last_uid) == (None, 0)


def test_the_list_says_how_each_is_doing(adam, mailbox, at):
    Mailbox.objects.create(address="a@desk.example", way="door", changed_at=at)
    Mailbox.objects.create(address="b@desk.example", changed_at=at, last_error="It hangs.", failing_since=at)
    Mailbox.objects.create(address="c@desk.example", changed_at=at, fetched_at=at)

    page = words(get(adam, "desk:mailboxes"))

    for state in ("Open", "Failing", "Followed", "Not looked into yet"):
        assert f">{state}</span>" in page
    assert "<b>It hangs.</b> Since" in page and "it is tried again and again" in page


def test_a_mailbox_is_paused_and_goes_on(adam, mailbox):
    for on, paused in (("0", True), ("0", True), ("1", False)):
        post(adam, "desk:mailbox_switch", mailbox.pk, on=on)
        mailbox.refresh_from_db()
        assert mailbox.is_paused is paused
    assert ConfigurationChange.objects.count() == 3


def test_a_trial_says_what_is_wrong(adam, mailbox, settings):
    settings.MAILBOXES = MailboxSettings()
    client = signed_in(adam)

    answer = client.post(f"/settings/mailboxes/{mailbox.pk}/try/", follow=True)

    assert "Its secret is missing: set MAILBOX_SUPPORT_SECRET" in words(answer)


def test_a_mailbox_is_taken_away_and_its_terms_stay_in_the_trail(adam, mailbox):
    post(adam, "desk:mailbox_remove", mailbox.pk)

    assert not Mailbox.objects.exists()
    assert ConfigurationChange.objects.latest("pk").before["host"] == "imap.desk.example"
