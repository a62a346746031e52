"""The files of a letter, fetched when it is sent: the outbox keeps no second copy of them."""

import logging

from django.core.files.storage import default_storage
from django.core.mail import EmailMessage

from notifications.models import Delivery

logger = logging.getLogger(__name__)


def enclose(mail: EmailMessage, delivery: Delivery) -> None:
    """A file that is gone keeps no letter from going; whoever looks after the desk reads of it."""
    for file in delivery.files:
        try:
            with default_storage.open(file["stored"], "rb") as stored:
                content = stored.read()
        except FileNotFoundError:
            logger.error("Mail %d goes without “%s”: the file is gone.", delivery.pk, file["name"])
            continue
        # As bytes: text would be encoded anew.
        mail.attach(file["name"], content, _type(file["type"]))


def _type(kind: str) -> str:
    """Django would decode what is called text, and guess at a character set."""
    return "application/octet-stream" if kind.startswith("text/") else kind
