"""A ticket as a row of a list. However many rows there are, the queries are as many."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.questions import Question
from desk.looks.addresses import address
from desk.looks.inbox.next_steps import is_unread, next_step
from desk.looks.ticket.clocks import Chip, due_first, ticking_by_ticket
from desk.looks.ticket.own_values import own_cells
from desk.templatetags.desk_time import clock_text
from tickets.enums import Status
from tickets.models import Message, Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue import Group
from tickets.search import Piece, excerpts

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SNIPPET = 120


class Badge(NamedTuple):
    number: int
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class RowLook:
    """As the ticket row's component reads it. All of it can be a key: rows that look alike are drawn once."""

    number: int
    url: str
    subject: str
    priority: str
    channel: str
    customer: str
    tier: str
    snippet: str
    unread: bool
    quiet: bool
    severity: int | None
    escalation: "Badge | None"
    next_icon: str
    next_action: str
    owner: str
    sla: Chip
    group: Group
    lang: str = ""
    current: bool = False
    place: str = ""
    tags: tuple[str, ...] = ()
    team: str = ""
    opened: datetime | None = None
    changed: datetime | None = None
    # Of the desk's own fields, those that the view shows.
    own: tuple[str, ...] = ()
    # Where the words of a search stand, in the place of the snippet.
    found: tuple[Piece, ...] = ()


class Names(TypedDict):
    """What a row shows of others than the ticket, fetched beside it: whole people and companies are not needed."""

    requester_name: str
    organisation_name: str | None
    tier: str | None
    team_name: str | None
    owner_name: str | None
    last_message: int | None


if TYPE_CHECKING:
    ListedTicket = WithAnnotations[Ticket, Names]

# What of a ticket its row, its place and its next step are made of.
SHOWN = [
    *("number", "subject", "status", "priority", "channel", "assignee", "created_at", "updated_at", "next_due_at"),
    *("severity", "escalation_number", "escalation_state", "last_customer_message_at", "last_agent_reply_at"),
]


def tickets_of(numbers: Sequence[int]) -> "list[ListedTicket]":
    """The tickets with what a row shows, in the order of their numbers as given. One query."""
    rows = _shown.rows(*numbers) if numbers else []
    found: dict[int, Any] = {ticket.number: ticket for ticket in rows}
    return [found[number] for number in numbers if number in found]


@Question
def _shown(*numbers: int) -> TicketQuerySet:
    last = Message.objects.filter(ticket=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:1]
    return (
        Ticket.objects.filter(pk__in=numbers)
        .order_by()
        .annotate(
            requester_name=F("requester__name"),
            organisation_name=F("organisation__name"),
            tier=F("organisation__tier"),
            team_name=F("team__name"),
            owner_name=F("assignee__name"),
            last_message=Subquery(last),
        )
        .only(*SHOWN)
    )


def rows_of(
    placed: "Iterable[tuple[ListedTicket, Group, str]]",
    now: datetime,
    *,
    query: str = "",
    columns: Sequence[str] = (),
) -> list[RowLook]:
    """The rows of tickets, each with its group and its place.

    Two queries, one each for words found and tags, and two where the columns name fields of the desk's own.
    """
    found = list(placed)
    numbers = [ticket.number for ticket, _group, _place in found]
    pieces = excerpts(query, numbers) if query else {}
    tags_of = _tags_of(numbers) if "tags" in columns else {}
    own = own_cells(numbers, columns)
    clocks = ticking_by_ticket(numbers)
    snippets = _snippets(ticket for ticket, _group, _place in found)
    return [
        _row(
            ticket,
            due_first(clocks.get(ticket.number, []), now),
            snippets.get(ticket.number, ""),
            pieces.get(ticket.number, ()),
            tuple(tags_of.get(ticket.number, ())),
            group,
            place,
            own.get(ticket.number, ()),
        )
        for ticket, group, place in found
    ]


def _snippets(tickets: "Iterable[ListedTicket]") -> dict[int, str]:
    """Who spoke last and how it begins; a text of 100 kB is cut by the database."""
    asked = [ticket.last_message for ticket in tickets if ticket.last_message]
    words = _words.rows(*asked) if asked else []
    return {number: f"{author or _('Somebody')}: {' '.join(start.split())}" for number, author, start in words}


@Question
def _words(*messages: int) -> "QuerySet[Message, tuple[int, str | None, str]]":
    found = Message.objects.filter(pk__in=messages).order_by().annotate(start=Substr("body", 1, SNIPPET))
    return found.values_list("ticket_id", "author__name", "start")


def _tags_of(numbers: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for number, tag in _tags.rows(*numbers) if numbers else ():
        found[number].append(tag)
    return found


@Question
def _tags(*numbers: int) -> "QuerySet[Ticket, tuple[int, str]]":
    return (
        Ticket.objects.filter(pk__in=numbers, tags__isnull=False).order_by("tags__name").values_list("pk", "tags__name")
    )


def _row(
    ticket: "ListedTicket",
    sla: Chip,
    snippet: str,
    found: tuple[Piece, ...],
    tags: tuple[str, ...],
    group: Group,
    place: str,
    own: tuple[str, ...],
) -> RowLook:
    step = next_step(ticket)
    return RowLook(
        number=ticket.number,
        url=ticket_url(ticket.number),
        subject=ticket.subject,
        priority=ticket.priority,
        channel=ticket.channel,
        customer=ticket.organisation_name or ticket.requester_name,
        tier=ticket.tier or "",
        snippet=snippet,
        found=found,
        unread=is_unread(ticket),
        quiet=ticket.status == Status.WAITING or ticket.is_done,
        severity=ticket.severity,
        escalation=_badge(ticket),
        next_icon=step.icon,
        next_action=step.words,
        owner=ticket.owner_name or "",
        sla=sla,
        group=group,
        place=place,
        tags=tags,
        team=ticket.team_name or "",
        opened=ticket.created_at,
        changed=ticket.updated_at,
        own=own,
    )


WHY = {
    Group.PAST_DUE: gettext_lazy("Past due"),
    Group.HOUR: gettext_lazy("Due within the hour"),
    Group.NEXT: gettext_lazy("Next"),
    Group.PAUSED: gettext_lazy("Paused, waiting on customer"),
    Group.DONE: gettext_lazy("Solved or closed"),
}


def why(row: RowLook, now: datetime) -> str:
    """Why the row stands where it stands: “Past due: 26m over, Next reply 10:16; severity 1”."""
    sla = row.sla
    due = f" {clock_text(sla.due, now)}" if sla.due else ""
    clock = f"{sla.figure}, {sla.name}{due}" if sla.name else sla.figure
    grave = _("severity %(n)d") % {"n": row.severity} if row.severity else _("not escalated")
    return f"{WHY[row.group]}: {clock}; {grave}"


def ticket_url(number: int) -> str:
    return address("desk:ticket", number)


def _badge(ticket: Ticket) -> Badge | None:
    if not ticket.escalation_number:
        return None
    room = address("desk:escalation", ticket.escalation_number)
    return Badge(ticket.escalation_number, ticket.escalation_state or "", room)
