"""The inbox: which tickets, in which groups and order, and what a row of it shows.

However many rows there are, the queries are as many: tickets with their people, figures by group, ticking clocks,
last words.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.clocks import Chip, due_first, ticking_by_ticket
from desk.looks.counts import SOON, need_me, teams_of
from desk.looks.next_steps import is_unread, next_step
from people.models import Team, User
from tickets.enums import DONE_STATUSES, Priority, Status
from tickets.models import Message, Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import find

PAGE = 50
MOST = 1000
SNIPPET = 120


class Group(IntEnum):
    PAST_DUE = 0
    HOUR = 1
    NEXT = 2
    PAUSED = 3
    DONE = 4


class GroupWords(NamedTuple):
    icon: str
    words: Promise
    tone: str


GROUP_WORDS = {
    Group.PAST_DUE: GroupWords("alert-octagon", gettext_lazy("Past due"), "breach"),
    Group.HOUR: GroupWords("clock-exclamation", gettext_lazy("Due within the hour"), "warn"),
    Group.NEXT: GroupWords("list-check", gettext_lazy("Next"), ""),
    Group.PAUSED: GroupWords("player-pause", gettext_lazy("Paused, waiting on customer"), ""),
    Group.DONE: GroupWords("check", gettext_lazy("Solved and closed"), ""),
}

VIEWS = {
    "": gettext_lazy("Inbox"),
    "do-next": gettext_lazy("Do next"),
    "past-due": gettext_lazy("Past due"),
    "due-hour": gettext_lazy("Due within the hour"),
    "urgent-unowned": gettext_lazy("Urgent and unowned"),
    "waiting": gettext_lazy("Waiting on customer"),
}
ORDERS = {
    "": gettext_lazy("What to do next"),
    "due": gettext_lazy("Time left"),
    "newest": gettext_lazy("Newest first"),
}
# What an empty view means: good news is told as such.
EMPTY = {
    "": gettext_lazy("Nothing is open"),
    "do-next": gettext_lazy("Nothing waits for you or your teams"),
    "past-due": gettext_lazy("Nothing is past due"),
    "due-hour": gettext_lazy("Nothing is due within the hour"),
    "urgent-unowned": gettext_lazy("Nobody urgent is without an owner"),
    "waiting": gettext_lazy("Nobody keeps us waiting"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; unknown words count as left out."""

    view: str = ""
    team: str = ""
    order: str = ""
    q: str = ""
    shown: int = PAGE

    @classmethod
    def from_query(cls, query: Any) -> "Asked":
        shown = query.get("shown", "")
        return cls(
            view=query.get("view", "") if query.get("view", "") in VIEWS else "",
            team=query.get("team", "")[:40],
            order=query.get("order", "") if query.get("order", "") in ORDERS else "",
            q=query.get("q", "").strip(),
            shown=min(MOST, max(PAGE, int(shown))) if shown.isascii() and shown.isdigit() and len(shown) < 6 else PAGE,
        )


@dataclass(frozen=True, slots=True)
class RowLook:
    """As the ticket row's component reads it."""

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
    escalation: dict[str, Any] | None
    next_icon: str
    next_action: str
    owner: str
    sla: Chip
    group: Group
    lang: str = ""
    current: bool = False
    refresh_url: str = ""


@dataclass(frozen=True, slots=True)
class GroupLook:
    icon: str
    words: str
    tone: str
    count: int
    rows: list[RowLook]


@dataclass(frozen=True, slots=True)
class InboxLook:
    groups: list[GroupLook]
    total: int
    shown: int
    by_group: dict[int, int] = field(default_factory=dict)

    @property
    def more(self) -> int:
        return self.total - self.shown


def inbox(user: User, asked: Asked, now: datetime) -> InboxLook:
    """The rows asked for. Raises InvalidInput where the search text is wrong."""
    found = _found(user, asked, now)
    groups_of_all = found.order_by().annotate(group=_group(now)).values("group").annotate(n=Count("pk"))
    figures: dict[int, int] = {row["group"]: row["n"] for row in groups_of_all}
    rows = rows_of(_ordered(found, asked.order, now)[: asked.shown], now)
    total = sum(figures.values())
    if asked.order:
        groups = [GroupLook("arrows-sort", str(ORDERS[asked.order]), "", total, rows)] if rows else []
    else:
        groups = [
            GroupLook(*_words(group), count=figures[group], rows=list(members))
            for group, members in groupby(rows, key=attrgetter("group"))
        ]
    return InboxLook(groups, total, len(rows), figures)


def rows_of(tickets: Iterable[Ticket], now: datetime) -> list[RowLook]:
    found = list(tickets)
    clocks = ticking_by_ticket(ticket.number for ticket in found)
    snippets = _snippets(found)
    return [
        _row(ticket, due_first(clocks.get(ticket.number, []), now), snippets.get(ticket.number, "")) for ticket in found
    ]


def team_named(slug: str) -> str:
    return Team.objects.filter(slug=slug).values_list("name", flat=True).first() or slug if slug else ""


def _found(user: User, asked: Asked, now: datetime) -> TicketQuerySet:
    tickets = find(user, asked.q) if asked.q else Ticket.objects.visible_to(user).active()
    if asked.team:
        tickets = tickets.for_team(asked.team)
    narrow = {
        "do-next": lambda: need_me(user, teams_of(user)),
        "past-due": lambda: Q(next_due_at__lte=now),
        "due-hour": lambda: Q(next_due_at__gt=now, next_due_at__lte=now + SOON),
        "urgent-unowned": lambda: Q(assignee=None, priority=Priority.URGENT),
        "waiting": lambda: Q(status=Status.WAITING),
    }
    return tickets.filter(narrow[asked.view]()) if asked.view in narrow else tickets


def _group(now: datetime) -> Case:
    return Case(
        When(status__in=DONE_STATUSES, then=Value(Group.DONE.value)),
        When(next_due_at__lte=now, then=Value(Group.PAST_DUE.value)),
        When(status=Status.WAITING, then=Value(Group.PAUSED.value)),
        When(next_due_at__lte=now + SOON, then=Value(Group.HOUR.value)),
        default=Value(Group.NEXT.value),
        output_field=IntegerField(),
    )


def _ordered(tickets: TicketQuerySet, order: str, now: datetime) -> TicketQuerySet:
    last = Message.objects.filter(ticket=OuterRef("pk")).order_by("-created_at", "-pk").values("pk")[:1]
    found: Any = tickets.with_people().annotate(last_message=Subquery(last), group=_group(now))
    severity, due = F("severity").asc(nulls_last=True), F("next_due_at").asc(nulls_last=True)
    orders: dict[str, TicketQuerySet] = {
        "": found.order_by("group", severity, due, "number"),
        "due": found.order_by(due, "number"),
        "newest": found.order_by("-number"),
    }
    return orders[order]


def _snippets(tickets: list[Ticket]) -> dict[int, str]:
    """Who spoke last and how it begins; a text of 100 kB is cut by the database."""
    keys = [key for ticket in tickets if (key := getattr(ticket, "last_message", None))]
    words = (
        Message.objects.filter(pk__in=keys)
        .annotate(start=Substr("body", 1, SNIPPET))
        .values_list("ticket_id", "author__name", "start")
    )
    return {number: f"{author or _('Somebody')}: {' '.join(start.split())}" for number, author, start in words}


def _words(group: int) -> tuple[str, str, str]:
    found = GROUP_WORDS[Group(group)]
    return found.icon, str(found.words), found.tone


def _row(ticket: Ticket, sla: Chip, snippet: str) -> RowLook:
    step = next_step(ticket)
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
        group=Group(getattr(ticket, "group", Group.NEXT)),
    )


def _badge(ticket: Ticket) -> dict[str, Any] | None:
    if not ticket.escalation_number:
        return None
    return {
        "number": ticket.escalation_number,
        "state": ticket.escalation_state,
        "url": reverse("desk:escalation", args=[ticket.escalation_number]),
    }
