"""Whether a visitor reads an answer in his chat, or gets it by mail: exactly one of them, unless he goes in between.

It is decided when the answer is written, in its own transaction: while the chat is before his eyes the letter
`Unread` is left instead of a mail. He reads it, and the letter goes; he goes, and the mailroom mails it
(docs/decisions). Whoever dies in between has done neither.
"""

from datetime import datetime

from django.db.models import Q

from tickets.models import Message
from visits.models import Unread, Visit


def is_read_here(message: Message, *, now: datetime) -> bool:
    """Whether the customer has the chat open; then it is kept as unread. Called with the ticket's lock held."""
    visit = Visit.objects.here(now).filter(ticket=message.ticket_id).first()
    if visit is None:
        return False
    Unread.objects.get_or_create(message=message, defaults={"visit": visit})
    return True


def has_read(visit: Visit, shown: int) -> None:
    """He has had all messages up to this one before his eyes; with a reply of ours the confirmation has gone, too."""
    seen = Q(message__lte=shown)
    if visit.ticket.messages.filter(pk__lte=shown, is_public=True, by_customer=False).exists():
        seen |= Q(message=None)
    visit.unread.filter(seen).delete()
