"""The channels by which tickets come, and whether they are escalated."""

from typing import NamedTuple

from django.db.models import Count

from escalation.models import Escalation
from escalation.models.channels import closed
from tickets.enums import ACTIVE_STATUSES, Channel
from tickets.models import Ticket


class ChannelLine(NamedTuple):
    value: str
    words: str
    is_open: bool
    tickets: int
    """That are open now."""
    escalations: int
    """Of these tickets."""


def channel_lines() -> list[ChannelLine]:
    """Three queries."""
    off = closed()
    open_tickets = Ticket.objects.filter(status__in=ACTIVE_STATUSES, trashed_at=None)
    tickets = dict(open_tickets.order_by().values_list("channel").annotate(Count("pk")))
    escalated = Escalation.objects.filter(ticket__status__in=ACTIVE_STATUSES, ticket__trashed_at=None)
    escalations = dict(escalated.order_by().values_list("ticket__channel").annotate(Count("pk")))
    return [
        ChannelLine(one.value, str(one.label), one.value not in off, tickets.get(one, 0), escalations.get(one, 0))
        for one in Channel
    ]
