"""What programs are told of an event: numbers, states and times; words only where an administrator grants them."""

from typing import Any

from django.conf import settings

from escalation.models import Escalation
from notifications.enums import HookEvent
from tickets.enums import EventKind
from tickets.models import Event, Ticket

VERSION = 1
# Of an event's data what is no word that somebody chose. Everything else stays at the desk.
_TOLD = {
    EventKind.STATUS: ("before", "after"),
    EventKind.PRIORITY: ("before", "after"),
    "sla.breached": ("metric", "due_at"),
    "escalation.deadline_missed": ("promise", "audience"),
}


def payload(what: HookEvent, event: Event, escalation: Escalation | None, *, with_words: bool) -> dict[str, Any]:
    """Version 1 of what is said of an event (docs/api.md): fields may be added, and none is changed or taken away."""
    told = {name: event.data[name] for name in _TOLD.get(event.kind, ()) if name in event.data}
    return {
        "type": what.value,
        "version": VERSION,
        "id": f"evt_{event.pk}",
        "timestamp": event.at.isoformat(),
        "data": {
            "what": event.kind.partition(".")[2],
            "change": told,
            "by": _by(event),
            "ticket": _ticket(event.ticket, with_words=with_words),
            "escalation": _escalation(escalation) if escalation else None,
        },
    }


def _by(event: Event) -> str:
    if event.actor is None:
        return "desk"
    return "customer" if event.actor.is_customer else "agent"


def _ticket(ticket: Ticket, *, with_words: bool) -> dict[str, Any]:
    customer = ticket.organisation.name if ticket.organisation else ticket.requester.name
    return {
        "number": ticket.number,
        "status": ticket.status,
        "priority": ticket.priority,
        "channel": ticket.channel,
        "team": ticket.team.slug if ticket.team else None,
        "severity": ticket.severity,
        "next_due_at": ticket.next_due_at.isoformat() if ticket.next_due_at else None,
        "url": f"{settings.BASE_URL}/tickets/{ticket.number}/",
        **({"subject": ticket.subject, "customer": customer} if with_words else {}),
    }


def _escalation(escalation: Escalation) -> dict[str, Any]:
    return {
        "number": escalation.number,
        "kind": escalation.kind,
        "state": escalation.state,
        "stage": escalation.stage,
        "severity": escalation.severity,
        "url": f"{settings.BASE_URL}/escalations/{escalation.number}/",
    }
