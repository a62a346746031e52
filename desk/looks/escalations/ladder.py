"""The alerting ladder of one escalation: who was told, who comes next, when, and what happens if nobody acts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.templatetags.desk_time import clock_text, words
from escalation.alerting.foretelling import Coming, foretell
from escalation.enums import LIVE_STATES, RungState
from escalation.models import Acknowledgement, Escalation, Rung


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
    """What was told in the rounds before, then every level of the present one; those ahead by name and time."""
    rungs = list(escalation.rungs.all())
    for rung in rungs:
        rung.escalation = escalation
    present = [rung for rung in rungs if rung.round == escalation.ladder_round]
    stopped = escalation.is_acknowledged or escalation.state not in LIVE_STATES
    coming = {} if stopped else {one.rung.level: one for one in foretell(present, now)}
    following = next((level for level, one in coming.items() if one.told), None)
    last_sent = max((rung.level for rung in present if rung.state == RungState.SENT), default=0)
    looks = _before(escalation, rungs, now)
    for rung in present:
        if rung.level in coming:
            looks.append(_ahead(coming[rung.level], rung.level == following))
        else:
            looks.append(_behind(escalation, rung, rung.level == last_sent, now))
    return looks


def _before(escalation: Escalation, rungs: Sequence[Rung], now: datetime) -> list[RungLook]:
    """The rounds that are over: whom each told, and who took it on."""
    if escalation.ladder_round == 1:
        return []
    looks = []
    held = {one.round: one for one in escalation.acknowledgements.select_related("by")}
    for number in range(1, escalation.ladder_round):
        told = [rung for rung in rungs if rung.round == number and rung.state == RungState.SENT]
        for rung in told:
            note = _lapsed(held.get(number), now) if rung is told[-1] else ""
            looks.append(RungLook(rung.level, rung.who, "done", at=rung.sent_at, note=note))
    return looks


def _lapsed(held: Acknowledgement | None, now: datetime) -> str:
    if held is None or held.lapsed_at is None:
        return _("Then it started again")
    known = {"name": held.by or "—", "at": clock_text(held.at, now), "lapsed": clock_text(held.lapsed_at, now)}
    return _("Acknowledged %(at)s by %(name)s; it started again %(lapsed)s") % known


def _ahead(coming: Coming, is_next: bool) -> RungLook:
    rung = coming.rung
    if not coming.told:
        return RungLook(rung.level, rung.get_reach_display(), "skipped", at=coming.at, note=coming.hole)
    who = ", ".join(person.name for person in coming.told)
    note = _("Alerted if nobody acknowledges before") if is_next else _("Counts from the level before")
    if coming.instead:
        note = _("%(hole)s: the last resort is alerted") % {"hole": coming.hole}
    return RungLook(
        rung.level, who, "next" if is_next else "then", at=coming.at, note=" · ".join([note, *repeats(rung)])
    )


def repeats(rung: Rung) -> list[str]:
    """In no words where the level does not repeat."""
    if not rung.repeat_every:
        return []
    often = ngettext("again after %(every)s", "again every %(every)s, %(times)d times", rung.repeat_times)
    return [often % {"every": words(rung.repeat_every), "times": rung.repeat_times}]


def _behind(escalation: Escalation, rung: Rung, is_last_sent: bool, now: datetime) -> RungLook:
    if rung.state == RungState.SENT:
        held = is_last_sent and escalation.is_acknowledged
        note = _acknowledgement(escalation, now) if held else _again(rung, now)
        return RungLook(rung.level, rung.who, "done", at=rung.sent_at, note=note, acknowledged=held)
    if rung.state == RungState.SKIPPED:
        return RungLook(rung.level, rung.get_reach_display(), "skipped", note=_("Nobody could be reached"))
    return RungLook(rung.level, rung.get_reach_display(), "then", when=_("not needed"))


def _again(rung: Rung, now: datetime) -> str:
    """How often it was repeated, and when it is next."""
    said = []
    if rung.repeated:
        said.append(ngettext("Repeated once", "Repeated %(times)d times", rung.repeated) % {"times": rung.repeated})
    if rung.next_moment is not None:
        said.append(_("again at %(at)s") % {"at": clock_text(rung.next_moment, now)})
    return ", ".join(said)


def _acknowledgement(escalation: Escalation, now: datetime) -> str:
    when = clock_text(escalation.acknowledged_at, now)
    if escalation.acknowledged_by is None:
        return _("Acknowledged %(when)s") % {"when": when}
    return _("Acknowledged %(when)s by %(name)s") % {"when": when, "name": escalation.acknowledged_by.name}
