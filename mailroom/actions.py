"""Mail to customers: an agent's answer, and the word that a request has arrived.

Both go into the outbox in the transaction of what they tell. Internal notes never come this way (R62).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.template.defaultfilters import filesizeformat
from django.utils import translation
from django.utils.translation import gettext as _

from common import at_hand, clock
from common.identity import desk_name
from mailroom import links
from mailroom.letterheads import Style, style_of
from mailroom.threads import reply_address, token_for
from notifications import delivery
from notifications.actions import post
from notifications.models import Delivery
from people.models import User
from tickets.enums import Channel, EventKind
from tickets.models import Attachment, Event, Message, Ticket
from tickets.promises import time_words
from visits.reading import is_read_here

# A burst of requests from one address is confirmed so many times, and no more (RFC 3834, 2): the other side may be a
# program that answers each confirmation with a request.
RECEIPTS = ((3, timedelta(hours=1)), (10, timedelta(days=1)))
# What is entered as history (an import, demo data) was told to the customer when it happened, if at all.
HISTORY = timedelta(hours=1)
REFERENCES_LIMIT = 12
# RFC 3834, 5: a program answers, and no program is to answer it.
AUTOMATIC = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
REQUEST_PATH = "/help/{number}/"


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is written; to whom, in which frame and thread, `_post` adds."""

    subject: str
    headline: str
    body: str
    author: str
    dedupe: str
    now: datetime
    files: Sequence[Attachment] = ()
    headers: dict[str, str] = field(default_factory=dict)


def tell_the_customer(ticket: Ticket, events: Sequence[Event], *, now: datetime) -> None:
    """Send on what has happened where the customer is to hear of it. Called with the ticket's lock held."""
    if clock.now() - now > HISTORY:
        return
    for event in events:
        tell = TELLING.get(event.kind)
        if tell is not None:
            tell(ticket, event)


def send_reply(message: Message, *, but: int | None = None) -> None:
    """An agent's public answer as a mail to the ticket's customer, and to whoever was made a watcher from outside.

    Each in one thread with what went before. What a customer writes is not sent on: a watcher reads it with the answer.
    A rule's answer says that nobody wrote it, and goes to the customer alone. `but`: who reads it elsewhere.
    """
    ticket = message.ticket
    if not message.is_public or message.by_customer:
        return
    files = list(message.attachments.order_by("pk"))
    author = message.author.name if message.author else desk_name()
    style = style_of(ticket.team)
    for person, dedupe in _readers(message):
        if person.pk == but:
            continue
        with translation.override(style.language_for(person)):
            letter = _Letter(
                subject=_("Re: %(subject)s [#%(number)d]") % {"subject": ticket.subject, "number": ticket.number},
                headline=ticket.subject,
                body=_with_promise(message, person),
                author=author,
                dedupe=dedupe,
                now=message.created_at,
                files=files,
                headers=AUTOMATIC if message.is_automatic else {},
            )
            _post(ticket, person, letter, style)


def _readers(message: Message) -> list[tuple[User, str]]:
    """Who gets it, each with the key under which it is sent once."""
    ticket = message.ticket
    found = [(ticket.requester, f"reply:{message.pk}")]
    if message.is_automatic:
        return found if ticket.requester.is_active else []
    found += [
        (follower.person, f"reply:{message.pk}:{follower.person_id}")
        for follower in ticket.followers.select_related("person")
    ]
    return [(person, dedupe) for person, dedupe in found if person.is_active]


def _with_promise(message: Message, reader: User) -> str:
    """The text, and below it when the customer hears from us again, by his own watch."""
    if message.next_update_by is None:
        return message.body
    at = time_words(message.next_update_by, reader, message.created_at)
    return f"{message.body}\n\n{_('Next update from us by %(time)s.') % {'time': at}}"


def send_receipt(
    ticket: Ticket, *, now: datetime, asked: Sequence[int] | None = None, style: Style | None = None
) -> None:
    """Confirm a new request. Holds nothing that its sender wrote: the sender's address may be a victim's (SECURITY).

    `asked`, by `asked_lately`: how many requests of his there are, with this one.
    """
    person = ticket.requester
    if not person.is_active or person.is_agent:
        return
    asked = asked_lately([person.pk], now)[person.pk] if asked is None else asked
    if any(count > most for count, (most, _span) in zip(asked, RECEIPTS, strict=True)):
        return
    style = style or style_of(ticket.team)
    with translation.override(style.language_for(person)):
        letter = _Letter(
            subject=_("We have your request [#%(number)d]") % {"number": ticket.number},
            headline=_("We have your request"),
            body=_(
                "Your request has arrived and has the number #%(number)d. Somebody will answer you.\n\n"
                "To add something, answer this mail."
            )
            % {"number": ticket.number},
            author=desk_name(),
            dedupe=f"receipt:{ticket.number}",
            now=now,
            headers=AUTOMATIC,
        )
        _post(ticket, person, letter, style)


def _reply_recorded(ticket: Ticket, event: Event) -> None:
    message = Message.objects.select_related("ticket__requester", "ticket__team", "author").get(
        pk=event.data["message"]
    )
    # The event's own time may be a moment back; who is there is asked of the present.
    is_read = is_read_here(message, now=clock.now())
    send_reply(message, but=ticket.requester_id if is_read else None)


def _request_recorded(ticket: Ticket, event: Event) -> None:
    """A request by mail is confirmed by the intake, which knows whether a person wrote it."""
    if ticket.channel == Channel.WEB and event.actor_id == ticket.requester_id:
        send_receipt(ticket, now=event.at)


TELLING: dict[str, Callable[[Ticket, Event], None]] = {
    EventKind.REPLIED: _reply_recorded,
    EventKind.AUTO_REPLIED: _reply_recorded,
    EventKind.OPENED: _request_recorded,
}


def _post(ticket: Ticket, person: User, letter: _Letter, style: Style) -> None:
    token = token_for(ticket.number, person.email)
    attached, linked = affordable(letter.files)
    post(
        address=person.email,
        recipient=person,
        sender=style.sender,
        subject=letter.subject,
        dedupe=letter.dedupe,
        now=letter.now,
        template="message",
        context={
            "desk_name": desk_name(),
            "language": style.language_for(person),
            "ticket_number": ticket.number,
            "headline": letter.headline,
            "body": letter.body,
            "author": letter.author,
            "signature": style.signature,
            "files": [_as_link(file, person, letter.now) for file in linked],
            "action_url": _url_for(ticket, person),
            "action_label": _("Open your request"),
        },
        headers={
            **_thread_headers(ticket, person, token),
            **letter.headers,
            "Reply-To": reply_address(token, style.address),
        },
        thread_token=token,
        files=[as_enclosure(file) for file in attached],
    )


def _url_for(ticket: Ticket, person: User) -> str:
    """The page of the request is its customer's alone: others answer by mail."""
    if person.pk != ticket.requester_id:
        return ""
    return settings.BASE_URL + REQUEST_PATH.format(number=ticket.number)


def affordable(files: Sequence[Attachment]) -> tuple[list[Attachment], list[Attachment]]:
    """(what goes with the mail, what is too much for it), the first come first."""
    attached: list[Attachment] = []
    linked: list[Attachment] = []
    size = 0
    for file in files:
        fits = size + file.size <= settings.MAIL_ATTACH_LIMIT
        (attached if fits else linked).append(file)
        size += file.size if fits else 0
    return attached, linked


def as_enclosure(file: Any) -> dict[str, Any]:
    """A stored file as the outbox takes it."""
    return {"name": file.name, "type": file.content_type, "stored": file.stored.name}


def _as_link(file: Attachment, person: User, now: datetime) -> dict[str, str]:
    return {
        "name": file.name,
        "size": filesizeformat(file.size),
        "url": links.link_to(file.pk, person.email, now=now),
    }


def _thread_headers(ticket: Ticket, person: User, token: str) -> dict[str, str]:
    """References and In-Reply-To (RFC 5322, 3.6.4): the customers' mails and ours, in the order of time."""
    new: Sequence[Any] | None = at_hand.kept(ticket, "messages")
    if new is not None:
        # It has just been opened: nothing has been written to anybody yet.
        return references([(message.created_at, message.external_id) for message in new if message.external_id])
    theirs = ticket.messages.filter(by_customer=True).exclude(external_id="").values_list("created_at", "external_id")
    ours = Delivery.objects.filter(recipient=person, thread_token=token)
    return references([*theirs, *((letter.created_at, delivery.message_id(letter)) for letter in ours)])


def references(dated: Sequence[tuple[datetime, str]]) -> dict[str, str]:
    """The two headers of a letter that comes after these."""
    known = [identifier for _at, identifier in sorted(dated, key=itemgetter(0))]
    if not known:
        return {}
    # The first stays, whatever is cut: mail programs hang the thread on it.
    return {"References": " ".join(dict.fromkeys([known[0], *known[-REFERENCES_LIMIT:]])), "In-Reply-To": known[-1]}


def asked_lately(people: Collection[int], now: datetime) -> defaultdict[int, list[int]]:
    """How many tickets each of them has opened within the spans of `RECEIPTS`; one query, or none."""
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(RECEIPTS))
    since = [now - span for _most, span in RECEIPTS]
    asked = Ticket.objects.filter(requester__in=people, created_at__gt=min(since)) if people else Ticket.objects.none()
    counts = {f"within_{place}": Count("pk", filter=Q(created_at__gt=at)) for place, at in enumerate(since)}
    for person, *within in asked.order_by().values_list("requester").annotate(**counts):
        found[person] = within
    return found
