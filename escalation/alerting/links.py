"""The link in the mail that asks for a decision: it stands for one ask and opens it for whoever was asked.

Signed (HMAC) and dated. What it opens is asked of the row each time, so that it ends with the ask: once it is decided,
passed on or overtaken, the link opens nothing any more. A mail can be read by others, so it is worth nothing without
the sign-in of whoever it was sent to (SECURITY).
"""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from common.errors import NotFound
from escalation.models import Ask
from people.models import User

SALT = "escalation.ask"
# Longer than any ask waits in practice; the row says the rest.
VALID_FOR = timedelta(days=7)


def path_of(asked: Ask) -> str:
    return f"/decide/{signing.dumps(asked.pk, salt=SALT)}/"


def ask_behind(token: str, user: User, now: datetime) -> Ask:
    """Raises NotFound for a link that is altered, too old or overtaken, and for one that was sent to another person."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    asked = Ask.objects.filter(pk=key, person=user).first()
    if asked is None:
        raise NotFound(_("It was sent to somebody else: sign in as whoever was asked."))
    if asked.ended_at is not None or asked.asked_at + VALID_FOR < now:
        raise NotFound(_("It serves once: the decision is made, or somebody else is asked by now."))
    return asked
