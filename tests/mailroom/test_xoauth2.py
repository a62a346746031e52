"""XOAUTH2 at a real server: Dovecot looks at the signature of the token, and lets in for whom it was made."""

from datetime import UTC, datetime, timedelta

import pytest

from config.mail_settings import mailboxes as from_environment
from mailroom import mailboxes
from mailroom.models import Mailbox
from tests.mailroom.conftest import mailbox_fields
from tests.mailroom.dovecot import Dovecot

pytestmark = pytest.mark.django_db
USER = "tokenbearer"


@pytest.fixture
def box(dovecot: Dovecot, at) -> Mailbox:
    fields = {**mailbox_fields(dovecot, USER), "proof": "token"}
    return Mailbox.objects.create(address="token@desk.example", changed_at=at, **fields)


def bear(settings, token: str) -> None:
    settings.MAILBOXES = from_environment({"MAILBOX_SUPPORT_SECRET": token, "MAILBOX_NETWORKS": "127.0.0.0/8,::1/128"})


def test_a_token_opens_the_mailbox_of_whom_it_was_made_for(dovecot, box, settings):
    # The server knows no clock but its own.
    bear(settings, dovecot.token_of(USER, ends=datetime.now(UTC) + timedelta(minutes=5)))

    well, sentence = mailboxes.try_mailbox(box)

    assert well, sentence


@pytest.mark.parametrize(("user", "minutes"), [(USER, -5), ("somebodyelse", 5)])
def test_a_token_that_has_ended_or_is_anothers_opens_nothing_and_that_is_said(dovecot, box, settings, user, minutes):
    token = dovecot.token_of(user, ends=datetime.now(UTC) + timedelta(minutes=minutes))
    bear(settings, token)

    well, sentence = mailboxes.try_mailbox(box)

    assert not well
    assert sentence and token not in sentence
