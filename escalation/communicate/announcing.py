"""Steps that are taken and told at once: to customers in one text, to stakeholders in another (R24, R35, R47)."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import DomainError, NotAllowedNow
from escalation import actions, wording
from escalation.communicate.communicating import communicate
from escalation.deadlines import promises
from escalation.enums import Audience, Purpose
from escalation.models import Escalation, UpdateTemplate
from escalation.recording import record_step
from escalation.wording import Text, Update
from people.models import User


@transaction.atomic
def begin_communication(
    *, number: int, by: User, now: datetime, override_reason: str = "", may_override: bool = False
) -> Escalation:
    """The end of Initiate, and the first word to whom none has gone, where the procedure has one (R35, R37)."""
    right: dict[str, Any] = {"override_reason": override_reason, "may_override": may_override}
    escalation = actions.move_on(number=number, verb="begin_communication", by=by, now=now, **right)
    procedure = escalation.procedure
    for template in (procedure.first_to_stakeholders, procedure.first_to_customers):
        if template is not None and template.is_enabled:
            _say_first(escalation, template, by, now)
    return escalation


def _say_first(escalation: Escalation, template: UpdateTemplate, by: User, now: datetime) -> None:
    """What cannot go out as it is stays to be written by hand, its hour running; the step is taken all the same."""
    if escalation.communications.filter(audience=template.audience).exists():
        return
    update = Update(
        audience=template.audience,
        body=template.body,
        subject=template.subject,
        texts={name: Text(row.subject, row.body) for name, row in wording.variants(template).items()},
        template=template,
        purpose=Purpose.FIRST_NOTICE,
        next_update_by=promises.proposed(escalation, now),
    )
    try:
        communicate(number=escalation.number, by=by, update=update, now=now)
    except DomainError as error:
        said = {"audience": template.audience, "reason": str(error)[:300]}
        record_step(escalation, "first_word_failed", by=None, now=now, **said)


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
