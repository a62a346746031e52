"""What a live escalation needs next, in a few words for its card."""

from datetime import datetime
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.escalations.steps import SOON
from desk.templatetags.desk_time import clock_text, words
from escalation.enums import DeadlineKind, State
from escalation.overview import Card
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


def need(card: Card, user: User, now: datetime) -> Need:
    if card.facts.state == State.REQUESTED:
        return _decision(card, user, now)
    for kind, due_at in card.pressing:
        late = due_at <= now
        found = (_MISSED if late else _RUNNING).get(kind)
        if found is not None:
            known = {"left": words(due_at - now), "at": clock_text(due_at, now)}
            soon = "warn" if due_at - now <= SOON else ""
            return Need(found[0], str(found[1]) % known, "breach" if late else soon)
    return _without_a_clock(card)


def _without_a_clock(card: Card) -> Need:
    facts = card.facts
    if not card.is_acknowledged and (facts.state == State.INITIATED or facts.lapsed_at):
        return Need("user-check", _("Acknowledge it"), "warn")
    if facts.state == State.RESOLVED and facts.access_open:
        known = {"n": facts.affected_count - facts.access_open, "all": facts.affected_count}
        return Need("key", _("%(n)d of %(all)d have access again") % known)
    icon, what = _NEEDS[facts.state]
    return Need(icon, str(what))


def _decision(card: Card, user: User, now: datetime) -> Need:
    due = next((due_at for _kind, due_at in card.pressing), None)
    mine = card.facts.decider_id == user.pk
    who = _("You decide") if mine else _("%(name)s decides") % {"name": card.facts.decider or _("A manager")}
    if due is None:
        return Need("gavel", who)
    late = due <= now
    tone = "breach" if late else ("warn" if mine else "")
    return Need("gavel", _("%(who)s, wanted by %(at)s") % {"who": who, "at": clock_text(due, now)}, tone)
