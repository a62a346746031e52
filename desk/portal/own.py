"""The requests on a customer's list: his own, or his organisation's where he oversees it."""

from people.enums import Role
from people.models import User
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet


def listed(customer: int, *, ours: bool) -> TicketQuerySet:
    """By his key alone, so that a question may ask it. One that was merged into another that he sees is found there."""
    return among(Ticket.objects.all(), User(pk=customer, role=Role.CUSTOMER), ours=ours)


def among(found: TicketQuerySet, user: User, *, ours: bool) -> TicketQuerySet:
    """Of those found, as above."""
    seen = Ticket.objects.visible_to(user).order_by().values("pk")
    found = found.visible_to(user).exclude(merged_into__in=seen)
    return found if ours else found.filter(requester=user)
