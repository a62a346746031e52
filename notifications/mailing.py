"""The outbox's way by mail: one connection for many mails, and what a server's answer means for its host."""

import logging
import re
import smtplib
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notifications import returning
from notifications.enclosing import enclose
from notifications.models import Delivery
from notifications.rendering import render

logger = logging.getLogger(__name__)

# Some servers count the mails of a connection; after so many a new one is opened (and the old one always closed).
MAILS_A_CONNECTION = 100
CLOSING = 421
# The mailbox is not there, not here, or not so named.
_UNKNOWN = re.compile(r"55[013]\b")
_ANOTHER_MATTER = re.compile(r"\d{3}[ -]5\.(7\.|2\.2\b)")


class UnsentError(Exception):
    """The transport took the mail and sent it to nobody."""


class Meaning(NamedTuple):
    """What a failure says about its host: that it is down, or says "not now"; neither: it is about this mail alone."""

    is_down: bool = False
    not_now: bool = False


class Mailer:
    """Not shared between threads. A connection in doubt is closed and opened anew with the next mail."""

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._sent = 0
        self._bases: frozenset[str] | None = None

    def send(self, delivery: Delivery) -> str:
        if self._sent >= MAILS_A_CONNECTION:
            self.close()
        if self._connection is None:
            self._connection = get_connection(settings.MAIL_TRANSPORT)
        if self._bases is None:
            self._bases = returning.bases()
        try:
            mail = as_mail(delivery, self._connection, returning.return_path(delivery, self._bases))
            # Else the backend would open one for this mail, and close it behind it.
            self._connection.open()
            # No recipient, no success: Django says so by the number alone.
            if not mail.send():
                raise UnsentError("nobody to send it to")
        except Exception as error:
            if meaning(error).is_down:
                self.close()
            raise
        self._sent += 1
        return ""

    def close(self) -> None:
        connection, self._connection, self._sent = self._connection, None, 0
        try:
            if connection is not None:
                connection.close()
        except Exception as error:
            # A server that cannot even say goodbye has taken, or not taken, each mail before that.
            logger.info("The mail server's connection did not close: %s", error)


def meaning(error: Exception) -> Meaning:
    """By the code of the answer (RFC 5321, 4.2.1); whoever gave none is down."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPDataError):
        codes = [error.smtp_code]
    else:
        # Not reached, not greeted, not let in, hung up; what is no OSError is wrong with the mail itself.
        return Meaning(is_down=isinstance(error, OSError) and not isinstance(error, smtplib.SMTPNotSupportedError))
    return Meaning(is_down=CLOSING in codes, not_now=any(400 <= code < 500 for code in codes))


def refused_for_good(error: Exception) -> str:
    """What the server said of a reader whom it will never know; empty where it may be something else.

    5yz is for good (RFC 5321, 4.2.1); but 5.7 is a matter of who sends, and 5.2.2 a mailbox that is full (RFC 3463).
    """
    if not isinstance(error, smtplib.SMTPRecipientsRefused) or not error.recipients:
        return ""
    answers = [f"{code} {_as_text(words)}" for code, words in error.recipients.values()]
    is_his = all(_UNKNOWN.match(answer) and not _ANOTHER_MATTER.match(answer) for answer in answers)
    return answers[0][:300] if is_his else ""


def _as_text(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def as_mail(delivery: Delivery, connection: BaseEmailBackend, return_path: str = "") -> EmailMultiAlternatives:
    """`return_path`: where it comes back to, if not to its sender; then Django takes the header's for the author."""
    rendered, sender = render(delivery), delivery.sender or settings.DEFAULT_FROM_EMAIL
    headers = {
        # Stable across tries, so that a duplicate can be recognised; the token leads a reply to its ticket.
        "Message-ID": message_id(delivery),
        **({} if delivery.thread_token else {"Auto-Submitted": "auto-generated"}),
        **({"From": sender} if return_path else {}),
        **delivery.headers,
    }
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=return_path or sender,
        to=[delivery.address],
        headers=headers,
        connection=connection,
    )
    if rendered.html:
        mail.attach_alternative(rendered.html, "text/html")
    enclose(mail, delivery)
    return mail


def message_id(delivery: Delivery) -> str:
    """`<row.token@domain>`: the row's id, and the opaque token that the caller gave."""
    token = f".{delivery.thread_token}" if delivery.thread_token else ""
    return f"<{delivery.pk}{token}@{settings.MAIL_DOMAIN}>"
