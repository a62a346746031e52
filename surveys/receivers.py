from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from people.erasing import parts
from surveys import personal
from surveys.planning import plan
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="surveys.plan")
def what_is_over_is_asked_about(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    plan(ticket=ticket, events=events, now=now)


parts.register(personal.PART)
