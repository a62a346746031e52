"""A good word for who did well (R94)."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import one_line
from escalation.actions import lock_escalation, not_now
from escalation.alerting import alerts
from escalation.duties import find_colleague
from escalation.enums import State
from escalation.models import Escalation, Kudos
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User

WORDS_LIMIT = 500


@transaction.atomic
def praise(*, number: int, by: User, to: str, words: str, now: datetime) -> Escalation:
    """Once it is resolved, one colleague thanks another, once, in words that all who see it can read."""
    words = one_line(words, field="words", limit=WORDS_LIMIT)
    escalation = lock_escalation(number)
    if escalation.state not in (State.RESOLVED, State.CLOSED):
        raise not_now(escalation)
    person = find_colleague(escalation, to, "to")
    if person == by:
        raise InvalidInput.of("to", _("Nobody thanks himself."))
    if escalation.kudos.filter(to=person, by=by).exists():
        raise NotAllowedNow(_("You have thanked %(name)s for it already.") % {"name": person.name})
    kudos = Kudos.objects.create(escalation=escalation, to=person, by=by, words=words, at=now)
    record_step(escalation, "praised", by=by, now=now, whom=person.name, note=words[:300])
    notify(recipients=[person], compose=partial(alerts.praised, kudos), dedupe=f"kudos:{kudos.pk}", now=now)
    return escalation
