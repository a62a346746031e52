"""What a ticket shows of its escalations: the most severe live one, written down onto the ticket (R39, R60)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from tickets.actions import set_attention
from tickets.enums import EventKind
from tickets.models import Event, Tag, Ticket
from tickets.timeline import record_many

TAG = "escalated"


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
    _write_down(shown.values())
    _tag([escalation.ticket_id for escalation in escalations], now)


def _tag(numbers: Sequence[int], now: datetime) -> None:
    """With a line on the timeline of those that had it not."""
    tag, _made = Tag.objects.get_or_create(name=TAG)
    links = Ticket.tags.through
    tagged = links.objects.filter(tag=tag, ticket__in=numbers).values_list("ticket_id", flat=True)
    fresh = set(numbers) - set(tagged)
    links.objects.bulk_create([links(ticket_id=number, tag_id=tag.pk) for number in fresh], ignore_conflicts=True)
    record_many([_told(number, now, added=TAG) for number in sorted(fresh)])


def _told(number: int, now: datetime, **data: str) -> Event:
    return Event(ticket_id=number, kind=EventKind.TAGGED, at=now, data=data)


def _write_down(tickets: Iterable[Ticket]) -> None:
    """One statement for all that show alike; which escalation each shows is looked up in the statement itself."""
    alike: defaultdict[tuple[int | None, str | None], list[Ticket]] = defaultdict(list)
    for ticket in tickets:
        alike[ticket.severity, ticket.escalation_state].append(ticket)
    for (severity, state), group in alike.items():
        chosen = Escalation.objects.filter(number__in=[ticket.escalation_number for ticket in group]).order_by()
        Ticket.objects.filter(number__in=[ticket.number for ticket in group]).update(
            severity=severity,
            escalation_state=state,
            escalation_number=Subquery(chosen.filter(ticket=OuterRef("pk")).values("number")),
        )


def _wake(tickets: Sequence[Ticket], now: datetime) -> None:
    """What is escalated is not slept over."""
    sleeping = {ticket.number: ticket for ticket in tickets if ticket.snoozed_until is not None}
    for ticket in sleeping.values():
        ticket.snoozed_until = None
    Ticket.objects.bulk_update(sleeping.values(), ["snoozed_until"])
    data = {"until": "", "reason": _("it was escalated")}
    record_many([Event(ticket=one, kind=EventKind.SNOOZED, at=now, data=data) for one in sleeping.values()])


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
        record_many([_told(ticket.number, now, removed=TAG)])
