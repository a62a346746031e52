"""What this floor itself does when a ticket changes: one line, as on the floors above."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from tickets import watching
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="tickets.tell_watchers")
def tell_watchers(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    watching.tell_watchers(ticket, events, now=now)
