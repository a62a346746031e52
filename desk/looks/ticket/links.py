"""A ticket's relations as its sidebar shows them: only to tickets that the reader may see."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from desk.looks.addresses import address
from desk.looks.ticket.events import relation_words
from people.models import User
from tickets.enums import Kind, Relation, Status
from tickets.linking import BY_HAND
from tickets.models import Link, Ticket
from tickets.problems import incidents_of

_ICONS = {
    Status.NEW: "circle-dot",
    Status.OPEN: "circle-half-2",
    Status.WAITING: "player-pause",
    Status.ON_HOLD: "hourglass",
    Status.SOLVED: "circle-check",
    Status.CLOSED: "lock",
}
_LIKELY = {Kind.PROBLEM: f"back:{Relation.CAUSED_BY.value}", Kind.INCIDENT: Relation.CAUSED_BY.value}
MOST = 50


class LinkLook(NamedTuple):
    pk: int
    words: str
    number: int
    subject: str
    url: str
    icon: str
    status: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class LinksLook:
    """`open_incidents`: of a problem, those that its solving would solve."""

    links: list[LinkLook]
    open_incidents: int


NO_LINKS = LinksLook([], 0)


def links_look(ticket: Ticket, user: User) -> LinksLook:
    found = Link.objects.filter(Q(source=ticket) | Q(target=ticket)).select_related("source", "target")
    links = list(found.order_by("relation", "pk")[:MOST])
    ends = {number for link in links for number in (link.source_id, link.target_id)}
    seen = set(Ticket.objects.visible_to(user).filter(number__in=ends).values_list("number", flat=True))
    looks = [_look(link, ticket) for link in links if {link.source_id, link.target_id} <= seen]
    waits = incidents_of(ticket, user).active().count() if ticket.kind == Kind.PROBLEM else 0
    return LinksLook(looks, waits)


def relation_choices(kind: Kind) -> list[tuple[str, str]]:
    """Each relation, and where it reads otherwise from its end that too, as `back:<relation>`; the likely one first."""
    both = [
        choice
        for relation in BY_HAND
        for choice in (
            (relation.value, relation_words(relation, "out")),
            (f"back:{relation.value}", relation_words(relation, "in")),
        )
    ]
    known = [choice for choice in both if choice[0] != f"back:{Relation.RELATED.value}"]
    return sorted(known, key=lambda choice: choice[0] != _LIKELY.get(kind))


def status_icon(ticket: Ticket) -> str:
    return _ICONS[Status(ticket.status)]


def status_words(ticket: Ticket) -> str:
    """Its status, and with it the escalation of the matter, where there is one (R39)."""
    status = str(ticket.get_status_display())
    return f"{status} · E-{ticket.escalation_number}" if ticket.escalation_number else status


def _look(link: Link, ticket: Ticket) -> LinkLook:
    side = "out" if link.source_id == ticket.number else "in"
    other = link.target if side == "out" else link.source
    return LinkLook(
        pk=link.pk,
        words=relation_words(link.relation, side),
        number=other.number,
        subject=other.subject,
        url=address("desk:ticket", other.number),
        icon=status_icon(other),
        status=status_words(other),
        is_done=other.is_done,
    )
