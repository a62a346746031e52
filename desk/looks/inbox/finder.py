"""Tickets to choose one from, by words or number: the likely ones of the same customer first. Four queries at most."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from common.errors import InvalidInput
from common.words import words_of
from desk.looks.ticket.links import status_icon, status_words
from people.models import User
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.search import find

MOST = 8
# Among so many of the customer's newest the likely ones are looked for.
NEWEST = 60
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Found:
    """`theirs`: of the same customer or the same house as the ticket that it is chosen for."""

    number: int
    subject: str
    customer: str
    status: str
    icon: str
    theirs: bool

    @property
    def words(self) -> str:
        """What a field holds once it is chosen; `desk.forms.handling.NumberField` reads it."""
        return f"#{self.number} {self.subject}"


def as_begun(text: str) -> str:
    """A search of which the last word is still being typed."""
    return f"{text}*" if text[-1:].isalpha() and ":" not in text else text


def candidates(user: User, text: str, *, near: Ticket | None = None, among: Sequence[int] = ()) -> list[Found]:
    """What the text may mean, or without one what is likely; only what the person may see, and nothing merged.

    `near` is the ticket that another is chosen for. `among` are numbers that are offered before all others.
    """
    wanted = text.strip()[:LONGEST]
    if wanted:
        rows = _meant(user, wanted, near)
    elif among:
        rows = list(_whole(Ticket.objects.visible_to(user), near).filter(number__in=among)[:MOST])
    else:
        rows = likely(user, near) if near else []
    return [_found(row, near) for row in rows[:MOST]]


def likely(user: User, ticket: Ticket) -> list[Ticket]:
    """The customer's and his house's other tickets: open ones first, then those whose subjects share most words."""
    theirs = _theirs(_whole(Ticket.objects.visible_to(user), ticket), ticket)
    own = set(words_of(ticket.subject))

    def place(other: Ticket) -> tuple[bool, int, bool, int]:
        shared = len(own & set(words_of(other.subject)))
        return other.is_done, -shared, other.requester_id != ticket.requester_id, -other.number

    return sorted(theirs.order_by("-number")[:NEWEST], key=place)[:MOST]


def _meant(user: User, text: str, near: Ticket | None) -> list[Ticket]:
    try:
        found = _whole(find(user, as_begun(text)), near).order_by("-number")
        rows = [*(_theirs(found, near)[:MOST] if near else ()), *found[:MOST]]
    except InvalidInput:
        return []
    number = text.removeprefix("#")
    known = {row.number: row for row in rows}
    return sorted(known.values(), key=lambda row: str(row.number) != number)


def _whole(tickets: TicketQuerySet, near: Ticket | None) -> TicketQuerySet:
    """Without those that went into others, and the one that is chosen for."""
    rest = tickets.filter(merged_into=None).select_related("requester")
    return rest.exclude(number=near.number) if near else rest


def _theirs(tickets: TicketQuerySet, near: Ticket) -> TicketQuerySet:
    same = Q(requester=near.requester_id)
    return tickets.filter(same | Q(organisation=near.organisation_id) if near.organisation_id else same)


def _found(ticket: Ticket, near: Ticket | None) -> Found:
    theirs = near is not None and (
        ticket.requester_id == near.requester_id
        or (near.organisation_id is not None and ticket.organisation_id == near.organisation_id)
    )
    return Found(
        number=ticket.number,
        subject=ticket.subject,
        customer=ticket.requester.name,
        status=status_words(ticket),
        icon=status_icon(ticket),
        theirs=theirs,
    )
