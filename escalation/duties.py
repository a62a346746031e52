"""Who holds which duty on an escalation (R24–R26), and what he may do by it."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from escalation.actions import lock_escalation, not_now
from escalation.alerting import alerts
from escalation.enums import LIVE_STATES, Duty, State
from escalation.models import Escalation
from escalation.permissions import who_see
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User


@transaction.atomic
def name_responsible(*, number: int, by: User, role: str, email: str, now: datetime) -> Escalation:
    """Give a duty to a person, who sees the escalation from then on, or take it back with an empty address."""
    if role not in Duty.values:
        raise InvalidInput.of("role", _("A role is one of %(known)s.") % {"known": ", ".join(Duty.values)})
    escalation = lock_escalation(number)
    if escalation.state not in (*LIVE_STATES, State.CLOSED):
        raise not_now(escalation)
    person = call_colleague(email, "email") if email.strip() else None
    if person is None:
        escalation.responsibilities.filter(role=role).delete()
    else:
        escalation.responsibilities.update_or_create(
            role=role, defaults={"person": person, "named_by": by, "named_at": now}
        )
    record_step(escalation, "responsible", by=by, now=now, role=role, person=person.name if person else "")
    if person is not None and person != by:
        notify(
            recipients=[person],
            compose=partial(alerts.responsible, escalation, role),
            dedupe=f"escalation:{number}:responsible:{role}:{now.isoformat()}",
            now=now,
        )
    return escalation


def call_colleague(email: str, field: str) -> User:
    """Somebody active at the desk, also from outside a restricted team: to be named is to be let in (decision 20)."""
    person = User.objects.active().staff().at_address(email.strip()).first()
    if person is None:
        raise InvalidInput.of(field, _("Nobody at the desk has the address “%(email)s”.") % {"email": email[:80]})
    return person


def find_colleague(escalation: Escalation, email: str, field: str) -> User:
    """Somebody active at the desk who may see the escalation already."""
    person = call_colleague(email, field)
    if not who_see(escalation).filter(pk=person.pk).exists():
        raise InvalidInput.of(field, _("%(name)s may not see %(ref)s.") % {"name": person, "ref": escalation.reference})
    return person
