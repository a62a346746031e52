"""How tickets come to be: one, or many at once in as many statements as one takes.

What a new ticket needs besides its row (words to be found by, clocks, what its arrival sets going) is the same for each
and read by nobody before the transaction ends, so it is gathered and written kind by kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from common import at_hand
from common.configuration import SetUp
from common.rows import gathered, insert_all, put
from common.text import many_lines, one_line
from people.models import Team, User
from tickets import arriving, files, foresight, indexing, owing, ownership, tagging, timeline
from tickets.checks import check_priority
from tickets.enums import Channel, Kind, Priority
from tickets.models import Message, Ticket
from tickets.routing import Decision, Turns


@dataclass(frozen=True, slots=True)
class Opening:
    """What somebody asks; `opened_by` is who opens it for him. `is_automatic`: see `Message`."""

    subject: str
    body: str
    requester: User
    priority: str = Priority.NORMAL
    channel: str = Channel.WEB
    team: Team | None = None
    tags: Sequence[str] = ()
    attachments: Sequence[files.File] = ()
    opened_by: User | None = None
    external_id: str = ""
    kind: str = Kind.QUESTION
    fields: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    is_automatic: bool = False


@dataclass(slots=True)
class _Begun:
    """A ticket that is about to be stored, as checked, and what the rules said."""

    opening: Opening
    ticket: Ticket
    body: str
    tags: list[str]
    routed: Decision | None = None


def open_tickets(openings: Sequence[Opening], *, now: datetime) -> list[Ticket]:
    """New tickets with their first messages, placed with teams; who placed them and why is on the timeline (R56).

    Raises InvalidInput, with nothing stored, when something in one of them cannot be kept.
    """
    all_begun = [_checked(opening, now) for opening in openings]
    # Nothing was stored above, and nobody goes on with half of what is stored below: it needs no savepoint.
    with transaction.atomic(savepoint=False), gathered():
        set_up, people = SetUp(), Turns(now)
        for begun in all_begun:
            _place(begun, set_up, people, now)
        insert_all([begun.ticket for begun in all_begun])
        messages = [_first_message(begun, now) for begun in all_begun]
        # A file names its message; nothing else asks for a message's key before the transaction ends.
        (insert_all if any(begun.opening.attachments for begun in all_begun) else put)(messages)
        for begun, message in zip(all_begun, messages, strict=True):
            _begin(begun, message)
            arriving.be_looked_at(begun.ticket, set_up, now=now)
        timeline.record_all_opened([_as_recorded(begun) for begun in all_begun], now=now)
    return [begun.ticket for begun in all_begun]


def _checked(opening: Opening, now: datetime) -> _Begun:
    subject = one_line(opening.subject, field="subject")
    body, tags = many_lines(opening.body, field="body"), tagging.names(opening.tags)
    check_priority(opening.priority)
    files.check(opening.attachments)
    ticket = Ticket(
        subject=subject,
        priority=opening.priority,
        channel=opening.channel,
        requester=opening.requester,
        organisation=opening.requester.organisation,
        team=opening.team,
        kind=opening.kind,
        fields=dict(opening.fields),
        due_at=opening.due_at,
        **dict.fromkeys(("created_at", "updated_at", "last_customer_message_at"), now),
    )
    return _Begun(opening, ticket, body, tags)


def _place(begun: _Begun, set_up: SetUp, people: Turns, now: datetime) -> None:
    ticket = begun.ticket
    begun.routed = arriving.place(ticket, begun.body, tags=begun.tags, set_up=set_up, people=people)
    begun.tags = arriving.with_tags(begun.tags, begun.routed)
    ticket.next_due_at = foresight.next_due(ticket, text=begun.body, tags=begun.tags, set_up=set_up, now=now)


def _as_recorded(begun: _Begun) -> tuple[Ticket, User, Mapping[str, Any] | None]:
    opening, ticket = begun.opening, begun.ticket
    return ticket, opening.opened_by or opening.requester, arriving.told(ticket, begun.routed)


def _first_message(begun: _Begun, now: datetime) -> Message:
    return Message(
        ticket=begun.ticket,
        author=begun.opening.requester,
        by_customer=True,
        body=begun.body,
        channel=begun.opening.channel,
        created_at=now,
        external_id=begun.opening.external_id,
        is_automatic=begun.opening.is_automatic,
    )


def _begin(begun: _Begun, message: Message) -> None:
    """What every ticket has from its first moment on."""
    ticket, uploads = begun.ticket, begun.opening.attachments
    at_hand.keep(message, "attachments", files.attach(message, uploads))
    tagged = tagging.of(begun.tags)
    ticket.tags.add(*tagged)
    at_hand.keep(ticket, "tags", sorted(tagged, key=str))
    at_hand.keep(ticket, "messages", [message])
    arriving.await_owner(ticket, begun.routed, now=ticket.created_at)
    put(owing.rows_of(ticket, begun.routed, now=ticket.created_at))
    put([ownership.first(ticket, now=ticket.created_at)])
    put([indexing.first(ticket, message, [files.safe_name(upload.name) for upload in uploads])])
