"""The files of a letter, fetched when it is sent: the outbox keeps no second copy of them."""

import logging

from django.core.files.storage import default_storage
from django.core.mail import EmailMessage

from notifications import printing
from notifications.models import Delivery

logger = logging.getLogger(__name__)


def enclose(mail: EmailMessage, delivery: Delivery) -> None:
    """A file that is gone keeps no letter from going; whoever looks after the desk reads of it."""
    for file in delivery.files:
        if file["stored"] == printing.PRINTED:
            _enclose_itself(mail, file["name"])
            continue
        try:
            with default_storage.open(file["stored"], "rb") as stored:
                content = stored.read()
        except FileNotFoundError:
            logger.error("Mail %d goes without “%s”: the file is gone.", delivery.pk, file["name"])
            continue
        # As bytes: text would be encoded anew.
        mail.attach(file["name"], content, _type(file["type"]))


def _enclose_itself(mail: EmailMessage, name: str) -> None:
    """Its own HTML, printed; another process than the writer's may lack the extra, and sends it without."""
    html = next((str(body) for body, kind in getattr(mail, "alternatives", ()) if kind == "text/html"), "")
    if html and printing.is_there():
        mail.attach(name, printing.as_pdf(html), "application/pdf")


def _type(kind: str) -> str:
    """Django would decode what is called text, and guess at a character set."""
    return "application/octet-stream" if kind.startswith("text/") else kind
