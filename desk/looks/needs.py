"""What a live escalation needs next, in a few words for its card."""

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.steps import SOON
from desk.templatetags.desk_time import clock_text, words
from escalation.enums import PRESSES_IN, DeadlineKind, State
from escalation.models import Deadline, Escalation
from people.models import User


class Need(NamedTuple):
    icon: str
    words: str
    tone: str = ""


_NEEDS: dict[str, tuple[str, Promise]] = {
    State.REQUESTED: ("gavel", gettext_lazy("Decide")),
    State.INITIATED: ("speakerphone", gettext_lazy("Move to Communicate")),
    State.COMMUNICATING: ("send", gettext_lazy("Inform everybody, make a plan")),
    State.RESOLVING: ("checklist", gettext_lazy("Carry out the plan")),
    State.RESOLVED: ("clipboard-check", gettext_lazy("Verify, name the cause, close")),
}
# What runs towards its due time, and what has missed it.
_RUNNING: dict[str, tuple[str, Promise]] = {
    DeadlineKind.FIRST_HOUR: ("clock-exclamation", gettext_lazy("%(left)s to inform everybody")),
    DeadlineKind.UPDATE: ("clock-hour-4", gettext_lazy("Update promised %(at)s")),
    DeadlineKind.HAND_OFF: ("user-check", gettext_lazy("Accept the hand-off by %(at)s")),
    DeadlineKind.HAND_NOTE: ("user-check", gettext_lazy("Acknowledge the hand-over by %(at)s")),
    DeadlineKind.VERIFY: ("clipboard-check", gettext_lazy("Verify by %(at)s")),
}
_MISSED: dict[str, tuple[str, Promise]] = {
    DeadlineKind.FIRST_HOUR: ("alert-octagon", gettext_lazy("First hour missed by %(left)s")),
    DeadlineKind.UPDATE: ("alert-octagon", gettext_lazy("Update %(left)s overdue")),
    DeadlineKind.HAND_OFF: ("user-question", gettext_lazy("Hand-off not accepted")),
    DeadlineKind.HAND_NOTE: ("user-question", gettext_lazy("Hand-over not acknowledged")),
    DeadlineKind.VERIFY: ("alert-octagon", gettext_lazy("Not verified, %(left)s over")),
    DeadlineKind.CLOSING: ("hourglass", gettext_lazy("Close is %(left)s overdue")),
}


def need(escalation: Escalation, user: User, now: datetime) -> Need:
    """Of one `with_card`."""
    if escalation.state == State.REQUESTED:
        return _decision(escalation, user, now)
    for deadline in pressing(escalation):
        late = deadline.due_at <= now
        found = (_MISSED if late else _RUNNING).get(deadline.kind)
        if found is not None:
            known = {"left": words(deadline.due_at - now), "at": clock_text(deadline.due_at, now)}
            soon = "warn" if deadline.due_at - now <= SOON else ""
            return Need(found[0], str(found[1]) % known, "breach" if late else soon)
    return _without_a_clock(escalation)


def pressing(escalation: Escalation) -> list[Deadline]:
    """What somebody waits for at its state, the first on top."""
    return [one for one in escalation.deadlines.all() if escalation.state in PRESSES_IN.get(one.kind, ())]


def _without_a_clock(escalation: Escalation) -> Need:
    if not escalation.is_acknowledged and (escalation.state == State.INITIATED or escalation.lapsed_at):
        return Need("user-check", _("Acknowledge it"), "warn")
    if escalation.state == State.RESOLVED and escalation.access_open:
        restored = escalation.affected_count - escalation.access_open
        known = {"n": restored, "all": escalation.affected_count}
        return Need("key", _("%(n)d of %(all)d have access again") % known)
    icon, what = _NEEDS[escalation.state]
    return Need(icon, str(what))


def _decision(escalation: Escalation, user: User, now: datetime) -> Need:
    due = next((one.due_at for one in pressing(escalation)), None)
    mine = escalation.decider_id == user.pk
    who = _("You decide") if mine else _("%(name)s decides") % {"name": escalation.decider or _("A manager")}
    if due is None:
        return Need("gavel", who)
    late = due <= now
    tone = "breach" if late else ("warn" if mine else "")
    return Need("gavel", _("%(who)s, wanted by %(at)s") % {"who": who, "at": clock_text(due, now)}, tone)
