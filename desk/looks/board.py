"""The escalations that are alive, by step: five figures over all of them, five lanes with the most pressing, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.counts import teams_of
from desk.looks.needs import Need, need
from desk.looks.steps import SOON
from desk.templatetags.desk_time import short, words
from escalation.deadlines.winding import CLOSE_WITHIN
from escalation.enums import LIVE_STATES, State
from escalation.models import Escalation
from escalation.overview import Figures, Pressing, Since, figures, first_of_each, in_order, with_card
from escalation.querysets import EscalationQuerySet
from people.models import User

IN_LANE = 10
PAGE = 50
ENDED_MOST = 100


@dataclass(frozen=True, slots=True)
class CardLook:
    escalation: Escalation
    url: str
    customer: str
    others: int
    since: str
    need: Need


@dataclass(frozen=True, slots=True)
class LaneLook:
    state: str
    name: str
    step: int
    cards: list[CardLook]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.cards)


@dataclass(frozen=True, slots=True)
class Tile:
    label: str
    figure: int
    note: str = ""
    tone: str = ""
    look: str = ""
    """The list that it stands for, where there is one."""


@dataclass(frozen=True, slots=True)
class BoardLook:
    lanes: list[LaneLook]
    tiles: list[Tile]
    count: int


@dataclass(frozen=True, slots=True)
class ListLook:
    cards: list[CardLook]
    tiles: list[Tile]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OldLook:
    """One that is resolved and not closed: how long, against its goal, and what its close waits for."""

    escalation: Escalation
    age: str
    goal: str
    over: str
    waits: str


_LANES: tuple[tuple[State, Promise], ...] = (
    (State.REQUESTED, gettext_lazy("Requested")),
    (State.INITIATED, gettext_lazy("Initiate")),
    (State.COMMUNICATING, gettext_lazy("Communicate")),
    (State.RESOLVING, gettext_lazy("Resolve")),
    (State.RESOLVED, gettext_lazy("Close")),
)
STEPS = {str(state): name for state, name in _LANES}


def board(user: User, now: datetime, *, mine: bool = False, team: str = "") -> BoardLook:
    """The first of each lane, by severity and then by time left. As many queries for one as for thousands."""
    found = _live(user, mine=mine, team=team)
    told = figures(found, user, hour_until=now + SOON, update_until=now)
    shown = [_card(escalation, user, now) for escalation in first_of_each(found, IN_LANE)]
    lanes = [
        LaneLook(
            state=state,
            name=str(name),
            step=number,
            cards=[card for card in shown if card.escalation.state == state],
            count=told.by_state[state],
        )
        for number, (state, name) in enumerate(_LANES)
    ]
    return BoardLook(lanes, _tiles(told, now), told.open)


def listed(user: User, now: datetime, *, mine: bool = False, team: str = "", step: str = "", page: int = 1) -> ListLook:
    """The same in one order, a page at a time; of one step alone where `step` is its state."""
    found = _live(user, mine=mine, team=team)
    told = figures(found, user, hour_until=now + SOON, update_until=now)
    if step:
        found = found.filter(state=step)
    count = told.by_state[step] if step else told.open
    pages = max(1, -(-count // PAGE))
    page = min(max(1, page), pages)
    cards = [_card(one, user, now) for one in in_order(found, start=(page - 1) * PAGE, most=PAGE)]
    return ListLook(cards, _tiles(told, now), count, page, pages)


def ageing(user: User, now: datetime, *, mine: bool = False, team: str = "") -> list[OldLook]:
    """What is resolved and not closed, the oldest first (R55)."""
    found = _live(user, mine=mine, team=team).filter(state=State.RESOLVED)
    rows = with_card(found.order_by("resolved_at", "number"))[:ENDED_MOST]
    return [_old(escalation, now) for escalation in rows]


def ended(user: User) -> list[Escalation]:
    """Closed, declined and withdrawn ones, the newest first."""
    over = Escalation.objects.visible_to(user).exclude(state__in=LIVE_STATES)
    return list(over.with_people().order_by(F("closed_at").desc(nulls_last=True), "-number")[:ENDED_MOST])


def _live(user: User, *, mine: bool, team: str) -> EscalationQuerySet:
    found = Escalation.objects.visible_to(user).live()
    if mine:
        teams = teams_of(user)
        found = found.filter(
            Q(manager=user) | Q(decider=user) | Q(team__in=teams) | Q(ticket__team__in=teams) | Q(ticket__assignee=user)
        )
    if team:
        found = found.filter(Q(team__slug=team) | Q(ticket__team__slug=team))
    return found


def _card(escalation: Escalation, user: User, now: datetime) -> CardLook:
    asked = escalation.state == State.REQUESTED
    return CardLook(
        escalation=escalation,
        url=reverse("desk:decision" if asked else "desk:escalation", args=[escalation.number]),
        customer=customer_of(escalation),
        others=escalation.affected_count - 1,
        since=short(now - escalation.step_since),
        need=need(escalation, user, now),
    )


def customer_of(escalation: Escalation) -> str:
    ticket = escalation.ticket
    return ticket.organisation.name if ticket.organisation else ticket.requester.name


def _old(escalation: Escalation, now: datetime) -> OldLook:
    age = now - (escalation.resolved_at or escalation.step_since)
    goal = CLOSE_WITHIN[escalation.severity]
    return OldLook(
        escalation=escalation,
        age=short(age),
        goal=short(goal),
        over=short(age - goal) if age > goal else "",
        waits=", ".join(_waits(escalation)),
    )


def _waits(escalation: Escalation) -> Sequence[str]:
    """The first things that its close asks for, as far as the row itself tells."""
    access = {"n": escalation.access_open, "all": escalation.affected_count}
    waits = {
        _("verification"): escalation.verified_at is None,
        _("access of %(n)d of %(all)d") % access: escalation.access_open > 0,
        _("its cause"): not escalation.cause,
    }
    return [words for words, is_open in waits.items() if is_open] or [_("whoever closes it")]


def _tiles(told: Figures, now: datetime) -> list[Tile]:
    return [
        Tile(_("Open"), told.open, _("%(n)d at severity 1") % {"n": told.severe}),
        Tile(_("Waiting for your decision"), told.asked.count, _oldest(told.asked, now), "esc", "decisions"),
        Tile(_("First hour at risk"), told.hours.count, _first(told.hours, now), "warn"),
        Tile(_("Updates overdue"), told.updates.count, _first(told.updates, now), "breach"),
        Tile(_("Resolved, not closed"), told.resolved.count, _oldest(told.resolved, now), "", "ageing"),
    ]


def _first(late: Pressing, now: datetime) -> str:
    """Which is the first of them: by how much it is over, or what is left."""
    if late.number is None or late.due_at is None:
        return ""
    left = late.due_at - now
    known = {"ref": f"E-{late.number}", "time": words(left)}
    return (_("%(ref)s, by %(time)s") if left <= timedelta() else _("%(ref)s, %(time)s left")) % known


def _oldest(since: Since, now: datetime) -> str:
    return _("oldest %(age)s") % {"age": short(now - since.oldest)} if since.oldest else ""
