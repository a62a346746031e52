"""A ticket as a row of a list. However many rows there are, the queries are as many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.clocks import Chip, due_first, ticking_by_ticket
from desk.looks.next_steps import is_unread, next_step
from desk.templatetags.desk_time import clock_text
from tickets.enums import Status
from tickets.models import Message, Ticket
from tickets.queue import Group

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
    why: str = ""
    tags: tuple[str, ...] = ()
    team: str = ""
    opened: datetime | None = None
    changed: datetime | None = None


def tickets_of(numbers: Sequence[int], *, tags: bool = False) -> list[Ticket]:
    """The tickets with all that a row shows, in the order of their numbers as given. One query, two with tags."""
    last = Message.objects.filter(ticket=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:1]
    rows = Ticket.objects.filter(pk__in=numbers).with_people().annotate(last_message=Subquery(last))
    rows = rows.prefetch_related("tags") if tags else rows
    found = {ticket.number: ticket for ticket in rows}
    return [found[number] for number in numbers if number in found]


def rows_of(placed: Iterable[tuple[Ticket, Group, str]], now: datetime) -> list[RowLook]:
    """The rows of tickets, each with its group and its place. Two queries."""
    found = list(placed)
    clocks = ticking_by_ticket(ticket.number for ticket, _group, _place in found)
    snippets = _snippets(ticket for ticket, _group, _place in found)
    return [
        _row(
            ticket,
            due_first(clocks.get(ticket.number, []), now),
            snippets.get(ticket.number, ""),
            group,
            place,
            now,
        )
        for ticket, group, place in found
    ]


def _snippets(tickets: Iterable[Ticket]) -> dict[int, str]:
    """Who spoke last and how it begins; a text of 100 kB is cut by the database."""
    keys = [key for ticket in tickets if (key := getattr(ticket, "last_message", None))]
    words = (
        Message.objects.filter(pk__in=keys)
        .annotate(start=Substr("body", 1, SNIPPET))
        .values_list("ticket_id", "author__name", "start")
    )
    return {number: f"{author or _('Somebody')}: {' '.join(start.split())}" for number, author, start in words}


def _row(ticket: Ticket, sla: Chip, snippet: str, group: Group, place: str, now: datetime) -> RowLook:
    step = next_step(ticket)
    known = getattr(ticket, "_prefetched_objects_cache", {})
    organisation = ticket.organisation
    return RowLook(
        number=ticket.number,
        url=reverse("desk:ticket", args=[ticket.number]),
        subject=ticket.subject,
        priority=ticket.priority,
        channel=ticket.channel,
        customer=organisation.name if organisation else ticket.requester.name,
        tier=organisation.tier if organisation else "",
        snippet=snippet,
        unread=is_unread(ticket),
        quiet=ticket.status == Status.WAITING or ticket.is_done,
        severity=ticket.severity,
        escalation=_badge(ticket),
        next_icon=step.icon,
        next_action=step.words,
        owner=ticket.assignee.name if ticket.assignee else "",
        sla=sla,
        group=group,
        place=place,
        why=_why(ticket, sla, group, now),
        tags=tuple(tag.name for tag in ticket.tags.all()) if "tags" in known else (),
        team=ticket.team.name if ticket.team else "",
        opened=ticket.created_at,
        changed=ticket.updated_at,
    )


def _why(ticket: Ticket, sla: Chip, group: Group, now: datetime) -> str:
    """Why the row stands where it stands: “Past due: 26m over, Next reply 10:16; severity 1”."""
    due = f" {clock_text(sla.due, now)}" if sla.due else ""
    clock = f"{sla.figure}, {sla.name}{due}" if sla.name else sla.figure
    grave = _("severity %(n)d") % {"n": ticket.severity} if ticket.severity else _("not escalated")
    return f"{WHY[group]}: {clock}; {grave}"


WHY = {
    Group.PAST_DUE: gettext_lazy("Past due"),
    Group.HOUR: gettext_lazy("Due within the hour"),
    Group.NEXT: gettext_lazy("Next"),
    Group.PAUSED: gettext_lazy("Paused, waiting on customer"),
    Group.DONE: gettext_lazy("Solved or closed"),
}


def _badge(ticket: Ticket) -> Badge | None:
    if not ticket.escalation_number:
        return None
    room = reverse("desk:escalation", args=[ticket.escalation_number])
    return Badge(ticket.escalation_number, ticket.escalation_state or "", room)
