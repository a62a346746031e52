"""What was at the root (R84): what there is to choose from, and choosing it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from escalation.actions import lock_escalation, not_now
from escalation.enums import LIVE_STATES, Cause, State
from escalation.models import Escalation, OwnCause
from escalation.recording import record_step
from people.models import User

# What ended off the four steps was something too; only what is closed has its cause for good.
CHOOSABLE = (*LIVE_STATES, State.DECLINED, State.WITHDRAWN)


def choices() -> list[tuple[str, str]]:
    """Every desk's, then this desk's own that are in use."""
    every = [(cause.value, str(cause.label)) for cause in Cause]
    return [*every, *OwnCause.objects.in_use().values_list("key", "name")]


def names() -> dict[str, str]:
    """Of all that there are, retired ones too, by their keys."""
    return {**dict(OwnCause.objects.values_list("key", "name")), **{one.value: str(one.label) for one in Cause}}


def name_of(key: str) -> str:
    """Of a cause that may be chosen; raises InvalidInput on `cause` for any other."""
    known = dict(choices())
    if key not in known:
        raise InvalidInput.of("cause", _("A cause is one of %(known)s.") % {"known": ", ".join(known)})
    return known[key]


@transaction.atomic
def choose_cause(*, number: int, by: User, cause: str, now: datetime) -> Escalation:
    """Asked for before a close, and kept for what was withdrawn, declined or de-escalated as well."""
    escalation = lock_escalation(number)
    if escalation.state not in CHOOSABLE:
        raise not_now(escalation)
    name = name_of(cause)
    is_own = cause not in Cause.values
    escalation.cause, escalation.cause_name = cause, name if is_own else ""
    escalation.save(update_fields=["cause", "cause_name"])
    record_step(escalation, "cause_chosen", by=by, now=now, cause=name if is_own else cause)
    return escalation
