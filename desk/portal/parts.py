"""Requests that were made of one: a message about another matter is a request of its own, and is found from both."""

from typing import NamedTuple

from django.db.models import Q

from people.models import User
from tickets.enums import Relation
from tickets.models import Link, Ticket


class PartLook(NamedTuple):
    """`came_out`: it was made of a message of the request that is read, not the other way round."""

    number: int
    subject: str
    came_out: bool


def parts_of(ticket: Ticket, reader: User) -> list[PartLook]:
    """Those that this customer may see, the oldest first; one that came together with another again is none."""
    seen = Ticket.objects.visible_to(reader).filter(merged_into=None)
    both = Q(source=ticket, target__in=seen) | Q(target=ticket, source__in=seen)
    found = Link.objects.filter(both, relation=Relation.SPLIT_FROM).select_related("source", "target").order_by("pk")
    return [_look(link, ticket) for link in found]


def _look(link: Link, ticket: Ticket) -> PartLook:
    came_out = link.target_id == ticket.number
    other = link.source if came_out else link.target
    return PartLook(other.number, other.subject, came_out)
