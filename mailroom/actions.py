"""Mail to customers: an agent's answer, and the word that a request has arrived.

Both go into the outbox in the transaction of what they tell. Internal notes never come this way (R62).
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock
from mailroom.threads import reply_address, token_for
from notifications import delivery
from notifications.actions import post
from notifications.models import Delivery
from tickets.enums import Channel, EventKind
from tickets.models import Event, Message, Ticket
from tickets.promises import time_words

# A burst of requests from one address is confirmed so many times an hour, and no more (RFC 3834, 2).
RECEIPTS_AN_HOUR = 5
# What is entered as history (an import, demo data) was told to the customer when it happened, if at all.
HISTORY = timedelta(hours=1)
REFERENCES_LIMIT = 12
REQUEST_PATH = "/help/{number}/"


def tell_the_customer(ticket: Ticket, events: Sequence[Event], *, now: datetime) -> None:
    """Send on what has happened where the customer is to hear of it. Called with the ticket's lock held."""
    if clock.now() - now > HISTORY:
        return
    for event in events:
        tell = TELLING.get(event.kind)
        if tell is not None:
            tell(ticket, event)


def send_reply(message: Message) -> None:
    """An agent's public answer as a mail to the ticket's customer, in one thread with what went before."""
    ticket = message.ticket
    if not message.is_public or message.by_customer or not ticket.requester.is_active:
        return
    author = message.author.name if message.author else settings.DESK_NAME
    with translation.override(ticket.requester.language):
        _post(
            ticket,
            subject=_("Re: %(subject)s [#%(number)d]") % {"subject": ticket.subject, "number": ticket.number},
            dedupe=f"reply:{message.pk}",
            now=message.created_at,
            headline=ticket.subject,
            body=_with_promise(message),
            author=author,
            files=list(message.attachments.values_list("name", flat=True)),
            headers=_thread_headers(ticket),
        )


def _with_promise(message: Message) -> str:
    """The text, and below it when the customer hears from us again, by his own watch."""
    if message.next_update_by is None:
        return message.body
    at = time_words(message.next_update_by, message.ticket.requester, message.created_at)
    return f"{message.body}\n\n{_('Next update from us by %(time)s.') % {'time': at}}"


def send_receipt(ticket: Ticket, *, now: datetime) -> None:
    """Confirm a new request. Holds nothing that its sender wrote: the sender's address may be a victim's (SECURITY)."""
    if not ticket.requester.is_active or ticket.requester.is_agent or _has_had_enough(ticket, now):
        return
    with translation.override(ticket.requester.language):
        _post(
            ticket,
            subject=_("We have your request [#%(number)d]") % {"number": ticket.number},
            dedupe=f"receipt:{ticket.number}",
            now=now,
            headline=_("We have your request"),
            body=_(
                "Your request has arrived and has the number #%(number)d. Somebody will answer you.\n\n"
                "To add something, answer this mail."
            )
            % {"number": ticket.number},
            author=settings.DESK_NAME,
            files=[],
            headers={
                **_thread_headers(ticket),
                # RFC 3834, 5: a program answers, and no program is to answer it.
                "Auto-Submitted": "auto-replied",
                "X-Auto-Response-Suppress": "All",
            },
        )


def _reply_recorded(ticket: Ticket, event: Event) -> None:
    send_reply(Message.objects.select_related("ticket__requester", "author").get(pk=event.data["message"]))


def _request_recorded(ticket: Ticket, event: Event) -> None:
    """A request by mail is confirmed by the intake, which knows whether a person wrote it."""
    if ticket.channel == Channel.WEB and event.actor_id == ticket.requester_id:
        send_receipt(ticket, now=event.at)


TELLING: dict[str, Callable[[Ticket, Event], None]] = {
    EventKind.REPLIED: _reply_recorded,
    EventKind.OPENED: _request_recorded,
}


def _post(
    ticket: Ticket,
    *,
    subject: str,
    dedupe: str,
    now: datetime,
    headline: str,
    body: str,
    author: str,
    files: list[str],
    headers: dict[str, str],
) -> None:
    person = ticket.requester
    token = token_for(ticket.number, person.email)
    post(
        address=person.email,
        recipient=person,
        subject=subject,
        dedupe=dedupe,
        now=now,
        template="message",
        context={
            "desk_name": settings.DESK_NAME,
            "language": person.language,
            "ticket_number": ticket.number,
            "headline": headline,
            "body": body,
            "author": author,
            "files": files,
            "action_url": settings.BASE_URL + REQUEST_PATH.format(number=ticket.number),
            "action_label": _("Open your request"),
        },
        headers={**headers, "Reply-To": reply_address(token)},
        thread_token=token,
    )


def _thread_headers(ticket: Ticket) -> dict[str, str]:
    """References and In-Reply-To (RFC 5322, 3.6.4): the customer's mails and ours, in the order of time."""
    token = token_for(ticket.number, ticket.requester.email)
    theirs = ticket.messages.filter(by_customer=True).exclude(external_id="").values_list("created_at", "external_id")
    ours = Delivery.objects.filter(recipient=ticket.requester, thread_token=token)
    dated = [*theirs, *((letter.created_at, delivery.message_id(letter)) for letter in ours)]
    known = [identifier for _at, identifier in sorted(dated, key=itemgetter(0))]
    if not known:
        return {}
    # The first stays, whatever is cut: mail programs hang the thread on it.
    return {"References": " ".join(dict.fromkeys([known[0], *known[-REFERENCES_LIMIT:]])), "In-Reply-To": known[-1]}


def _has_had_enough(ticket: Ticket, now: datetime) -> bool:
    recent = Ticket.objects.filter(requester=ticket.requester, created_at__gt=now - timedelta(hours=1))
    return recent.count() > RECEIPTS_AN_HOUR
