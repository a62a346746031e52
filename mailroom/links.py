"""Links to files that are too large for a mail: signed for one reader, for a while (SECURITY, guessable tokens)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import NotFound
from mailroom.threads import participants
from tickets.models import Attachment

SALT = "mailroom.links"
GOOD_FOR = timedelta(days=30)


def link_to(attachment: int, address: str, *, now: datetime) -> str:
    """An absolute address that opens the file without a sign-in."""
    claim = {"file": attachment, "for": address.casefold(), "until": int((now + GOOD_FOR).timestamp())}
    return settings.BASE_URL + reverse("file_by_link", args=[signing.dumps(claim, salt=SALT)])


def file_of(token: str, *, now: datetime) -> Attachment:
    """The file, while its message is public and the reader takes part in its ticket; NotFound for everything else."""
    nothing = NotFound(_("There is nothing here for you."))
    try:
        claim = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise nothing from None
    if claim["until"] < now.timestamp():
        raise nothing
    found = Attachment.objects.select_related("message").filter(pk=claim["file"], message__is_public=True).first()
    if found is None or claim["for"] not in participants(found.message.ticket_id):
        raise nothing
    return found
