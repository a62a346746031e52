"""A matter with its past, from another desk: written down as it was, announced once as imported.

The states are set as the rows are made, which is the one other place where they may be (DESIGN §3.10). What is
written down here starts no clock, sends no mail and tells nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from people.models import Team, User
from tickets import files, indexing, matching, ownership, timeline
from tickets.actions import lock_ticket
from tickets.enums import DONE_STATUSES, Channel, EventKind, Status
from tickets.models import ImportedRecord, Message, Tag, Ticket
from tickets.routing import placing


class Voice(StrEnum):
    """Who spoke to whom."""

    CUSTOMER = "customer"
    REPLY = "reply"
    NOTE = "note"


_KINDS = {Voice.CUSTOMER: EventKind.CUSTOMER_WROTE, Voice.REPLY: EventKind.REPLIED, Voice.NOTE: EventKind.NOTED}


@dataclass(frozen=True, slots=True)
class PastMessage:
    """One message of the past, its text already checked; `key` is its name in the source."""

    key: str
    voice: Voice
    at: datetime
    body: str
    author: User | None
    channel: str = Channel.WEB
    external_id: str = ""
    attachments: Sequence[files.Upload] = ()


@dataclass(frozen=True, slots=True)
class PastTicket:
    """A ticket of the past, every field already checked. Without a team the rules place it, as they would today."""

    key: str
    subject: str
    requester: User
    status: str
    priority: str
    channel: str
    created_at: datetime
    team: Team | None = None
    assignee: User | None = None
    tags: Sequence[str] = ()
    watchers: Sequence[User] = ()
    done_at: datetime | None = None


@transaction.atomic
def import_ticket(*, source: str, past: PastTicket, messages: Sequence[PastMessage], now: datetime) -> Ticket:
    """The ticket with its messages (the first is the request itself) and a timeline that says when what happened."""
    ticket = Ticket(
        subject=past.subject,
        status=past.status,
        priority=past.priority,
        channel=past.channel,
        requester=past.requester,
        organisation=past.requester.organisation,
        team=past.team,
        assignee=past.assignee,
        created_at=past.created_at,
        updated_at=past.created_at,
    )
    rule = ""
    if ticket.team is None:
        placement = placing.place(matching.facts_of(ticket, text=messages[0].body, tags=past.tags))
        ticket.team, rule = placement.team, placement.rule
    if past.status in DONE_STATUSES:
        ticket.solved_at = past.done_at or messages[-1].at
        ticket.closed_at = ticket.solved_at if past.status == Status.CLOSED else None
    ticket.save()
    ownership.begin(ticket, now=past.created_at)
    if ticket.solved_at:
        ownership.keep(ticket, now=ticket.solved_at)
    ticket.tags.set([Tag.objects.get_or_create(name=name)[0] for name in past.tags])
    ticket.watchers.set(past.watchers)
    ImportedRecord.objects.create(source=source, key=past.key, ticket=ticket)
    timeline.record_many(_beginning(ticket, rule))
    _write(ticket, source, messages)
    if past.status != Status.NEW:
        timeline.record_many([_settled(ticket)])
    timeline.record(ticket, EventKind.IMPORTED, now=now, source=source, key=past.key)
    return ticket


@transaction.atomic
def import_messages(*, source: str, ticket: Ticket, messages: Sequence[PastMessage], now: datetime) -> Ticket:
    """What was written over there since the last import. The ticket's state stays what it has become here."""
    ticket = lock_ticket(ticket.number)
    _write(ticket, source, messages)
    timeline.record(ticket, EventKind.IMPORTED, now=now, source=source, key=messages[-1].key)
    return ticket


def _write(ticket: Ticket, source: str, messages: Sequence[PastMessage]) -> None:
    rows = Message.objects.bulk_create(
        [
            Message(
                ticket=ticket,
                author=past.author,
                is_public=past.voice is not Voice.NOTE,
                by_customer=past.voice is Voice.CUSTOMER,
                body=past.body,
                channel=past.channel,
                created_at=past.at,
                external_id=past.external_id,
            )
            for past in messages
        ]
    )
    told = []
    for row, past in zip(rows, messages, strict=True):
        files.attach(row, past.attachments)
        # The request itself is what “opened” says.
        if past.at != ticket.created_at or past.voice is not Voice.CUSTOMER:
            kind = _KINDS[past.voice]
            told.append(timeline.line(ticket.number, kind, now=past.at, actor=past.author, message=row.pk))
    timeline.record_many(told)
    ImportedRecord.objects.bulk_create(
        [ImportedRecord(source=source, key=past.key, ticket=ticket) for past in messages]
    )
    _remember(ticket, messages)
    indexing.rebuild([ticket.number])


def _remember(ticket: Ticket, messages: Sequence[PastMessage]) -> None:
    """When each side last spoke and when anything last changed; never back to an earlier moment."""
    moments: dict[str, list[datetime]] = {
        "last_customer_message_at": [past.at for past in messages if past.voice is Voice.CUSTOMER],
        "last_agent_reply_at": [past.at for past in messages if past.voice is Voice.REPLY],
        "updated_at": [past.at for past in messages],
    }
    for name, found in moments.items():
        known = getattr(ticket, name)
        setattr(ticket, name, max([*found, *([known] if known else [])], default=None))
    if ticket.solved_at:
        ticket.updated_at = max(ticket.updated_at, ticket.solved_at)
    ticket.save(update_fields=list(moments))


def _beginning(ticket: Ticket, rule: str) -> list[timeline.Line]:
    at = ticket.created_at
    opened = timeline.line(ticket.number, EventKind.OPENED, now=at, actor=ticket.requester, channel=ticket.channel)
    if ticket.team is None:
        return [opened]
    routed = timeline.line(ticket.number, EventKind.ROUTED, now=at, team=ticket.team.name, rule=rule)
    return [opened, routed]


def _settled(ticket: Ticket) -> timeline.Line:
    """The state in which it came; by which steps it got there is not known."""
    at = ticket.solved_at or ticket.updated_at
    return timeline.line(ticket.number, EventKind.STATUS, now=at, before=Status.NEW, after=ticket.status, reason="")
