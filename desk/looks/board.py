"""The escalations that are alive, by step: five lanes, five figures, and what each card needs next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.counts import teams_of
from desk.looks.steps import SOON
from desk.templatetags.desk_time import clock_text, short, words
from escalation.enums import OPEN_STATES, DeadlineKind, State
from escalation.models import Deadline, Escalation
from people.models import User

MOST = 300
ENDED_MOST = 100


class Need(NamedTuple):
    icon: str
    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class CardLook:
    escalation: Escalation
    url: str
    customer: str
    since: str
    need: Need


@dataclass(frozen=True, slots=True)
class LaneLook:
    state: str
    name: str
    step: int
    cards: list[CardLook]


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    figure: int
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class BoardLook:
    lanes: list[LaneLook]
    cards: list[CardLook]
    tiles: list[Tile]


_LANES: tuple[tuple[str, Promise], ...] = (
    (State.REQUESTED, gettext_lazy("Requested")),
    (State.INITIATED, gettext_lazy("Initiate")),
    (State.COMMUNICATING, gettext_lazy("Communicate")),
    (State.RESOLVING, gettext_lazy("Resolve")),
    (State.RESOLVED, gettext_lazy("Close")),
)
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
}
_MISSED: dict[str, tuple[str, Promise]] = {
    DeadlineKind.FIRST_HOUR: ("alert-octagon", gettext_lazy("First hour missed by %(left)s")),
    DeadlineKind.UPDATE: ("alert-octagon", gettext_lazy("Update %(left)s overdue")),
    DeadlineKind.HAND_OFF: ("user-question", gettext_lazy("Hand-off not accepted")),
    DeadlineKind.HAND_NOTE: ("user-question", gettext_lazy("Hand-over not acknowledged")),
}


_PRESSES_IN: dict[str, tuple[str, ...]] = {
    DeadlineKind.FIRST_HOUR: (State.INITIATED, State.COMMUNICATING),
    DeadlineKind.HAND_OFF: (State.INITIATED,),
    DeadlineKind.UPDATE: OPEN_STATES,
    DeadlineKind.HAND_NOTE: (*OPEN_STATES, State.RESOLVED),
}


def board(user: User, now: datetime, *, mine: bool = False, team: str = "") -> BoardLook:
    """Live escalations that the reader may see. Four queries, however many there are."""
    found = Escalation.objects.visible_to(user).live().with_people().select_related("decider", "ticket__assignee")
    if mine:
        teams = teams_of(user)
        found = found.filter(
            Q(manager=user) | Q(decider=user) | Q(team__in=teams) | Q(ticket__team__in=teams) | Q(ticket__assignee=user)
        )
    if team:
        found = found.filter(Q(team__slug=team) | Q(ticket__team__slug=team))
    open_deadlines = Deadline.objects.filter(met_at=None, cancelled_at=None).order_by("due_at")
    rows = list(
        found.prefetch_related(Prefetch("deadlines", queryset=open_deadlines)).order_by("severity", "step_since")[:MOST]
    )
    cards = [_card(escalation, user, now) for escalation in rows]
    lanes = [
        LaneLook(state, str(name), number, [card for card in cards if card.escalation.state == state])
        for number, (state, name) in enumerate(_LANES)
    ]
    return BoardLook(lanes, cards, _tiles(rows, user, now))


def ended(user: User) -> list[Escalation]:
    """Closed, declined and withdrawn ones, the newest first."""
    over = Escalation.objects.visible_to(user).exclude(state__in=[state for state, _name in _LANES])
    return list(over.with_people().order_by(F("closed_at").desc(nulls_last=True), "-number")[:ENDED_MOST])


def _card(escalation: Escalation, user: User, now: datetime) -> CardLook:
    ticket = escalation.ticket
    asked = escalation.state == State.REQUESTED
    return CardLook(
        escalation=escalation,
        url=reverse("desk:decision" if asked else "desk:escalation", args=[escalation.number]),
        customer=ticket.organisation.name if ticket.organisation else ticket.requester.name,
        since=short(now - escalation.step_since),
        need=_need(escalation, user, now),
    )


def _need(escalation: Escalation, user: User, now: datetime) -> Need:
    if escalation.state == State.REQUESTED:
        return _decision(escalation, user, now)
    for deadline in _pressing(escalation):
        known = {"left": words(deadline.due_at - now), "at": clock_text(deadline.due_at, now)}
        late = deadline.due_at <= now
        found = (_MISSED if late else _RUNNING).get(deadline.kind)
        if found is not None:
            soon = "warn" if deadline.due_at - now <= SOON else ""
            return Need(found[0], str(found[1]) % known, "breach" if late else soon)
    if escalation.acknowledged_at is None and escalation.state == State.INITIATED:
        return Need("user-check", _("Acknowledge it"), "warn")
    icon, what = _NEEDS[escalation.state]
    return Need(icon, str(what))


def _decision(escalation: Escalation, user: User, now: datetime) -> Need:
    due = next((one.due_at for one in escalation.deadlines.all() if one.kind == DeadlineKind.APPROVAL), None)
    mine = escalation.decider_id == user.pk
    who = _("You decide") if mine else _("%(name)s decides") % {"name": escalation.decider or _("A manager")}
    if due is None:
        return Need("gavel", who)
    late = due <= now
    tone = "breach" if late else ("warn" if mine else "")
    return Need("gavel", _("%(who)s, wanted by %(at)s") % {"who": who, "at": clock_text(due, now)}, tone)


def _tiles(rows: Sequence[Escalation], user: User, now: datetime) -> list[Tile]:
    requested = [one for one in rows if one.state == State.REQUESTED and one.decider_id == user.pk]
    hours = _with(rows, DeadlineKind.FIRST_HOUR, now + SOON)
    updates = _with(rows, DeadlineKind.UPDATE, now)
    resolved = [one for one in rows if one.state == State.RESOLVED]
    severe = sum(one.severity == 1 for one in rows)
    return [
        Tile(_("Open"), len(rows), _("%(n)d at severity 1") % {"n": severe}),
        Tile(_("Waiting for your decision"), len(requested), _oldest(requested, now), "esc"),
        Tile(_("First hour at risk"), len(hours), ", ".join(one.reference for one in hours[:2]), "warn"),
        Tile(_("Updates overdue"), len(updates), ", ".join(one.reference for one in updates[:2]), "breach"),
        Tile(_("Resolved, not closed"), len(resolved), _oldest(resolved, now)),
    ]


def _with(rows: Sequence[Escalation], kind: str, before: datetime) -> list[Escalation]:
    return [row for row in rows if any(one.kind == kind and one.due_at <= before for one in _pressing(row))]


def _pressing(escalation: Escalation) -> list[Deadline]:
    """Those that still ask for something: whoever has entered Resolve has informed everybody, late or not."""
    return [one for one in escalation.deadlines.all() if escalation.state in _PRESSES_IN.get(one.kind, ())]


def _oldest(rows: Sequence[Escalation], now: datetime) -> str:
    if not rows:
        return ""
    age: timedelta = now - min(row.step_since for row in rows)
    return _("oldest %(age)s") % {"age": short(age)}
