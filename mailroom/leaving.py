"""What visitors of a chat have not read goes to them by mail: they have gone, and an answer must reach them.

The letters are `visits.Unread`. Mail and removal of the letter are one transaction under the ticket's lock, and the
outbox knows each reply by its key: two workers cannot both send it, and one that dies has sent nothing.
"""

from datetime import datetime

from django.db import transaction

from common import clock, heartbeat
from common.batches import oldest_first
from common.setbacks import Round
from mailroom.actions import send_receipt, send_reply
from tickets.actions import lock_ticket
from tickets.models import Message
from visits.models import Unread, Visit

HEARTBEAT = "visitors"
BATCH = 100


def run() -> int:
    """One round; returns how many letters were answered by a mail."""
    clock.synchronise()
    now = clock.now()
    setbacks = Round(HEARTBEAT, now)
    batches = oldest_first(setbacks.open(Unread.objects.left(now)), "pk", BATCH)
    sent = sum(setbacks.each(keys, lambda pk: mail(pk=pk, now=now)) for keys in batches)
    heartbeat.beat(HEARTBEAT, now=now, sent=sent)
    return sent


@transaction.atomic
def mail(*, pk: int, now: datetime) -> bool:
    """One of them; False where it was read or mailed meanwhile, or its visitor has come back."""
    given = Unread.objects.filter(pk=pk).select_related("message").first()
    if given is None:
        return False
    # The ticket first (decision 2): of a message that went into another ticket, that one.
    number = given.message.ticket_id if given.message else given.visit.ticket_id
    lock_ticket(number)
    row = Unread.objects.left(now).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return False
    row.delete()
    if row.message_id is None:
        return _confirm(given, now=now)
    known = Message.objects.select_related("ticket__requester", "ticket__team", "author")
    send_reply(_as_it_was_said(known.get(pk=row.message_id), given.visit))
    return True


def _as_it_was_said(message: Message, visit: Visit) -> Message:
    """On a ticket of another customer, into which his was merged since, it is no word to that one (tickets.merging)."""
    if message.ticket.requester_id != visit.ticket.requester_id:
        message.ticket, message.is_public = visit.ticket, True
    return message


def _confirm(given: Unread, *, now: datetime) -> bool:
    """That his request has arrived, unless an answer says so or it was put away as no request at all."""
    ticket = given.visit.ticket
    if ticket.last_agent_reply_at is not None or ticket.trashed_at is not None:
        return False
    send_receipt(ticket, now=now)
    return True
