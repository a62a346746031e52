"""Verified, and told: to customers in one text, to stakeholders in another (R24, R47)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import NotAllowedNow
from escalation import actions
from escalation.communicate.communicating import communicate
from escalation.enums import Audience, Purpose
from escalation.models import Escalation
from escalation.wording import Update
from people.models import User


@transaction.atomic
def verify(
    *, number: int, by: User, now: datetime, note: str = "", customers: str = "", stakeholders: str = ""
) -> Escalation:
    """The architect's tick, and with it the notices that are given; without a text its audience waits for its own."""
    escalation = actions.verify(number=number, by=by, now=now, note=note)
    _tell(number, by, {Audience.CUSTOMERS: customers, Audience.STAKEHOLDERS: stakeholders}, now)
    return escalation


@transaction.atomic
def announce(*, number: int, by: User, now: datetime, customers: str = "", stakeholders: str = "") -> Escalation:
    """The notices afterwards; NotAllowedNow before the verification."""
    escalation = actions.lock_escalation(number)
    if escalation.verified_at is None:
        raise NotAllowedNow(_("%(ref)s is not verified yet.") % {"ref": escalation.reference})
    _tell(number, by, {Audience.CUSTOMERS: customers, Audience.STAKEHOLDERS: stakeholders}, now)
    return escalation


def _tell(number: int, by: User, texts: dict[Audience, str], now: datetime) -> None:
    for audience, body in texts.items():
        if body.strip():
            update = Update(audience=audience, body=body, purpose=Purpose.RESOLUTION, is_last=True)
            communicate(number=number, by=by, update=update, now=now)
