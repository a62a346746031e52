"""A ticket's clocks follow what happens to it, under that ticket's lock."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sla import clocks, holding, obligations, sync
from sla.matching import targets_for, version_for
from tickets.actions import lock_ticket, set_attention
from tickets.models import Event, Ticket


def sync_clocks(*, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """Let the ticket's clocks follow what has just happened to it; the caller holds its lock."""
    changes = [sync.Change(ticket, event, now) for event in events if event.kind in sync.EFFECTS]
    for change in changes:
        sync.EFFECTS[change.event.kind](change)
    if changes:
        set_attention(ticket=ticket, next_due_at=sync.next_due(changes[-1]))


@transaction.atomic
def start_promises(*, ticket: Ticket, now: datetime) -> None:
    """Promise from now on what the policy says, for an open ticket that came with its past and without a clock.

    The first reply only where nobody has replied yet, the next reply where the customer had the last word;
    paused where the ticket stands still for something that stops it.
    """
    ticket = lock_ticket(ticket.number)
    version = version_for(ticket, now)
    if version is None or ticket.is_done or ticket.clocks.exists():
        return
    for metric, target in targets_for(version, ticket.priority).items():
        if sync.is_owed(metric, ticket):
            clock = clocks.start(ticket, target, version, now=now)
            clocks.hold_as_the_ticket(clock, ticket, now=now, by=None)
    holding.hold(sync.standing(ticket, now, None), version)
    obligations.catch_up(ticket, now=now)
    set_attention(ticket=ticket, next_due_at=sync.earliest_due(ticket))
