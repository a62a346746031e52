"""What the mailroom does when a ticket changes (DESIGN §1): one line, into its own floor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from mailroom import actions
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="mailroom.tell_the_customer")
def tell_the_customer(*, ticket: Ticket, events: Sequence[Event], now: datetime, **kwargs: Any) -> None:
    actions.tell_the_customer(ticket, events, now=now)
