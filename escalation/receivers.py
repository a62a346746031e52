from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from calendars import usage
from escalation import personal
from escalation.alerting.ladders import ladder_names
from escalation.automatic import defining
from escalation.automatic.assessing import look_again
from escalation.close.preventing import follow_tasks
from escalation.communicate import subscribing
from escalation.communicate.communicating import keep_promises_of_replies
from escalation.deadlines.reviews import calendars_in_use
from escalation.enums import REASONS_OF_PEOPLE
from escalation.initiate.servicing import hand_down_along
from notifications import listening
from people import rules
from people.erasing import parts
from people.models import User
from people.signals import organisations_merged
from sla import naming
from tickets.models import Event, Ticket
from tickets.routing.naming import register_escalations
from tickets.signals import ticket_changed


@receiver(ticket_changed, dispatch_uid="escalation.keep_promises_of_replies")
def a_promise_is_the_escalations(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    keep_promises_of_replies(ticket=ticket, events=events, now=now)


@receiver(ticket_changed, dispatch_uid="escalation.hand_down_along")
def a_link_brings_services(*, ticket: Ticket, events: Sequence[Event], **_kwargs: Any) -> None:
    hand_down_along(ticket=ticket, events=events)


@receiver(ticket_changed, dispatch_uid="escalation.follow_tasks")
def a_task_done_is_an_action_done(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    follow_tasks(ticket=ticket, events=events, now=now)


@receiver(ticket_changed, dispatch_uid="escalation.look_again")
def a_criterion_is_the_escalations(*, ticket: Ticket, events: Sequence[Event], now: datetime, **_kwargs: Any) -> None:
    look_again(ticket=ticket, events=events, now=now)


@receiver(organisations_merged, dispatch_uid="escalation.criteria_name_who_stays")
def criteria_name_who_stays(*, before: str, after: str, by: User, **_kwargs: Any) -> None:
    defining.rename_organisation(before=before, after=after, by=by)


naming.register_ladders(ladder_names)
register_escalations(dict(REASONS_OF_PEOPLE), ladder_names)
# What an escalation manager sets at the maintenance door, too (R30).
rules.register(
    *("escalation.criterion", "escalation.procedure", "escalation.ladder", "escalation.ladderlevel"),
    *("escalation.plantemplate", "escalation.updatetemplate", "escalation.cadence", "escalation.stakeholder"),
    *("escalation.owncause", "escalation.customerright", "escalation.escalationchannel", "escalation.recommendation"),
)

usage.register(calendars_in_use)
parts.register(personal.PART)
listening.register(subscribing.drop)
