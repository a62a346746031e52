"""The timeline: writes events and makes this floor's one announcement, inside the writer's transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.rows import insert_all
from people.models import User
from tickets.enums import EventKind
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


def record(
    ticket: Ticket,
    kind: str,
    *,
    now: datetime,
    actor: User | None = None,
    reference: str = "",
    **data: Any,
) -> Event:
    """Add one event and announce it. The caller holds the ticket's lock."""
    event = Event.objects.create(ticket=ticket, kind=kind, actor=actor, at=now, data=data, reference=reference)
    ticket_changed.send(sender=Ticket, ticket=ticket, events=[event], now=now)
    return event


def of_rule(by_rule: str) -> dict[str, str]:
    """For the data of an event that nobody did: what kind of rule did it, such as a threshold."""
    return {"by_rule": by_rule} if by_rule else {}


def record_opened(ticket: Ticket, *, now: datetime, actor: User | None, rule: str) -> None:
    """The first lines of a new ticket, that it was opened and whom it went to, in one write and one announcement."""
    events = [Event(ticket=ticket, kind=EventKind.OPENED, actor=actor, at=now, data={"channel": ticket.channel})]
    if ticket.team:
        data = {"team": ticket.team.name, "rule": rule}
        events.append(Event(ticket=ticket, kind=EventKind.ROUTED, at=now, data=data))
    Event.objects.bulk_create(events)
    ticket_changed.send(sender=Ticket, ticket=ticket, events=events, now=now)


def record_many(events: Sequence[Event]) -> None:
    """Add a batch of events about many tickets without announcing them.

    For the sweeps, which are themselves the cause of what the floors above would be told.
    """
    insert_all(events)
