"""The front doors' way to what is told: sight of the escalation, the right to it, then the action."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from escalation import permissions as may
from escalation import wording
from escalation.communicate import communicating, handing
from escalation.duties import find_colleague
from escalation.enums import INFORMED, Audience, Purpose
from escalation.models import Escalation, UpdateTemplate
from escalation.wording import Update
from people.models import User


def communicate(*, user: User, number: int, audience: str, body: str, now: datetime, **said: Any) -> Escalation:
    """`said` are the other fields of an `Update`, and `template` the key of a prepared one."""
    may.access_to_work(user, number)
    template = wording.find_template(said.pop("template", None))
    update = Update(audience=audience, body=body, template=template, **said)
    return communicating.communicate(number=number, by=user, update=update, now=now)


def send_summary(*, user: User, number: int, to: Sequence[str], body: str, now: datetime, key: str = "") -> Escalation:
    """To senior people, by address; by the escalation manager (R43)."""
    escalation = may.access_escalation(user, number)
    may.check(may.runs(user, escalation), _("Only the escalation manager may do this."))
    update = Update(audience=Audience.EXECUTIVES, body=body, purpose=Purpose.EXECUTIVE, key=key)
    people = [find_colleague(escalation, email, "to") for email in dict.fromkeys(to)]
    return communicating.send_summary(number=number, by=user, update=update, people=people, now=now)


def hand_over(*, user: User, number: int, to: str, note: str, now: datetime) -> Escalation:
    """To a colleague, by address, with a note; by the escalation manager (R42)."""
    escalation = may.access_escalation(user, number)
    may.check(may.runs(user, escalation), _("Only the escalation manager may do this."))
    return handing.hand_over(number=number, by=user, to=to, note=note, now=now)


def acknowledge_hand_over(*, user: User, number: int, now: datetime) -> Escalation:
    """By whoever it is handed over to, and by nobody else."""
    may.access_escalation(user, number)
    return handing.acknowledge_hand_over(number=number, by=user, now=now)


def prepared_for(escalation: Escalation) -> list[UpdateTemplate]:
    """The prepared updates of both audiences that fit it."""
    return [row for audience in reversed(INFORMED) for row in wording.prepared(escalation, audience)]
