"""Django's own mail (sign-in links, password resets) goes through the outbox like everything else."""

import uuid
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from common import clock
from notifications.actions import post


class OutboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            for address in message.recipients():
                post(
                    address=address,
                    subject=str(message.subject),
                    text=str(message.body),
                    dedupe=f"mail:{uuid.uuid4()}",
                    now=clock.now(),
                )
        return len(email_messages)
