"""Sleeping tickets come back at their moment, and work on hold is taken up again (R82); follow-ups fall due (R89).

A round of its own, driven by beat and, where that is silent, by the watchdog. One ticket that fails stops no other.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common import clock, heartbeat
from common.setbacks import Round
from notifications.actions import notify
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.chain import hearing_of, managers_of, present
from people.models import User
from tickets import follow_ups, snoozing
from tickets.actions import lock_ticket, move
from tickets.enums import Status
from tickets.models import Ticket

HEARTBEAT = "waking"
BATCH = 200


def run() -> int:
    """One round; how many tickets came back."""
    clock.synchronise()
    now = clock.now()
    setbacks = Round(HEARTBEAT, now)
    due = setbacks.open(Ticket.objects.filter(snoozed_until__lte=now)).order_by("snoozed_until", "number")
    numbers = list(due.values_list("number", flat=True)[:BATCH])
    woken = setbacks.each(numbers, lambda number: wake_up(number=number, now=now))
    late = follow_ups.tell_of_late(now)
    heartbeat.beat(HEARTBEAT, now=now, woken=woken, late=late)
    return woken


@transaction.atomic
def wake_up(*, number: int, now: datetime) -> bool:
    """One ticket whose moment has come: its owner is told, else the lead of its team, else its managers."""
    ticket = lock_ticket(number)
    until = ticket.snoozed_until
    if until is None or until > now:
        return False
    snoozing.wake(ticket, now=now, reason=gettext_noop("its moment has come"))
    if ticket.status == Status.ON_HOLD:
        move(ticket, ticket.resume, now=now, actor=None, reason=gettext_noop("its moment has come"))
    notify(
        recipients=_who_cares(ticket, now),
        compose=partial(_letter, ticket),
        dedupe=f"awake:{number}:{until.isoformat()}",
        now=now,
        by_mail=False,
    )
    return True


def _who_cares(ticket: Ticket, now: datetime) -> list[User]:
    owner = ticket.assignee or (ticket.team.lead if ticket.team else None)
    return (present([owner], now, hearing_of(ticket.team)) if owner else []) or managers_of(ticket.team, now)


def _letter(ticket: Ticket, _reader: User) -> Letter:
    return Letter(
        kind=AlertKind.AWAKE,
        title=_("#%(number)d is back: %(subject)s") % {"number": ticket.number, "subject": ticket.subject},
        path=f"/tickets/{ticket.number}/",
        action=_("Open the ticket"),
        ticket_number=ticket.number,
    )
