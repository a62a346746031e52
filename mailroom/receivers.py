"""What the mailroom does when a ticket changes or a provider calls (DESIGN §1): one line, into its own floor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from anymail.signals import inbound
from django.dispatch import receiver

from mailroom import actions, personal
from mailroom.doors import provided
from people.erasing import parts
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="mailroom.tell_the_customer")
def tell_the_customer(*, ticket: Ticket, events: Sequence[Event], now: datetime, **kwargs: Any) -> None:
    actions.tell_the_customer(ticket, events, now=now)


@receiver(inbound, dispatch_uid="mailroom.take_in")
def take_in(*, event: Any, **kwargs: Any) -> None:
    provided.take_in(event)


parts.register(personal.PART)
