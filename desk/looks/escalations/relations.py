"""What escalations are linked to by name, as the room and a ticket's sidebar show it (R19)."""

from typing import NamedTuple

from django.urls import reverse

from desk.looks.ticket.links import MOST, status_icon, status_words
from escalation.enums import LinkRelation
from escalation.initiate.relations import links_of, links_of_ticket
from escalation.models import Escalation
from people.models import User
from tickets.models import Ticket


class RelationLook(NamedTuple):
    """Seen from one end. `state` is that of an escalation; a ticket at the other end has an `icon` instead."""

    pk: int
    words: str
    name: str
    about: str
    url: str
    state: str = ""
    icon: str = ""
    status: str = ""


def in_room(escalation: Escalation, user: User) -> list[RelationLook]:
    """One query, however many there are."""
    looks = []
    for link in links_of(escalation, user)[:MOST]:
        relation = link.seen_from(escalation)
        if link.ticket is not None:
            looks.append(_to_ticket(link.pk, relation, link.ticket))
        elif link.target is not None:
            other = link.target if link.source_id == escalation.pk else link.source
            looks.append(_to_escalation(link.pk, relation, other))
    return looks


def beside_ticket(ticket: Ticket, user: User) -> list[RelationLook]:
    """From the ticket's side."""
    found = links_of_ticket(ticket, user)[:MOST]
    return [_to_escalation(link.pk, link.seen_from_afar(), link.source) for link in found]


def _to_escalation(pk: int, relation: LinkRelation, other: Escalation) -> RelationLook:
    url = reverse("desk:escalation", args=[other.number])
    return RelationLook(pk, str(relation.label), other.reference, other.summary, url, state=other.state)


def _to_ticket(pk: int, relation: LinkRelation, other: Ticket) -> RelationLook:
    return RelationLook(
        pk=pk,
        words=str(relation.label),
        name=f"#{other.number}",
        about=other.subject,
        url=reverse("desk:ticket", args=[other.number]),
        icon=status_icon(other),
        status=status_words(other),
    )
