"""The links in mails: that of one ask opens it for whoever was asked; that of a ladder's round has it acknowledged.

Signed (HMAC) and dated. What it opens is asked of the row each time, so that it ends with the ask: once it is decided,
passed on or overtaken, the link opens nothing any more. A mail can be read by others, so it is worth nothing without
the sign-in of whoever it was sent to (SECURITY).
"""

from datetime import datetime, timedelta

from django.core import signing
from django.utils.translation import gettext as _

from common.errors import NotFound
from escalation import permissions as may
from escalation.enums import LIVE_STATES
from escalation.models import Ask, Escalation
from people.models import User

SALT = "escalation.ask"
SALT_ACKNOWLEDGE = "escalation.acknowledge"
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


def acknowledge_path(escalation: Escalation) -> str:
    """For everybody who is alerted in this round of the ladder; each shows by his sign-in that he was."""
    return f"/acknowledge/{signing.dumps([escalation.number, escalation.ladder_round], salt=SALT_ACKNOWLEDGE)}/"


def escalation_behind(token: str, user: User) -> Escalation:
    """What the link asks to acknowledge. NotFound, in one sentence, once that was done."""
    try:
        number, ladder_round = signing.loads(token, salt=SALT_ACKNOWLEDGE, max_age=VALID_FOR)
    except signing.SignatureExpired:
        raise NotFound(_("It was good for seven days: open the escalation from your alerts.")) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    escalation = Escalation.objects.visible_to(user).filter(number=number).first()
    if escalation is None or not may.was_alerted(user, escalation):
        raise NotFound(_("It was sent to somebody else: sign in as whoever was alerted."))
    if (held := escalation.acknowledgements.filter(round=ladder_round).select_related("by").first()) is not None:
        raise NotFound(_("It serves once: %(name)s has acknowledged it.") % {"name": held.by})
    if escalation.state not in LIVE_STATES or escalation.ladder_round != ladder_round or escalation.is_acknowledged:
        raise NotFound(_("It is overtaken: nobody has to acknowledge this any more."))
    return escalation
