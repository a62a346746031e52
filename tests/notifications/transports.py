"""Mail servers in all their moods, to be named in `settings.MAIL_TRANSPORT`."""

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend

REFUSING = f"{__name__}.Refusing"
PICKY = f"{__name__}.Picky"
RUDE = f"{__name__}.Rude"
INTERRUPTED = f"{__name__}.Interrupted"


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
