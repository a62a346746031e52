"""A signed-in connection to a mailbox's folder, made to an address that was looked at first (SECURITY, SSRF)."""

import imaplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from common import egress
from mailroom.enums import Proof, Security
from mailroom.fetching import tokens
from mailroom.models import Mailbox

TIMEOUT = 20.0
# A server that announces more than this for one answer is not believed.
ANSWER_LIMIT = 600 * 1024 * 1024


class MailboxError(Exception):
    """A mailbox cannot be used; the text is one sentence for a person."""


# What a server or the way to it can do at any moment.
TROUBLE = (
    ImapToolsError,
    imaplib.IMAP4.error,
    OSError,
    MailboxError,
    egress.UnknownHostError,
    egress.ForbiddenAddressError,
)


@dataclass(slots=True)
class Folder:
    """A folder that is open. `uidvalidity` stands for the whole connection (RFC 9051, 2.3.1.1)."""

    box: BaseMailBox
    uidvalidity: int
    uidnext: int

    @property
    def client(self) -> imaplib.IMAP4:
        return self.box.client

    def can(self, word: str) -> bool:
        return word in self.client.capabilities


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Folder]:
    """The mailbox's folder, until the end of the block. Raises MailboxError with the reason."""
    secret = secret_of(mailbox)
    try:
        box = _Box(mailbox, TIMEOUT)
    except TROUBLE as error:
        raise MailboxError(sentence(mailbox, error)) from error
    try:
        yield _selected(mailbox, box, secret)
    except TROUBLE as error:
        raise MailboxError(sentence(mailbox, error)) from error
    finally:
        with suppress(*TROUBLE):
            box.client.shutdown()


def secret_of(mailbox: Mailbox) -> str:
    """Read anew each time: whoever renews an OAuth token writes it into the file. Or the desk renews it itself."""
    known, name = settings.MAILBOXES, mailbox.secret_name
    secret = _kept_secret(mailbox)
    renewal = known.renewals.get(name) if mailbox.proof == Proof.TOKEN else None
    if renewal is None:
        return secret
    try:
        return tokens.access_token(name, secret, renewal, file=known.files.get(name))
    except tokens.RenewalError as error:
        raise MailboxError(str(error)) from error


def _kept_secret(mailbox: Mailbox) -> str:
    known = settings.MAILBOXES
    if mailbox.secret_name in known.files:
        try:
            secret = known.files[mailbox.secret_name].read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            secret = ""
    else:
        secret = known.secrets.get(mailbox.secret_name, "")
    if not secret:
        raise MailboxError(
            _("Its secret is missing: set MAILBOX_%(name)s_SECRET, or MAILBOX_%(name)s_SECRET_FILE, and start anew.")
            % {"name": mailbox.secret_name}
        )
    return secret


def sentence(mailbox: Mailbox, error: BaseException) -> str:
    """What went wrong, in one sentence; never with the secret in it."""
    names = {"host": mailbox.host, "folder": mailbox.folder, "user": mailbox.username}
    if isinstance(error, MailboxError):
        return str(error)
    words = next(words for kinds, words in _SENTENCES if isinstance(error, kinds))
    return str(words % {**names, "detail": " ".join(str(error).split())[:120].rstrip(".")})


def _selected(mailbox: Mailbox, box: "_Box", secret: str) -> Folder:
    if mailbox.proof == Proof.TOKEN:
        try:
            box.xoauth2(mailbox.username, secret, initial_folder=None)
        except imaplib.IMAP4.error as error:
            tokens.refuse(mailbox.secret_name)
            raise MailboxLoginError(("NO", [b""]), "OK") from error
    elif mailbox.username.isascii() and secret.isascii():
        box.login(mailbox.username, secret, initial_folder=None)
    else:
        box.login_utf8(mailbox.username, secret, initial_folder=None)
    # More is allowed to whoever has signed in: MOVE and UIDPLUS are told only now.
    _status, said = box.client.capability()
    box.client.capabilities = tuple(said[-1].decode("ascii", "replace").upper().split())
    box.folder.set(mailbox.folder)
    return Folder(box, _number(box.client, "UIDVALIDITY"), _number(box.client, "UIDNEXT"))


def _number(client: imaplib.IMAP4, word: str) -> int:
    """What the server said about the folder when it was opened."""
    _kind, said = client.response(word)
    if not said or said[0] is None:
        raise MailboxError(_("The server does not number its mails (%(word)s).") % {"word": word})
    return int(said[-1])


class _Box(BaseMailBox):
    def __init__(self, mailbox: Mailbox, timeout: float) -> None:
        self._mailbox = mailbox
        self._timeout = timeout
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        given = self._mailbox
        addresses = egress.resolve(given.host, given.port, allowed=settings.MAILBOXES.networks)

        def connect(timeout: float | None) -> socket.socket:
            return egress.connect(addresses, given.port, timeout=timeout)

        class Client(imaplib.IMAP4):
            def _create_socket(self, timeout: float | None) -> socket.socket:
                return connect(timeout)

            def read(self, size: int) -> bytes:
                if size > ANSWER_LIMIT:
                    raise self.abort("an answer beyond all bounds")
                return super().read(size)

        class TlsClient(Client):
            def _create_socket(self, timeout: float | None) -> socket.socket:
                return context.wrap_socket(connect(timeout), server_hostname=given.host)

        context = ssl.create_default_context()
        kind = TlsClient if given.security == Security.TLS else Client
        client = kind(given.host, given.port, self._timeout)
        if given.security == Security.STARTTLS:
            client.starttls(context)
        return client


# From the narrowest to the widest: an SSL error is an OSError, a failed sign-in an error of imap-tools.
_SENTENCES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Any], ...] = (
    (egress.UnknownHostError, gettext_lazy("There is no server called %(host)s.")),
    (
        egress.ForbiddenAddressError,
        gettext_lazy("%(host)s has the private address %(detail)s: its network is not named in MAILBOX_NETWORKS."),
    ),
    (
        ssl.SSLCertVerificationError,
        gettext_lazy("The certificate of %(host)s cannot be trusted: %(detail)s."),
    ),
    (ssl.SSLError, gettext_lazy("%(host)s does not speak TLS as it is set here.")),
    (MailboxLoginError, gettext_lazy("%(host)s does not take the user name %(user)s with this secret.")),
    (MailboxFolderSelectError, gettext_lazy("There is no folder “%(folder)s” in the mailbox.")),
    (TimeoutError, gettext_lazy("%(host)s does not answer.")),
    (ConnectionRefusedError, gettext_lazy("%(host)s takes no connection on this port.")),
    (OSError, gettext_lazy("The connection to %(host)s broke: %(detail)s.")),
    ((ImapToolsError, imaplib.IMAP4.error), gettext_lazy("%(host)s refuses: %(detail)s.")),
)
