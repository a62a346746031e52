import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.mail_settings import MailboxSettings, mailboxes
from mailroom.models import Mailbox
from tests.mailroom import dovecot as servers
from tests.mailroom.dovecot import PASSWORD, Dovecot


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A real IMAP server for all tests of this process."""
    if shutil.which("dovecot") is None and not Path(servers.PROGRAM).exists():
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(servers.MISSING)
        pytest.skip(servers.MISSING)
    with servers.running() as server:
        yield server


@pytest.fixture
def secrets(settings) -> MailboxSettings:
    """What the environment says, in which a mailbox on this very machine is allowed."""
    settings.MAILBOXES = mailboxes({"MAILBOX_SUPPORT_SECRET": PASSWORD, "MAILBOX_NETWORKS": "127.0.0.0/8,::1/128"})
    return settings.MAILBOXES


@pytest.fixture
def mailbox(db, dovecot: Dovecot, secrets, at, request) -> Mailbox:
    """A mailbox of this test alone."""
    return make_mailbox(dovecot, request.node.name, at)


@pytest.fixture
def fields() -> Callable[..., dict]:
    return mailbox_fields


def mailbox_fields(server: Dovecot, user: str) -> dict:
    return {
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "username": user,
        "secret_name": "SUPPORT",
        "folder": "INBOX",
    }


def make_mailbox(server: Dovecot, name: str, at) -> Mailbox:
    user = "".join(character for character in name.lower() if character.isalnum())[-40:]
    return Mailbox.objects.create(address=f"{user[-20:]}@desk.example", changed_at=at, **mailbox_fields(server, user))
