"""The alerting ladder of one escalation: who was told, who comes next, and when."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from desk.templatetags.desk_time import clock_text, words
from escalation.enums import LIVE_STATES, RungState
from escalation.models import Escalation, Rung
from escalation.reaching import people_on


@dataclass(frozen=True, slots=True)
class RungLook:
    """As the ladder component reads it."""

    number: int
    who: str
    state: str
    at: datetime | None = None
    when: str = ""
    note: str = ""
    acknowledged: bool = False


def ladder(escalation: Escalation, now: datetime) -> list[RungLook]:
    """Every rung; names for those that were alerted and for the next one, since later ones may change."""
    rungs = list(escalation.rungs.all())
    last_sent = max((rung.level for rung in rungs if rung.state == RungState.SENT), default=0)
    stopped = escalation.acknowledged_at is not None or escalation.state not in LIVE_STATES
    return [_look(escalation, rung, rung.level == last_sent, stopped, now) for rung in rungs]


def _look(escalation: Escalation, rung: Rung, is_last_sent: bool, stopped: bool, now: datetime) -> RungLook:
    if rung.state == RungState.SENT:
        acknowledged = is_last_sent and escalation.acknowledged_at is not None
        note = _acknowledgement(escalation, now) if acknowledged else ""
        return RungLook(rung.level, rung.who, "done", at=rung.sent_at, note=note, acknowledged=acknowledged)
    reach = rung.get_reach_display()
    if rung.state == RungState.SKIPPED:
        return RungLook(rung.level, reach, "skipped", note=_("Nobody stands on this level"))
    if stopped or rung.state == RungState.STOPPED:
        return RungLook(rung.level, reach, "then", when=_("not needed"))
    if rung.next_moment is not None:
        rung.escalation = escalation
        people = people_on(rung, now)
        who = ", ".join(person.name for person in people) or reach
        note = _("Alerted if nobody acknowledges before")
        return RungLook(rung.level, who, "next", at=rung.next_moment, note=note)
    when = _("+%(time)s") % {"time": words(rung.delay)}
    return RungLook(rung.level, reach, "then", when=when, note=_("Counts from the level before"))


def _acknowledgement(escalation: Escalation, now: datetime) -> str:
    when = clock_text(escalation.acknowledged_at, now)
    if escalation.acknowledged_by is None:
        return _("Acknowledged %(when)s") % {"when": when}
    return _("Acknowledged %(when)s by %(name)s") % {"when": when, "name": escalation.acknowledged_by.name}
