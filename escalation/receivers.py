from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from escalation.alerting.ladders import ladder_names
from escalation.automatic.assessing import look_again
from escalation.communicate.communicating import keep_promises_of_replies
from escalation.initiate.servicing import hand_down_along
from sla import naming
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="escalation.keep_promises_of_replies")
def a_promise_is_the_escalations(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    keep_promises_of_replies(ticket=ticket, events=events, now=now)


@receiver(ticket_changed, dispatch_uid="escalation.hand_down_along")
def a_link_brings_services(*, ticket: Ticket, events: Sequence[Event], **_kwargs: Any) -> None:
    hand_down_along(ticket=ticket, events=events)


@receiver(ticket_changed, dispatch_uid="escalation.look_again")
def a_criterion_is_the_escalations(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    look_again(ticket=ticket, events=events, now=now)


naming.register_ladders(ladder_names)
