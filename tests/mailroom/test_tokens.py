"""Mailboxes whose access tokens the desk renews: XOAUTH2 at a small server, tokens from a small provider."""

import base64
import json
import socketserver
import threading
import time as real_time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

from config.addresses import SettingError
from config.mail_settings import MailboxSettings, mailboxes
from mailroom.fetching import connection, tokens
from mailroom.fetching.connection import MailboxError
from mailroom.mailboxes import try_mailbox
from mailroom.models import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class Provider(BaseHTTPRequestHandler):
    """Gives `access-1`, `access-2` … and remembers what it was asked."""

    asked: ClassVar[list[dict[str, str]]] = []
    more: ClassVar[dict[str, Any]] = {}
    status: ClassVar[int] = 200

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append({name: values[0] for name, values in form.items()})
        said = {"access_token": f"access-{len(self.asked)}", "expires_in": 3600, **self.more}
        body = json.dumps(said).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Imap(socketserver.StreamRequestHandler):
    """As much of IMAP as it takes to open a folder, with XOAUTH2 alone."""

    good: ClassVar[set[str]] = set()

    def handle(self) -> None:
        self.say("* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2] here")
        for line in self.rfile:
            tag, verb, *_rest = line.decode().split()
            getattr(self, verb.lower(), self.plain)(tag)

    def say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())

    def plain(self, tag: str) -> None:
        self.say(f"{tag} OK done")

    def capability(self, tag: str) -> None:
        self.say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 UIDPLUS", f"{tag} OK done")

    def authenticate(self, tag: str) -> None:
        self.say("+ ")
        said = base64.b64decode(self.rfile.readline()).decode()
        if said in {f"user=desk@x.example\1auth=Bearer {token}\1\1" for token in self.good}:
            self.say(f"{tag} OK welcome")
        else:
            self.say(f"{tag} NO [AUTHENTICATIONFAILED] expired")

    def select(self, tag: str) -> None:
        self.say("* 0 EXISTS", "* OK [UIDVALIDITY 7] v", "* OK [UIDNEXT 3] n", f"{tag} OK [READ-WRITE] done")


def serving(server: socketserver.BaseServer) -> Iterator[int]:
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def provider(monkeypatch) -> Iterator[int]:
    monkeypatch.setattr(Provider, "asked", [])
    monkeypatch.setattr(Provider, "more", {})
    monkeypatch.setattr(Provider, "status", 200)
    tokens.forget_all()
    yield from serving(HTTPServer(("127.0.0.1", 0), Provider))


@pytest.fixture
def imap(monkeypatch) -> Iterator[int]:
    monkeypatch.setattr(Imap, "good", {"access-1"})
    yield from serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Imap))


@pytest.fixture
def known(provider, settings) -> dict[str, str]:
    """What stands in the environment."""
    given = {
        "MAILBOX_SUPPORT_SECRET": "refresh-1",
        "MAILBOX_SUPPORT_OAUTH_URL": f"http://127.0.0.1:{provider}/token",
        "MAILBOX_SUPPORT_OAUTH_CLIENT": "desk:hush",
        "MAILBOX_NETWORKS": "127.0.0.0/8",
    }
    settings.MAILBOXES = mailboxes(given)
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, settings.MAILBOXES.networks
    return given


@pytest.fixture
def mailbox(known, imap) -> Mailbox:
    return Mailbox(
        address="support@x.example",
        host="127.0.0.1",
        port=imap,
        security="none",
        username="desk@x.example",
        proof="token",
        secret_name="SUPPORT",
        folder="INBOX",
    )


def test_a_mailbox_is_opened_with_a_token_that_was_got_for_the_refresh_token(mailbox):
    assert try_mailbox(mailbox)[0]

    assert Provider.asked == [
        {"grant_type": "refresh_token", "refresh_token": "refresh-1", "client_id": "desk", "client_secret": "hush"}
    ]


def test_a_token_serves_until_shortly_before_its_end(mailbox, monkeypatch):
    began = real_time.monotonic()
    assert [connection.secret_of(mailbox) for _look in range(3)] == ["access-1"] * 3

    monkeypatch.setattr(tokens.time, "monotonic", lambda: began + 3600 - tokens.BEFORE_THE_END + 5)
    assert connection.secret_of(mailbox) == "access-2"


def test_a_token_that_the_mailbox_refuses_is_renewed_for_the_next_look(mailbox, monkeypatch):
    monkeypatch.setattr(Imap, "good", {"access-2"})

    assert not try_mailbox(mailbox)[0]
    assert try_mailbox(mailbox)[0]


def test_a_new_refresh_token_goes_into_the_file_and_is_the_one_that_is_used_then(mailbox, known, settings, tmp_path):
    file = tmp_path / "token"
    file.write_text("refresh-1\n")
    settings.MAILBOXES = mailboxes({**known, "MAILBOX_SUPPORT_SECRET_FILE": str(file)})
    Provider.more = {"refresh_token": "refresh-2"}

    assert connection.secret_of(mailbox) == connection.secret_of(mailbox) == "access-1"
    assert (file.read_text(), oct(file.stat().st_mode)[-3:]) == ("refresh-2\n", "600")
    tokens.refuse("SUPPORT")
    assert connection.secret_of(mailbox) == "access-2"
    assert [asked["refresh_token"] for asked in Provider.asked] == ["refresh-1", "refresh-2"]


def test_without_a_file_a_new_refresh_token_is_used_while_the_process_lives(mailbox):
    Provider.more = {"refresh_token": "refresh-2"}
    connection.secret_of(mailbox)
    tokens.refuse("SUPPORT")
    connection.secret_of(mailbox)

    assert [asked["refresh_token"] for asked in Provider.asked] == ["refresh-1", "refresh-2"]


def test_another_refresh_token_in_the_settings_makes_the_old_one_void(mailbox, known, settings):
    connection.secret_of(mailbox)
    settings.MAILBOXES = mailboxes({**known, "MAILBOX_SUPPORT_SECRET": "refresh-9"})

    assert connection.secret_of(mailbox) == "access-2"
    assert Provider.asked[-1]["refresh_token"] == "refresh-9"


@pytest.mark.parametrize(
    ("status", "more", "sentence"),
    [
        (400, {"error": "invalid_grant"}, "The renewal of its token was refused: invalid_grant."),
        (500, {"error": "refresh-1 is what you sent"}, "The renewal of its token was refused: 500."),
        (200, {"access_token": "a", "expires_in": "soon"}, "The answer to the renewal of its token holds no token."),
    ],
)
def test_what_goes_wrong_is_one_sentence_without_a_secret(mailbox, status, more, sentence):
    Provider.status, Provider.more = status, more

    with pytest.raises(MailboxError) as told:
        connection.secret_of(mailbox)

    assert str(told.value) == sentence


def test_a_provider_that_is_away_is_named_and_a_password_is_never_renewed(mailbox, known, settings):
    settings.MAILBOXES = mailboxes({**known, "MAILBOX_SUPPORT_OAUTH_URL": "http://127.0.0.1:1/token"})
    with pytest.raises(MailboxError, match="Its token could not be renewed: "):
        connection.secret_of(mailbox)

    mailbox.proof = "password"
    assert connection.secret_of(mailbox) == "refresh-1"


@pytest.mark.parametrize(
    "given",
    [{"MAILBOX_A_OAUTH_URL": "ftp://x", "MAILBOX_A_OAUTH_CLIENT": "a"}, {"MAILBOX_A_OAUTH_URL": "https://x/token"}],
)
def test_a_renewal_without_address_or_client_is_refused_at_the_start(given):
    with pytest.raises(SettingError, match="MAILBOX_A_OAUTH_URL"):
        mailboxes(given)

    assert mailboxes({}) == MailboxSettings()
