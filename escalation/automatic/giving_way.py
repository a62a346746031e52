"""What becomes of an early escalation when the promise that it warned of is missed (decision 15).

The breach opens its own, always. The early one that nobody has taken further than its first step ends and names it;
one on which people are at work goes on beside it, and both are on the timeline.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from escalation.attention import refresh_attention
from escalation.deadlines.winding import stop_ladder
from escalation.enums import OPEN_STATES, State
from escalation.models import Escalation
from escalation.spells import leave
from sla.models import Crossing
from tickets.timeline import Line, line, record_many


def give_way_to(opened: Sequence[Escalation], *, now: datetime) -> None:
    """For a batch that has just been opened by breaches, under its tickets' locks; one query where none is early."""
    by_clock = {escalation.breach.clock_id: escalation for escalation in opened if escalation.breach}
    crossings = Crossing.objects.filter(clock__among=by_clock).values_list("pk", flat=True)
    # Asked apart: where there is none PostgreSQL would still walk through all escalations.
    if not (crossed := set(crossings)):
        return
    found = Escalation.objects.filter(crossing__among=crossed, state__in=OPEN_STATES)
    early = list(found.select_related("crossing", "ticket").order_by("number").select_for_update(of=("self",)))
    record_many([_settled(escalation, by_clock, now) for escalation in early])


def _settled(early: Escalation, by_clock: Mapping[int, Escalation], now: datetime) -> Line:
    if early.crossing is None:
        raise ValueError(f"{early.reference} was opened by no threshold.")
    by = by_clock[early.crossing.clock_id]
    kind = "escalation.goes_on"
    if early.state == State.INITIATED:
        kind = "escalation.gave_way"
        _end(early, by, now)
    return line(early.ticket_id, kind, now=now, reference=early.reference, by=by.reference)


def _end(early: Escalation, by: Escalation, now: datetime) -> None:
    left = early.state
    early.give_way()
    leave(early, left, now)
    early.step_since = early.closed_at = now
    early.next_update_by = None
    early.end_reason = _("The promise was missed: %(ref)s goes on with it.") % {"ref": by.reference}
    early.save(update_fields=["state", "step_since", "closed_at", "next_update_by", "end_reason"])
    stop_ladder(early)
    early.deadlines.running().update(cancelled_at=now, next_moment=None)
    refresh_attention(by.ticket, now)
