"""Requests that were made of one: a message about another matter is a request of its own, and is found from both."""

from typing import NamedTuple

from django.db.models import Q, QuerySet

from common.questions import Question
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
    others = {
        source if target == ticket.number else target: target == ticket.number
        for source, target in _split.rows(ticket.number)
    }
    if not others:
        return []
    seen = Ticket.objects.visible_to(reader).filter(merged_into=None, pk__in=others).order_by("number")
    return [PartLook(number, subject, others[number]) for number, subject in seen.values_list("number", "subject")]


@Question
def _split(ticket: int) -> "QuerySet[Link, tuple[int, int]]":
    found = Link.objects.filter(Q(source=ticket) | Q(target=ticket), relation=Relation.SPLIT_FROM)
    return found.order_by().values_list("source_id", "target_id")
