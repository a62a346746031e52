"""Out of the way until a moment: a ticket sleeps, its clocks do not. The caller holds the ticket's lock."""

from datetime import datetime
from typing import Any

from people.models import User
from tickets import timeline
from tickets.enums import EventKind
from tickets.models import Ticket


def lay_down(ticket: Ticket, until: datetime, *, now: datetime, by: User | None, reason: str) -> None:
    ticket.snoozed_until = until
    ticket.updated_at = now
    ticket.save(update_fields=["snoozed_until", "updated_at"])
    _record(ticket, now, by, until=until.isoformat(), reason=reason)


def wake(ticket: Ticket, *, now: datetime, by: User | None = None, reason: str = "") -> bool:
    """It is among the others again; False where it did not sleep."""
    if ticket.snoozed_until is None:
        return False
    ticket.snoozed_until = None
    ticket.updated_at = now
    ticket.save(update_fields=["snoozed_until", "updated_at"])
    _record(ticket, now, by, until="", reason=reason)
    return True


def _record(ticket: Ticket, now: datetime, by: User | None, **data: Any) -> None:
    timeline.record(ticket, EventKind.SNOOZED, now=now, actor=by, **data)
