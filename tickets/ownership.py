"""Whose a ticket was, and when: one open spell while it is active, none while it is done or put away (R82)."""

from datetime import datetime, timedelta

from common.rows import insert_all
from tickets.models import OwnerSpell, Ticket


def begin(ticket: Ticket, *, now: datetime) -> None:
    """A new ticket's first spell."""
    insert_all([first(ticket, now=now)])


def first(ticket: Ticket, *, now: datetime) -> OwnerSpell:
    """The same, not yet stored."""
    return OwnerSpell(ticket=ticket, owner=ticket.assignee, team=ticket.team, started_at=now)


def keep(ticket: Ticket, *, now: datetime) -> timedelta | None:
    """After a change of owner, team or state, under the ticket's lock; how long it was nobody's, if that ends here."""
    running = OwnerSpell.objects.filter(ticket=ticket, ended_at=None).first()
    counts = not ticket.is_done and ticket.trashed_at is None
    if running is not None:
        same = (running.owner_id, running.team_id) == (ticket.assignee_id, ticket.team_id)
        if same and counts:
            return None
        # Two processes' clocks may differ by more than lies between two changes.
        running.ended_at = max(now, running.started_at)
        running.save(update_fields=["ended_at"])
    if counts:
        begin(ticket, now=now)
    if running is None or running.owner_id is not None or (counts and ticket.assignee_id is None):
        return None
    return now - running.started_at
