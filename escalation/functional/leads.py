"""Who of a team hears of an escalation for his information (R40)."""

from datetime import datetime
from functools import partial

from escalation.functional import hand_off_letters as letters
from escalation.models import Escalation
from notifications.actions import notify
from people.chain import lead_of


def inform_the_lead(escalation: Escalation, now: datetime) -> None:
    """Of the ticket's team: that somebody of it has asked for a decision (R40). Not who asks or is asked."""
    known = {escalation.requester_id, escalation.decider_id}
    notify(
        recipients=[person for person in lead_of(escalation.ticket.team, now) if person.pk not in known],
        compose=partial(letters.for_information, escalation),
        dedupe=f"escalation:{escalation.number}:for-information",
        now=now,
    )
