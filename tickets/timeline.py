"""The timeline: writes events and makes this floor's one announcement, inside the writer's transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from common.rows import insert, insert_all, put
from people.models import User
from tickets.enums import EventKind
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


class Line(TypedDict):
    """An event as its row, where so many are written that making the objects would take longer than writing them."""

    ticket_id: int
    kind: str
    actor_id: int | None
    at: datetime
    reference: str
    data: dict[str, Any]


def line(ticket: int, kind: str, *, now: datetime, actor: User | None = None, reference: str = "", **data: Any) -> Line:
    """Not yet written."""
    return Line(
        ticket_id=ticket, kind=kind, actor_id=actor.pk if actor else None, at=now, reference=reference, data=data
    )


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
    event = Event(ticket=ticket, kind=kind, actor=actor, at=now, data=data, reference=reference)
    insert_all([event])
    ticket_changed.send(sender=Ticket, ticket=ticket, events=[event], now=now)
    return event


def of_rule(by_rule: str) -> dict[str, str]:
    """For the data of an event that nobody did: what kind of rule did it, such as a threshold."""
    return {"by_rule": by_rule} if by_rule else {}


def record_opened(
    ticket: Ticket, *, now: datetime, actor: User | None, routed: Mapping[str, Any] | None = None
) -> None:
    """The first lines of a new ticket, that it was opened and whom it went to, in one write and one announcement."""
    record_all_opened([(ticket, actor, routed)], now=now)


def record_all_opened(opened: Sequence[tuple[Ticket, User | None, Mapping[str, Any] | None]], *, now: datetime) -> None:
    """The same of many, in one write; each is announced. The ticket, who opened it, and where it went.

    Inside of `gathered` the lines have no keys yet when they are announced.
    """
    lines = [_first_lines(ticket, actor, routed, now) for ticket, actor, routed in opened]
    put([event for events in lines for event in events])
    for (ticket, _actor, _routed), events in zip(opened, lines, strict=True):
        ticket_changed.send(sender=Ticket, ticket=ticket, events=events, now=now)


def _first_lines(ticket: Ticket, actor: User | None, routed: Mapping[str, Any] | None, now: datetime) -> list[Event]:
    events = [Event(ticket=ticket, kind=EventKind.OPENED, actor=actor, at=now, data={"channel": ticket.channel})]
    if routed is not None:
        events.append(
            Event(ticket=ticket, kind=EventKind.ROUTED, at=now, data=dict(routed), reference=by_rule_of(routed))
        )
    return events


def by_rule_of(routed: Mapping[str, Any]) -> str:
    """What the line is found by: the rule that it names, by its key."""
    fired = routed.get("why", {}).get("fired", ())
    return next((f"rule:{one['rule']}" for one in fired if one["name"] == routed.get("rule")), "")


def record_many(lines: Sequence[Line]) -> None:
    """Add a batch of events about many tickets without announcing them.

    For the sweeps, which are themselves the cause of what the floors above would be told.
    """
    insert(Event, lines)
