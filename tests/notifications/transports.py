"""Mail servers in all their moods, to be named in `settings.MAIL_TRANSPORT`."""

import smtplib
import threading
from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

REFUSING = f"{__name__}.Refusing"
PICKY = f"{__name__}.Picky"
RUDE = f"{__name__}.Rude"
INTERRUPTED = f"{__name__}.Interrupted"
COUNTING = f"{__name__}.Counting"
MOODY = f"{__name__}.Moody"


class Refusing(BaseEmailBackend):
    """Takes nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError("nobody\x00 listens\r\nhere")


class Picky(EmailBackend):
    """Refuses one address."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if email_messages[0].to == ["stan@elsewhere.example"]:
            raise ValueError("550 no such user")
        return super().send_messages(email_messages)


class Rude(Picky):
    """Refuses one address, and hangs up with an error each time."""

    def close(self) -> None:
        raise TimeoutError("no goodbye")


class Interrupted(EmailBackend):
    """Something happens while a mail is being sent: `happen`, set by the test, before each mail is taken."""

    @staticmethod
    def happen() -> None:
        """Nothing, unless a test replaces it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        Interrupted.happen()
        return super().send_messages(email_messages)


class Counting(EmailBackend):
    """Counts how many connections are made."""

    made = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        Counting.made += 1


class Moody(EmailBackend):
    """Treats `hang.example` as a server that does not answer, `down.example` and `later.example` by their names."""

    may_go_on = threading.Event()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        (address,) = email_messages[0].to
        if address.endswith("@hang.example"):
            Moody.may_go_on.wait(timeout=30)
        if address.endswith("@down.example"):
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        if address.endswith("@later.example"):
            raise smtplib.SMTPRecipientsRefused({address: (451, b"try again later")})
        return super().send_messages(email_messages)
