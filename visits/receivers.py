"""What a visit does when its ticket changes (DESIGN §1): one line, into its own floor."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from calendars import usage
from people.erasing import parts
from tickets import indexing
from tickets.models import Event, Ticket
from tickets.signals import ticket_changed
from visits import actions, personal, transcripts


@receiver(ticket_changed, dispatch_uid="visits.go_elsewhere")
def go_elsewhere(*, ticket: Ticket, events: Sequence[Event], now: datetime, **kwargs: Any) -> None:
    actions.end_elsewhere(ticket, events, now=now)


indexing.register(transcripts.words_of)
parts.register(personal.PART)
usage.register(personal.calendars_in_use)
