"""Tickets as the API shows them. A customer sees public messages and nothing internal (DESIGN §3.12)."""

from collections.abc import Iterable
from typing import Annotated, TypedDict

from django.db.models import Prefetch, prefetch_related_objects

from api.ask import Links, instant, moment
from api.shapes.basic import Moment, Person, Url
from common import at_hand
from escalation.models import Escalation
from people.models import User
from sla.enums import ClockState, Metric
from sla.models import Clock
from tickets.enums import Channel, Kind, Priority, Status, Trash
from tickets.models import Attachment, Message, Ticket
from tickets.querysets import MessageQuerySet, TicketQuerySet


class AttachmentShape(TypedDict):
    id: int
    name: str
    content_type: str
    size: int
    url: Url


class MessageShape(TypedDict):
    """`public` is false for internal notes, which customers never get; `automatic` says that a rule wrote it."""

    id: int
    author: Person | None
    by_customer: bool
    public: bool
    automatic: bool
    body: str
    channel: Annotated[str, Channel]
    created_at: Moment
    next_update_by: Moment | None
    attachments: list[AttachmentShape]


class ClockShape(TypedDict):
    """A running promise. `cycle` counts the rounds of one that recurs.

    `internal` clocks count what a team uses of its own target: `team` names it, and customers never get them.
    """

    metric: Annotated[str, Metric]
    internal: bool
    team: str | None
    cycle: int
    state: Annotated[str, ClockState]
    target_seconds: int
    started_at: Moment
    due_at: Moment | None
    met_at: Moment | None
    breached_at: Moment | None
    ledger: Url


class TicketShape(TypedDict):
    """To customers, what is internal is null or empty: severity, team, assignee, tags, type, fields, escalations,
    watchers, and whether it sleeps or is put away."""

    number: int
    subject: str
    status: Annotated[str, Status]
    waits_for: str | None
    priority: Annotated[str, Priority]
    severity: int | None
    escalation_state: str | None
    next_due_at: Moment | None
    team: str | None
    assignee: str | None
    requester: Person
    tags: list[str]
    channel: Annotated[str, Channel]
    kind: Annotated[str, Kind] | None
    fields: dict[str, str]
    merged_into: int | None
    watchers: list[str]
    snoozed_until: Moment | None
    put_away: Annotated[str, Trash] | None
    created_at: Moment
    updated_at: Moment
    clocks: list[ClockShape]
    escalations: list[int]
    messages: list[MessageShape]


class TicketPage(TypedDict):
    results: list[TicketShape]
    next: Url | None


# What a shape says of people and teams: of a record of twenty columns, three.
_PEOPLE = ("requester__name", "requester__email", "team__slug", "assignee__email")
_TICKET = [*(field.attname for field in Ticket._meta.concrete_fields), *_PEOPLE]
_MESSAGE = [*(field.attname for field in Message._meta.concrete_fields), "author__name", "author__email"]


def with_all(tickets: TicketQuerySet, user: User) -> TicketQuerySet:
    """With everything that `ticket_shape` reads, in a number of queries that does not depend on how many there are."""
    rows = tickets.select_related("requester", "team", "assignee").only(*_TICKET)
    return rows.prefetch_related(*_parts(user, _with_authors_apart(Message.objects.visible_to(user))))


def completed(ticket: Ticket, user: User) -> Ticket:
    """The same for a ticket that has just been read with its people."""
    prefetch_related_objects([ticket], *_parts(user, _with_authors(Message.objects.visible_to(user))))
    return ticket


def just_opened(ticket: Ticket, user: User) -> Ticket:
    """The same for a ticket that was opened in this very call: what is at hand of it is not read back."""
    if ticket.escalation_number is None:
        at_hand.keep(ticket, "escalations", [])
    at_hand.keep(ticket, "watchers", [])
    missing = at_hand.lay_out(ticket, "messages", "clocks", "tags", "escalations", "watchers")
    for message in ticket.messages.all():
        at_hand.lay_out(message, "attachments")
    return completed(ticket, user) if missing else ticket


def _with_authors(messages: MessageQuerySet) -> MessageQuerySet:
    return messages.select_related("author").only(*_MESSAGE)


def _with_authors_apart(messages: MessageQuerySet) -> MessageQuerySet:
    """Of many tickets: joined, PostgreSQL would read through all people rather than look up these few."""
    return messages.prefetch_related(Prefetch("author", User.objects.only("name", "email")))


def _parts(user: User, messages: MessageQuerySet) -> list[str | Prefetch[str]]:
    messages = messages.prefetch_related("attachments")
    clocks = Clock.every.visible_to(user).order_by("metric", "cycle").select_related("responsible_team")
    parts: list[str | Prefetch[str]] = [Prefetch("messages", messages), Prefetch("clocks", clocks)]
    if user.is_agent:
        escalations = Escalation.objects.visible_to(user).only("number", "ticket_id").order_by("number")
        parts += ["tags", Prefetch("watchers", User.objects.order_by("email")), Prefetch("escalations", escalations)]
    return parts


def ticket_shape(ticket: Ticket, user: User, links: Links) -> TicketShape:
    inside = user.is_agent
    return {
        "number": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "waits_for": ticket.stands_still_for or None if inside else None,
        "priority": ticket.priority,
        "severity": ticket.severity if inside else None,
        "escalation_state": ticket.escalation_state,
        "next_due_at": moment(ticket.next_due_at),
        "team": ticket.team.slug if inside and ticket.team else None,
        "assignee": ticket.assignee.email if inside and ticket.assignee else None,
        "requester": person_shape(ticket.requester, user),
        "tags": [tag.name for tag in ticket.tags.all()] if inside else [],
        "channel": ticket.channel,
        "kind": ticket.kind if inside else None,
        "fields": {key: str(value) for key, value in ticket.fields.items()} if inside else {},
        "merged_into": ticket.merged_into_id if inside else None,
        "watchers": [person.email for person in ticket.watchers.all()] if inside else [],
        "snoozed_until": moment(ticket.snoozed_until) if inside else None,
        "put_away": ticket.trashed_as or None if inside else None,
        "created_at": instant(ticket.created_at),
        "updated_at": instant(ticket.updated_at),
        "clocks": [clock_shape(clock, links) for clock in ticket.clocks.all() if inside or not clock.is_internal],
        "escalations": [escalation.number for escalation in ticket.escalations.all()] if inside else [],
        "messages": [message_shape(message, user, links) for message in ticket.messages.all()],
    }


def clock_shape(clock: Clock, links: Links) -> ClockShape:
    ledger = links.to("ledger", number=clock.ticket_id, metric=clock.metric)
    return {
        "metric": clock.metric,
        "internal": clock.is_internal,
        "team": clock.responsible_team.slug if clock.is_internal and clock.responsible_team else None,
        "cycle": clock.cycle,
        "state": clock.state,
        "target_seconds": clock.target_seconds,
        "started_at": instant(clock.started_at),
        "due_at": moment(clock.due_at),
        "met_at": moment(clock.met_at),
        "breached_at": moment(clock.breached_at),
        "ledger": f"{ledger}?cycle={clock.cycle}",
    }


def message_shape(message: Message, user: User, links: Links) -> MessageShape:
    return {
        "id": message.pk,
        "author": person_shape(message.author, user) if message.author else None,
        "by_customer": message.by_customer,
        "public": message.is_public,
        "automatic": message.is_automatic and not message.by_customer,
        "body": message.body,
        "channel": message.channel,
        "created_at": instant(message.created_at),
        "next_update_by": instant(message.next_update_by) if message.next_update_by else None,
        "attachments": attachment_shapes(message.attachments.all(), links),
    }


def attachment_shapes(attachments: Iterable[Attachment], links: Links) -> list[AttachmentShape]:
    return [
        {
            "id": attachment.pk,
            "name": attachment.name,
            "content_type": attachment.content_type,
            "size": attachment.size,
            "url": links.to("attachment", pk=attachment.pk),
        }
        for attachment in attachments
    ]


def person_shape(person: User, reader: User) -> Person:
    """Customers learn the names of those who help them, and no addresses but their own."""
    knows = reader.is_agent or person.pk == reader.pk
    return {"name": person.name, "email": person.email if knows else ""}
