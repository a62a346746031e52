"""What a ticket shows of its escalations: the most severe live one, written down onto the ticket (R39, R60)."""

from collections.abc import Sequence

from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from tickets.actions import set_attention
from tickets.models import Tag, Ticket

TAG = "escalated"


def draw_attention(escalations: Sequence[Escalation]) -> None:
    """For a batch that has just been opened: badge and tag, unless the ticket shows a more severe one already."""
    shown = []
    for escalation in escalations:
        ticket = escalation.ticket
        if ticket.severity is None or escalation.severity <= ticket.severity:
            ticket.severity = escalation.severity
            ticket.escalation_state = escalation.state
            ticket.escalation_number = escalation.number
            shown.append(ticket)
    Ticket.objects.bulk_update(shown, ["severity", "escalation_state", "escalation_number"])
    tag, _ = Tag.objects.get_or_create(name=TAG)
    links = Ticket.tags.through
    links.objects.bulk_create(
        [links(ticket_id=escalation.ticket_id, tag_id=tag.pk) for escalation in escalations], ignore_conflicts=True
    )


def refresh_attention(ticket: Ticket) -> None:
    """After a step of one of its escalations; the last to end takes badge and tag away."""
    live = Escalation.objects.filter(ticket=ticket, state__in=LIVE_STATES).order_by("severity", "-number").first()
    set_attention(
        ticket=ticket,
        severity=live.severity if live else None,
        escalation_state=live.state if live else None,
        escalation_number=live.number if live else None,
    )
    if live is None:
        ticket.tags.remove(*Tag.objects.filter(name=TAG))
    else:
        ticket.tags.add(Tag.objects.get_or_create(name=TAG)[0])
