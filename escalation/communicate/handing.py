"""The word between the levels: an escalation given to somebody else with a note that he must acknowledge (R42).

Until he has, it stays with its manager, so that it is never nobody's.
"""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines
from escalation.actions import check_live, lock_escalation
from escalation.alerting import alerts
from escalation.deadlines.arming import deadline
from escalation.deadlines.winding import drop_hand_over
from escalation.duties import call_colleague
from escalation.enums import DeadlineKind
from escalation.models import Escalation, HandOver
from escalation.recording import record_step
from notifications.actions import notify
from people.chain import anybody, stand_in
from people.models import User

ACKNOWLEDGE_WITHIN = timedelta(minutes=30)
FEWEST_WORDS = 3
NOTE_LIMIT = 2000


@transaction.atomic
def hand_over(*, number: int, by: User, to: str, note: str, now: datetime) -> Escalation:
    """To the colleague with this address; whoever was asked before and has not answered is asked no more.

    Raises InvalidInput on `note` for one that says nothing, and on `to` for nobody, for whoever has it, for whoever
    hands it over, and for somebody who is away.
    """
    note = _checked(note)
    escalation = lock_escalation(number)
    check_live(escalation)
    receiver = _receiver(escalation, by, to, now)
    drop_hand_over(escalation, now)
    clock = deadline(escalation, DeadlineKind.HAND_NOTE, now + ACKNOWLEDGE_WITHIN)
    clock.save()
    given = HandOver.objects.create(
        escalation=escalation, giver=by, receiver=receiver, note=note, at=now, deadline=clock
    )
    record_step(escalation, "handed_up", by=by, now=now, whom=receiver.name, reason=note[:300])
    notify(recipients=[receiver], compose=partial(alerts.handed_up, given), dedupe=f"hand_over:{given.pk}", now=now)
    return escalation


@transaction.atomic
def acknowledge_hand_over(*, number: int, by: User, now: datetime) -> Escalation:
    """Late or not: from now on the receiver is its manager, and whoever gave it hears of it."""
    escalation = lock_escalation(number)
    given = waiting(escalation)
    if given is None or given.receiver_id != by.pk:
        raise NotAllowedNow(_("%(ref)s is not being handed over to you.") % {"ref": escalation.reference})
    given.acknowledged_at = now
    given.save(update_fields=["acknowledged_at"])
    escalation.deadlines.unanswered().filter(pk=given.deadline_id).update(met_at=now, next_moment=None)
    escalation.manager = by
    escalation.save(update_fields=["manager"])
    record_step(escalation, "taken_over", by=by, now=now, whom=given.giver.name if given.giver else "")
    notify(
        recipients=[given.giver] if given.giver else [],
        compose=partial(alerts.taken_over, given),
        dedupe=f"hand_over:{given.pk}:taken",
        now=now,
    )
    return escalation


def waiting(escalation: Escalation) -> HandOver | None:
    """The one that is not acknowledged yet."""
    return escalation.hand_overs.waiting().select_related("giver", "receiver", "deadline").first()


def newest(escalation: Escalation) -> HandOver | None:
    """The one that waits, else the last that was acknowledged."""
    found = escalation.hand_overs.filter(dropped_at=None).select_related("giver", "receiver", "deadline")
    return found.first()


def _checked(note: str) -> str:
    note = many_lines(note, field="note", limit=NOTE_LIMIT)
    if len(note.split()) < FEWEST_WORDS:
        sentence = _("Say in at least %(count)d words how it stands and what comes next.")
        raise InvalidInput.of("note", sentence % {"count": FEWEST_WORDS})
    return note


def _receiver(escalation: Escalation, by: User, to: str, now: datetime) -> User:
    receiver = call_colleague(to, "to")
    if receiver == by:
        raise InvalidInput.of("to", _("Hand it over to somebody else."))
    if receiver.pk == escalation.manager_id:
        raise InvalidInput.of("to", _("%(name)s manages it already.") % {"name": receiver})
    if stand_in(receiver, now, anybody) != receiver:
        raise InvalidInput.of("to", _("%(name)s is away.") % {"name": receiver})
    return receiver
