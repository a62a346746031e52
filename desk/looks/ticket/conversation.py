"""A ticket's conversation: what people wrote, and between it, folded, what happened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Max, Prefetch, prefetch_related_objects
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.questions import Question
from desk.looks.addresses import address
from desk.looks.ticket.belongings import Belongings
from desk.looks.ticket.events import SAID_BY_MESSAGES, Line, line
from desk.looks.ticket.received import MailLook, fetched_with, mail_look
from desk.templatetags.desk_look import channel_name
from desk.templatetags.desk_time import clock_text
from knowledge.markdown import letter_to_html
from mailroom import quotes
from mailroom.models import DeliveryFailure
from people import mentions
from people.models import User
from tickets.composer import Crossed
from tickets.models import Attachment, Draft, Event, Mention, Message, Ticket
from tickets.querysets import EventQuerySet, MessageQuerySet
from tickets.uploads import belies

NEWEST = 100
EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FileLook:
    name: str
    url: str
    size: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A run of a message's text; what is quoted is folded. `html` where its author may write Markdown."""

    text: str
    html: str = ""
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class MessageLook:
    """As the message component reads it."""

    pk: int
    kind: str
    author: str
    origin: str
    at: datetime
    text: str
    is_new: bool = False
    lang: str = ""
    html: str = ""
    parts: list[Part] = field(default_factory=list)
    attachments: list[FileLook] = field(default_factory=list)
    undelivered: str = ""
    next_update_by: datetime | None = None
    mail: MailLook | None = None
    forward_url: str = ""
    article_url: str = ""
    split_url: str = ""
    has_helped: bool | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """A run of events between two messages, told in one line until it is opened."""

    summary: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Entry:
    message: MessageLook | None = None
    folded: Folded | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A reply on its way; `mine` may be taken back."""

    pk: int
    author: str
    html: str
    send_at: datetime
    mine: bool
    files: list[str]
    next_update_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """`newest`: the key of the message that was written last, shown or not."""

    entries: list[Entry]
    earlier: int
    newest: int
    pending: list[Pending]


@dataclass(frozen=True, slots=True)
class CrossedLook:
    """Messages and replies on their way; `authors`: keys of those who are about to send the latter."""

    messages: list[MessageLook]
    pending: list[Pending]
    authors: list[int]


def conversation(ticket: Ticket, now: datetime, has: Belongings, *, reader: User, shown: int = NEWEST) -> Conversation:
    """The newest messages, oldest first, with the events since the first of them, and the replies on their way."""
    latest = _newest_on.rows(ticket.pk, most=shown + 1)
    messages = latest[:shown][::-1]
    cut = len(latest) > shown
    _fetch_with(messages, has)
    events = _happened_on.rows(ticket.pk, messages[0].created_at if cut else EVER, most=shown * 3)[::-1]
    entries = _merged(messages, events, ticket, now)
    earlier, newest = _all_of(ticket) if cut else (len(messages), max((message.pk for message in messages), default=0))
    pending = _pending(ticket, reader) if has.drafts else []
    return Conversation(entries, earlier - len(messages), newest, pending)


def last_messages(ticket: Ticket, now: datetime, count: int = 3) -> list[MessageLook]:
    """The latest words, oldest first: evidence for whoever decides."""
    found = _newest_on.rows(ticket.pk, most=count)[::-1]
    _fetch_with(found)
    return [_look(message, ticket, now) for message in found]


def crossed_look(crossed: Crossed, ticket: Ticket, now: datetime) -> CrossedLook:
    """What is new to somebody who was writing, outside of its conversation."""
    _fetch_with(crossed.messages)
    messages = [_look(message, ticket, now) for message in crossed.messages]
    return CrossedLook(messages, _on_way(crossed.on_way), sorted({draft.author_id for draft in crossed.on_way}))


def _pending(ticket: Ticket, reader: User) -> list[Pending]:
    found = Draft.objects.on_their_way().filter(ticket=ticket).select_related("author").prefetch_related("files")
    return _on_way(found.order_by("send_at", "pk"), reader)


def _on_way(drafts: Iterable[Draft], reader: User | None = None) -> list[Pending]:
    return [
        Pending(
            pk=draft.pk,
            author=draft.author.name,
            html=letter_to_html(draft.body),
            send_at=draft.send_at,
            mine=reader is not None and draft.author_id == reader.pk,
            files=[file.name for file in draft.files.all()],
            next_update_by=draft.next_update_by,
        )
        for draft in drafts
        if draft.send_at is not None
    ]


@Question
def _newest_on(ticket: int, *, most: int) -> MessageQuerySet:
    rows = Message.objects.filter(ticket=ticket).select_related("author")
    return rows.order_by("-created_at", "-pk")[:most]


@Question
def _happened_on(ticket: int, since: datetime, *, most: int) -> EventQuerySet:
    """The newest first; what the messages say themselves is left out."""
    rows = Event.objects.filter(ticket=ticket, at__gte=since).exclude(kind__in=SAID_BY_MESSAGES)
    return rows.select_related("actor").order_by("-at", "-pk")[:most]


def _fetch_with(messages: Sequence[Message], has: Belongings | None = None) -> None:
    """Files, mentions, mails and failures; of what the ticket has none nothing is asked."""
    hung = {
        Prefetch("attachments", Attachment.objects.order_by("pk")): has is None or has.files,
        Prefetch("mentions", Mention.objects.select_related("user")): has is None or has.mentions,
        Prefetch("delivery_failures", DeliveryFailure.objects.order_by("pk")): has is not None and has.failures,
        fetched_with(): has is not None and has.mails,
    }
    prefetch_related_objects(messages, *(one for one, is_there in hung.items() if is_there))


def _fetched(message: Message, name: str) -> Sequence[Any]:
    """What `_fetch_with` has put beside it."""
    known: dict[str, Sequence[Any]] = getattr(message, "_prefetched_objects_cache", {})
    return known.get(name, ())


def _all_of(ticket: Ticket) -> tuple[int, int]:
    """How many messages there are, and the key of the newest."""
    found = ticket.messages.aggregate(count=Count("pk"), newest=Max("pk"))
    return found["count"], found["newest"]


def _merged(messages: Sequence[Message], events: Sequence[Event], ticket: Ticket, now: datetime) -> list[Entry]:
    """By time; where both have the same instant the message goes first, for it was the cause."""
    entries: list[Entry] = []
    waiting = list(events)
    divisible = ticket.merged_into_id is None and sum(message.is_public for message in messages) > 1
    for message in messages:
        before = [event for event in waiting if event.at < message.created_at]
        waiting = waiting[len(before) :]
        entries += _fold(before, now)
        entries.append(Entry(message=_look(message, ticket, now, divisible=divisible)))
    return entries + _fold(waiting, now)


def _fold(events: Sequence[Event], now: datetime) -> list[Entry]:
    if not events:
        return []
    lines = [line(event) for event in events]
    first, last = clock_text(events[0].at, now), clock_text(events[-1].at, now)
    known = {
        "n": len(lines),
        "when": first if first == last else _("%(first)s to %(last)s") % {"first": first, "last": last},
        "words": "; ".join(found.text for found in lines[:3]) + ("…" if len(lines) > 3 else ""),
    }
    summary = ngettext("%(when)s: %(words)s", "%(n)d events, %(when)s: %(words)s", len(lines)) % known
    return [Entry(folded=Folded(summary, lines))]


def _look(message: Message, ticket: Ticket, now: datetime, *, divisible: bool = False) -> MessageLook:
    kind = "customer" if message.by_customer else ("agent" if message.is_public else "note")
    answered, mail = ticket.last_agent_reply_at, mail_look(message)
    return MessageLook(
        pk=message.pk,
        kind=kind,
        author=_author(message, mail),
        origin=_origin(message, ticket, kind),
        at=message.created_at,
        text=message.body,
        parts=_parts(message),
        is_new=kind == "customer" and not ticket.is_done and (answered is None or answered < message.created_at),
        attachments=[_file(attachment) for attachment in _fetched(message, "attachments")],
        next_update_by=message.next_update_by,
        mail=mail,
        undelivered=_undelivered(message),
        article_url=f"{address('desk:article_new')}?from={message.pk}" if kind == "agent" else "",
        forward_url=address("desk:forward", message.pk) if message.is_public else "",
        split_url=f"{address('desk:split', ticket.number)}?message={message.pk}"
        if divisible and kind == "customer"
        else "",
        has_helped=message.has_helped,
    )


def _author(message: Message, mail: MailLook | None) -> str:
    if message.author:
        return message.author.name
    if message.is_automatic and not message.by_customer:
        return _("A rule of the desk, automatically")
    return mail.sender if mail else _("Somebody who is gone")


def _undelivered(message: Message) -> str:
    """What a server said of it; of several readers each is named."""
    failures = _fetched(message, "delivery_failures") if message.is_public and not message.by_customer else []
    return " ".join(
        _("Not delivered to %(address)s: %(why)s") % {"address": one.address, "why": f"{one.status} {one.answer}"}
        for one in failures
    )


def _parts(message: Message) -> list[Part]:
    """A customer's words as they came; a colleague's as Markdown, with those marked whom a note names."""
    runs = quotes.parts(message.body)
    if message.by_customer:
        return [Part(text, quoted=quoted) for quoted, text in runs]
    known = mentions.handles([mention.user for mention in _fetched(message, "mentions")])

    def named(text: str) -> list[tuple[int, int]]:
        return mentions.spans(text, known)

    return [Part(text, letter_to_html(text, marked=named), quoted) for quoted, text in runs]


def _origin(message: Message, ticket: Ticket, kind: str) -> str:
    if kind == "agent":
        return _("to %(name)s") % {"name": ticket.requester.name}
    how = channel_name(message.channel)
    if ticket.organisation:
        return _("%(organisation)s, %(how)s") % {
            "organisation": ticket.organisation.name,
            "how": how[:1].lower() + how[1:],
        }
    return how


def _file(attachment: Attachment) -> FileLook:
    note = _("not what its name says") if belies(attachment.name, attachment.content_type) else ""
    return FileLook(attachment.name, address("attachment", attachment.pk), filesizeformat(attachment.size), note)
