"""Whether a customer may escalate a request of his own, and if not why, in words that he may read (R8)."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.questions import Question
from escalation.enums import LIVE_STATES, Kind, Origin, State
from escalation.models import CustomerRight, Escalation
from escalation.models.channels import is_closed
from people.enums import Tier
from people.models import User
from tickets.models import Ticket

_RANK = {tier: rank for rank, tier in enumerate(Tier)}


def why_not(user: User, ticket: Ticket, now: datetime) -> str:
    """One sentence; empty where he may. Three queries at most."""
    if ticket.requester_id != user.pk:
        return _("Whoever asked escalates a request. Write on it, and those who work on it read it.")
    right, closed = _right.row(), is_closed(ticket.channel)
    if closed or (right is not None and not right.is_allowed):
        return _("Requests are not escalated here. Write on the request, and those who work on it read it.")
    return _not_yet(right, user, ticket, now) if right is not None else ""


@Question
def _right() -> "QuerySet[CustomerRight]":
    return CustomerRight.objects.order_by()


def _not_yet(right: CustomerRight, user: User, ticket: Ticket, now: datetime) -> str:
    if right.lowest_tier and _RANK[_tier(ticket)] < _RANK[Tier(right.lowest_tier)]:
        return _("Escalating is not part of your contract. Write on the request, and those who work on it read it.")
    left = ticket.created_at + timedelta(minutes=right.after_minutes) - now
    if left > timedelta():
        minutes = max(1, -(-int(left.total_seconds()) // 60))
        words = ngettext(
            "You can escalate this request in %(n)d minute, if it is not answered by then.",
            "You can escalate this request in %(n)d minutes, if it is not answered by then.",
            minutes,
        )
        return words % {"n": minutes}
    return _under_way(user, ticket) if right.one_at_a_time else ""


def is_before_a_manager(ticket: Ticket) -> bool:
    """Of one kind there is one at a time (`raising`). What colleagues have only asked for is theirs, and counts not."""
    asked = Escalation.objects.filter(ticket=ticket, kind=Kind.HIERARCHICAL, state__in=LIVE_STATES)
    return asked.exclude(~Q(origin=Origin.CUSTOMER), state=State.REQUESTED).exists()


def _tier(ticket: Ticket) -> Tier:
    return Tier(ticket.organisation.tier) if ticket.organisation else Tier.STANDARD


def _under_way(user: User, ticket: Ticket) -> str:
    mine = Escalation.objects.filter(requester=user, origin=Origin.CUSTOMER, state__in=LIVE_STATES)
    other = mine.exclude(ticket=ticket).values_list("ticket_id", flat=True).first()
    if other is None:
        return ""
    return _("Your request #%(number)d is escalated already; one at a time.") % {"number": other}
