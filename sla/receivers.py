from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from calendars import usage
from people.erasing import parts
from people.models import User
from people.signals import organisations_merged
from sla import personal, rehours, services, sync
from sla.actions import sync_clocks
from sla.obligations import catch_up, hold
from tickets import foresight
from tickets.enums import EventKind
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


@receiver(ticket_changed)
def obligations_hold(*, ticket: Ticket, events: Sequence[Event], **_kwargs: Any) -> None:
    hold(ticket, events)


@receiver(ticket_changed)
def clocks_follow_the_ticket(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    sync_clocks(ticket=ticket, events=events, now=now)


@receiver(ticket_changed)
def obligations_catch_up(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    """Behind the clocks: by now it is known under whose promises the ticket is."""
    if any(event.kind == EventKind.PRIORITY for event in events):
        catch_up(ticket, now=now)


@receiver(organisations_merged, dispatch_uid="sla.promises_name_who_stays")
def promises_name_who_stays(*, before: str, after: str, by: User, now: datetime, **_kwargs: Any) -> None:
    services.rename_organisation(user=by, before=before, after=after, now=now)


usage.register(rehours.calendars_in_use)
foresight.register(sync.foresee)

parts.register(personal.PART)
