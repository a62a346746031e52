"""Ticking the steps of a guide (R70): lock, tick, record."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput
from escalation.actions import lock_escalation, not_now
from escalation.enums import LIVE_STATES
from escalation.models import Escalation, GuideTick
from escalation.recording import record_step
from people.models import User


@transaction.atomic
def tick(*, number: int, by: User, step: int, done: bool, now: datetime) -> Escalation:
    """This step is taken, or is not after all. A second time changes nothing; who was first stays."""
    escalation = lock_escalation(number)
    if escalation.state not in LIVE_STATES:
        raise not_now(escalation)
    sentence = _sentence(escalation, step)
    before = escalation.guide_ticks.filter(step=step)
    if done and not before.exists():
        GuideTick.objects.create(escalation=escalation, step=step, by=by, at=now)
        record_step(escalation, "guide_ticked", by=by, now=now, step=step, title=sentence)
    elif not done and before.exists():
        before.delete()
        record_step(escalation, "guide_unticked", by=by, now=now, step=step, title=sentence)
    return escalation


def begin(escalation: Escalation, steps: Sequence[int], by: User, now: datetime, seen: int | None) -> None:
    """What was ticked in the dialog in which it was raised; the caller has just made it.

    Raises InvalidInput where the steps were those of another version than the one that it follows.
    """
    if not steps:
        return
    if seen is not None and seen != escalation.guide_id:
        raise InvalidInput.of("steps", _("Another guide holds for this choice: look at its steps, then tick them."))
    for step in dict.fromkeys(steps):
        _sentence(escalation, step)
    ticks = [GuideTick(escalation=escalation, step=step, by=by, at=now) for step in dict.fromkeys(steps)]
    GuideTick.objects.bulk_create(ticks)
    record_step(escalation, "guide_begun", by=by, now=now, count=len(ticks))


def _sentence(escalation: Escalation, number: int) -> str:
    steps = escalation.guide.guide if escalation.guide else []
    found = next((step.sentence for step in steps if step.number == number), None)
    if found is None:
        raise InvalidInput.of("step", _("There is no step %(n)d in its guide.") % {"n": number})
    return found
