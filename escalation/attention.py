"""What a ticket shows of its escalations: the most severe live one, written down onto the ticket (R39, R60)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop

from common.rows import change, insert
from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from tickets.actions import set_attention
from tickets.enums import EventKind
from tickets.models import Tag, Ticket
from tickets.timeline import line, record_many

TAG = "escalated"
_SHOWN = ("number", "severity", "escalation_state", "escalation_number")


def draw_attention(escalations: Sequence[Escalation], now: datetime) -> None:
    """For a batch that has just been opened: badge and tag, unless the ticket shows a more severe one already."""
    shown: dict[int, Ticket] = {}
    for escalation in escalations:
        ticket = escalation.ticket
        if ticket.severity is None or escalation.severity <= ticket.severity:
            ticket.severity = escalation.severity
            ticket.escalation_state = escalation.state
            ticket.escalation_number = escalation.number
            shown[ticket.number] = ticket
    _wake([escalation.ticket for escalation in escalations], now)
    change(Ticket, [{name: getattr(ticket, name) for name in _SHOWN} for ticket in shown.values()])
    _tag([escalation.ticket_id for escalation in escalations], now)


def _tag(numbers: Sequence[int], now: datetime) -> None:
    """With a line on the timeline of those that had it not."""
    tag, _made = Tag.objects.get_or_create(name=TAG)
    links = Ticket.tags.through
    tagged = links.objects.filter(tag=tag, ticket__among=set(numbers)).values_list("ticket_id", flat=True)
    fresh = set(numbers) - set(tagged)
    insert(links, [{"ticket_id": number, "tag_id": tag.pk} for number in fresh], unless_there=True)
    record_many([line(number, EventKind.TAGGED, now=now, added=TAG) for number in sorted(fresh)])


def _wake(tickets: Sequence[Ticket], now: datetime) -> None:
    """What is escalated is not slept over."""
    sleeping = {ticket.number: ticket for ticket in tickets if ticket.snoozed_until is not None}
    for ticket in sleeping.values():
        ticket.snoozed_until = None
    Ticket.objects.bulk_update(sleeping.values(), ["snoozed_until"])
    why = gettext_noop("it was escalated")
    record_many([line(number, EventKind.SNOOZED, now=now, until="", reason=why) for number in sleeping])


def refresh_attention(ticket: Ticket, now: datetime) -> None:
    """After a step of one of its escalations; the last to end takes badge and tag away."""
    live = Escalation.objects.filter(ticket=ticket, state__in=LIVE_STATES).order_by("severity", "-number").first()
    set_attention(
        ticket=ticket,
        severity=live.severity if live else None,
        escalation_state=live.state if live else None,
        escalation_number=live.number if live else None,
    )
    if live is not None:
        _tag([ticket.number], now)
    elif ticket.tags.through.objects.filter(ticket=ticket, tag__name=TAG).delete()[0]:
        record_many([line(ticket.number, EventKind.TAGGED, now=now, removed=TAG)])
