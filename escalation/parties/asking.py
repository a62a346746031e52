"""Access restored? (R48): the question to each affected customer, by a mail whose link answers it once.

The link is a capability: signed (HMAC), dated, for one person and one resolution. It opens a page with two buttons
that shows nothing of the matter, so that a forwarded mail tells nobody anything; following it answers nothing.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _

from common.errors import NotFound
from common.identity import desk_name
from common.rows import insert
from escalation.enums import State
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.customers import customers_of
from notifications.actions import ring_on_commit
from notifications.hosts import host_of
from notifications.models import Delivery
from people.models import User

SALT = "escalation.restored"
VALID_FOR = timedelta(days=30)


def ask(escalation: Escalation, now: datetime) -> int:
    """A mail to each whose access is open and who has an address; how many. One for each resolution, never twice."""
    waiting = customers_of(escalation).without_access().filter(left_out="", person__is_active=True)
    rows = waiting.select_related("person", "ticket").order_by("pk")
    mails = [_mail(escalation, row, now) for row in rows if "@" in row.person.email]
    insert(Delivery, mails, unless_there=True)
    if mails:
        ring_on_commit()
    return len(mails)


def path_of(escalation: Escalation, row: AffectedCustomer) -> str:
    return f"/help/restored/{signing.dumps([row.pk, _resolution(escalation)], salt=SALT)}/"


def question_behind(token: str, reader: User | None) -> AffectedCustomer:
    """Whose access a link asks about. NotFound, in one sentence, where it asks nothing (any more) of this reader."""
    try:
        key, resolution = signing.loads(token, salt=SALT, max_age=VALID_FOR)
    except signing.SignatureExpired:
        raise NotFound(_("It was good for 30 days: open your request, and write to us there.")) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise NotFound(_("It is not whole: open it from the mail, not from a copy.")) from None
    row = AffectedCustomer.objects.select_related("escalation", "person").filter(pk=key).first()
    if row is None or not row.person.is_active or (reader is not None and reader.pk != row.person_id):
        raise NotFound(_("It was sent to somebody else."))
    escalation = row.escalation
    if escalation.state != State.RESOLVED or _resolution(escalation) != resolution:
        raise NotFound(_("It is overtaken: we are at work on it again, or it has ended."))
    if row.access_at is not None:
        raise NotFound(_("It serves once, and has been answered. Thank you."))
    return row


def _resolution(escalation: Escalation) -> int:
    """What tells this resolution from the one before and the next."""
    return int(escalation.resolved_at.timestamp()) if escalation.resolved_at else 0


def _mail(escalation: Escalation, row: AffectedCustomer, now: datetime) -> dict[str, Any]:
    person = row.person
    number = row.ticket_id or (escalation.ticket_id if escalation.ticket.requester_id == person.pk else None)
    with translation.override(person.language):
        subject = _("Does it work for you again?") + (f" (#{number})" if number else "")
        body = _("We have mended what kept you from working, as far as we can see. Only you can see whether it holds.")
    return {
        "recipient_id": person.pk,
        "address": person.email,
        "host": host_of(person.email),
        "subject": subject,
        "template": "restored",
        "context": {
            "desk_name": desk_name(),
            "language": person.language,
            "body": body,
            "author": desk_name(),
            "action_url": f"{settings.BASE_URL}{path_of(escalation, row)}",
        },
        "dedupe_key": f"restored:{escalation.number}:{_resolution(escalation)}:{person.pk}",
        "next_try_at": now,
        "created_at": now,
    }
