"""A change of status that was a mistake is taken back: the ticket is what it was, as if nobody had touched it.

Nothing is struck out: the timeline has both steps. The customer waited all the while, so owner's time and clocks
count on from the instant of the mistake (`sla.sync`); a promise that broke meanwhile stays broken.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_noop

from people.models import User
from tickets import ownership, snoozing, timeline, waits
from tickets.actions import lock_workable
from tickets.enums import EventKind
from tickets.models import Event, Ticket

_TIMES = ("solved_at", "closed_at", "snoozed_until")


def standing(ticket: Ticket) -> dict[str, Any]:
    """All that a step changes, to be kept as JSON; `step` is the last step there was, which tells two solved apart."""
    last = Event.objects.filter(ticket=ticket, kind=EventKind.STATUS).order_by("pk").last()
    times = {name: moment.isoformat() if (moment := getattr(ticket, name)) else "" for name in _TIMES}
    return {"status": str(ticket.status), "waits_for": ticket.waits_for, "step": last.pk if last else 0, **times}


@transaction.atomic
def step_back(*, ticket: Ticket, was: dict[str, Any], done_at: datetime, now: datetime, by: User) -> Ticket:
    """From the step that was made at `done_at`, and was the last one, to where the ticket stood before it."""
    ticket = lock_workable(ticket.number)
    before, was_done = ticket.status, ticket.is_done
    ticket.step_back(was["status"])
    ticket.solved_at, ticket.closed_at = _moment(was["solved_at"]), _moment(was["closed_at"])
    ticket.waits_for = waits.kind_of(ticket.status, was.get("waits_for", ""))
    ticket.updated_at = now
    ticket.save(update_fields=["status", "solved_at", "closed_at", "waits_for", "updated_at"])
    if ticket.is_done != was_done:
        ownership.keep(ticket, now=done_at)
    timeline.record(
        ticket,
        EventKind.STATUS,
        now=now,
        actor=by,
        before=before,
        after=ticket.status,
        reason=gettext_noop("taken back"),
        takes_back=done_at.isoformat(),
        waits_for=ticket.waits_for,
    )
    rest = _moment(was["snoozed_until"])
    if rest is not None and rest > now and ticket.snoozed_until is None:
        snoozing.lay_down(ticket, rest, now=now, by=by, reason=gettext_noop("taken back"))
    return ticket


def _moment(text: str) -> datetime | None:
    return parse_datetime(text) if text else None
