"""Replies on their way: each leaves when its moment has come, exactly once (DESIGN §3.1).

The row is the truth: beat drives the round, and the watchdog where beat does not. Message and removal of the draft
are one transaction under the ticket's lock, so two workers cannot both send it, and one that dies has sent nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, transaction
from django.utils.translation import gettext as _

from common import clock, heartbeat, refusals
from common.batches import oldest_first
from common.errors import DomainError, NotFound
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import managers_of
from people.models import User
from tickets import actions, drafts
from tickets.enums import Status
from tickets.models import Draft, Message, Ticket
from tickets.permissions import May, access_ticket

logger = logging.getLogger(__name__)

HEARTBEAT = "replies"
BATCH = 100
# Held up longer than this, a reply counts from when it left, not from when it was written.
ON_TIME = timedelta(minutes=1)
PASSING = (DatabaseError, InterfaceError, OSError)


def run() -> int:
    """One round; returns how many replies left."""
    clock.synchronise()
    now = clock.now()
    due = Draft.objects.on_their_way().filter(send_at__lte=now)
    sent = sum(_try(pk, now) for keys in oldest_first(due, "send_at", BATCH) for pk in keys)
    heartbeat.beat(HEARTBEAT, now=now, sent=sent)
    return sent


@transaction.atomic
def send(*, pk: int, now: datetime) -> Message | None:
    """One reply whose moment has come; None when it was sent or taken back meanwhile.

    Raises a DomainError, with nothing changed, where the ticket does not take it any more.
    """
    origin = Ticket.objects.filter(drafts=pk).first()
    if origin is None:
        return None
    # The ticket first (decision 2). Whoever waited here finds no draft below.
    ticket = actions.lock_destination(origin)
    draft = (
        Draft.objects.select_for_update(of=("self",)).select_related("author").filter(pk=pk, send_at__lte=now).first()
    )
    if draft is None:
        return None
    access_ticket(draft.author, ticket.number, can=May.WORK)
    at = _counts_from(ticket, draft, now)
    if draft.then == "reopen" and ticket.is_done:
        ticket = actions.change_status(ticket=ticket, verb="reopen", now=at, by=draft.author)
    message = actions.reply(
        ticket=ticket,
        author=draft.author,
        body=signed(draft.body, draft.author),
        now=at,
        attachments=list(draft.files.all()),
        # A ticket that waits already goes on waiting.
        then_wait=draft.then == "wait" and ticket.status != Status.WAITING,
        next_update_by=draft.next_update_by,
    )
    draft.delete()
    return message


def signed(body: str, author: User) -> str:
    """The text with its author's signature below."""
    return f"{body}\n\n{author.signature.strip()}" if author.signature.strip() else body


def _counts_from(ticket: Ticket, draft: Draft, now: datetime) -> datetime:
    """The instant at which the reply counts, for its clocks and its place in the conversation.

    A first reply is promised as the time in which somebody answers, so the moment of writing counts: the seconds
    that we keep the answer back for its author's sake are no delay of his. Where something else has happened on the
    ticket since, or an outage held the reply up, the moment of sending counts: history is never written backwards,
    and what reached the customer an hour late was an hour late.
    """
    written = draft.queued_at
    if written is None or now - written > ON_TIME:
        return now
    later = ticket.events.filter(at__gt=written).exists() or ticket.messages.filter(created_at__gt=written).exists()
    return now if later else written


@refusals.kept()
def _try(pk: int, now: datetime) -> bool:
    """Never raises: one reply that cannot leave holds up no other."""
    try:
        return send(pk=pk, now=now) is not None
    except PASSING as error:
        logger.warning("Reply %d waits for the database: %s", pk, error)
    except NotFound:
        _hand_back(pk, _("You can no longer see this ticket, or it was put away."), now)
    except DomainError as error:
        _hand_back(pk, str(error), now)
    except Exception as error:
        logger.exception("Reply %d could not be sent.", pk)
        _hand_back(pk, _("It met an error in this program: %(error)s.") % {"error": type(error).__name__}, now)
    return False


@transaction.atomic
def _hand_back(pk: int, failure: str, now: datetime) -> None:
    """A draft again, and its author is told, wherever he is by now; the team's managers where he works here no more."""
    draft = drafts.hand_back(pk=pk, failure=failure, now=now)
    if draft is None:
        return
    number, author = draft.ticket_id, draft.author

    def compose(person: User) -> Letter:
        title = _("Your reply on #%(number)d was not sent")
        if person != author:
            title = _("The reply of %(name)s on #%(number)d was not sent")
        return Letter(
            kind=AlertKind.DELIVERY,
            title=title % {"number": number, "name": author.name},
            body=failure,
            path=f"/tickets/{number}/",
            ticket_number=number,
        )

    told = [author] if author.is_active else managers_of(draft.ticket.team, now)
    notify(recipients=told, compose=compose, dedupe=f"unsent:{pk}:{now.isoformat()}", now=now, by_mail=False)
