"""The escalations that are alive, by step: five figures over all of them, five lanes with the most pressing, lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.looks.escalations.needs import Need, need
from desk.looks.escalations.plot import PlotLook, Stay, plot
from desk.looks.escalations.steps import SOON
from desk.looks.inbox.counts import teams_of
from desk.templatetags.desk_time import short, words
from escalation.deadlines.winding import CLOSE_WITHIN
from escalation.enums import LIVE_STATES, State
from escalation.models import Escalation
from escalation.overview import (
    Card,
    Facts,
    Figures,
    Horizon,
    Mark,
    Pressing,
    Since,
    cards,
    glance,
    oldest_resolved,
    owing,
    page_of,
)
from escalation.permissions import alerted_among
from escalation.querysets import EscalationQuerySet
from escalation.spells import FEWEST, Pace, paces
from people.models import User

IN_LANE = 8
LONGEST = 6
"""Of each step, drawn in the plot besides those that have a card."""
PAGE = 50
ENDED_MOST = 100


@dataclass(frozen=True, slots=True)
class Narrow:
    """What of all live escalations is asked for; empty for all of them."""

    mine: bool = False
    team: str = ""
    severity: str = ""
    tier: str = ""
    text: str = ""
    owing_until: datetime | None = None
    """Only what owes something by then."""


EVERYTHING = Narrow()


@dataclass(frozen=True, slots=True)
class CardLook:
    """Ready for a template that draws dozens of them."""

    number: int
    reference: str
    state: str
    severity: int
    summary: str
    trend: str
    url: str
    customer: str
    others: str
    manager: str
    since: str
    need: Need
    take_url: str
    """Where the reader may acknowledge it, and nobody has."""


@dataclass(frozen=True, slots=True)
class LaneLook:
    state: str
    name: str
    step: int
    pace: str
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
    plot: PlotLook


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

    facts: Facts
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


def board(user: User, now: datetime, narrow: Narrow = EVERYTHING) -> BoardLook:
    """The first of each lane, by severity and then by time left. As many queries for one as for thousands."""
    told, marks = glance(_live(user, narrow), user, _horizon(now), first=IN_LANE, oldest=LONGEST)
    shown = _cards([mark.number for mark in marks if mark.place <= IN_LANE], user, now)
    # Of a part of the desk it is how long that part takes, as far as this reader sees it.
    seen = Escalation.objects.visible_to(user)
    pace = paces(now, None if narrow == EVERYTHING else _narrowed(seen, user, narrow))
    lanes = [
        LaneLook(
            state=state,
            name=str(name),
            step=number,
            pace=_pace(state, pace[state]),
            cards=[card for card in shown if card.state == state],
            count=told.by_state[state],
        )
        for number, (state, name) in enumerate(_LANES)
    ]
    return BoardLook(lanes, _tiles(told, now), told.open, _plot(marks, pace, now))


def listed(user: User, now: datetime, narrow: Narrow = EVERYTHING, *, step: str = "", page: int = 1) -> ListLook:
    """The same in one order, a page at a time; of one step alone where `step` is its state."""
    found = _live(user, narrow)
    told, numbers = page_of(found, user, _horizon(now), step=step, start=(max(1, page) - 1) * PAGE, most=PAGE)
    count = told.by_state[step] if step else told.open
    pages = max(1, -(-count // PAGE))
    if page > pages:
        return listed(user, now, narrow, step=step, page=pages)
    return ListLook(_cards(numbers, user, now), _tiles(told, now), count, max(1, page), pages)


def ageing(user: User, now: datetime, narrow: Narrow = EVERYTHING) -> list[OldLook]:
    """What is resolved and not closed, the oldest first (R55)."""
    return [_old(facts, now) for facts in oldest_resolved(_live(user, narrow), ENDED_MOST)]


def ended(user: User) -> list[Escalation]:
    """Closed, declined and withdrawn ones, the newest first."""
    over = Escalation.objects.visible_to(user).exclude(state__in=LIVE_STATES)
    return list(over.with_people().order_by(F("closed_at").desc(nulls_last=True), "-number")[:ENDED_MOST])


def _live(user: User, narrow: Narrow) -> EscalationQuerySet:
    return _narrowed(Escalation.objects.visible_to(user).live(), user, narrow)


def _narrowed(found: EscalationQuerySet, user: User, narrow: Narrow) -> EscalationQuerySet:
    if narrow.mine:
        teams = teams_of(user)
        found = found.filter(
            Q(manager=user) | Q(decider=user) | Q(team__in=teams) | Q(ticket__team__in=teams) | Q(ticket__assignee=user)
        )
    if narrow.team:
        found = found.filter(Q(team__slug=narrow.team) | Q(ticket__team__slug=narrow.team))
    if narrow.severity:
        found = found.filter(severity=int(narrow.severity))
    if narrow.tier:
        found = found.of_tier(narrow.tier)
    if narrow.owing_until:
        found = owing(found, narrow.owing_until)
    return found.saying(narrow.text)


def _horizon(now: datetime) -> Horizon:
    return Horizon(hour_until=now + SOON, update_until=now)


def _cards(numbers: Sequence[int], user: User, now: datetime) -> list[CardLook]:
    found = cards(numbers)
    waiting = alerted_among(user, [card for card in found if card.waits])
    addresses = _Addresses()
    return [_card(card, user, now, addresses, waits=card.facts.number in waiting) for card in found]


def _card(card: Card, user: User, now: datetime, addresses: "_Addresses", *, waits: bool) -> CardLook:
    facts = card.facts
    return CardLook(
        number=facts.number,
        reference=card.reference,
        state=facts.state,
        severity=facts.severity,
        summary=facts.summary,
        trend=facts.trend,
        url=addresses.of(facts.state, facts.number),
        customer=facts.customer,
        others=f"+{facts.affected_count - 1}" if facts.affected_count > 1 else "",
        manager=facts.manager,
        since=short(now - facts.step_since),
        need=need(card, user, now),
        take_url=addresses.take(facts.number) if waits else "",
    )


class _Addresses:
    """Of very many escalations: each is looked up once, and then differs by its number."""

    def __init__(self) -> None:
        self._room = reverse("desk:escalation", args=[0])
        self._decision = reverse("desk:decision", args=[0])
        self._take = reverse("desk:escalation_verb", args=[0, "acknowledge"])

    def of(self, state: str, number: int) -> str:
        return (self._decision if state == State.REQUESTED else self._room).replace("/0/", f"/{number}/")

    def take(self, number: int) -> str:
        return self._take.replace("/0/", f"/{number}/")


def _pace(state: str, pace: Pace) -> str:
    if pace.median is None:
        return _("no median yet, %(of)d of %(wanted)d") % {"of": pace.of, "wanted": FEWEST}
    known = {"time": short(pace.median)}
    return (_("median %(time)s before a decision") if state == State.REQUESTED else _("median %(time)s")) % known


def _plot(marks: Iterable[Mark], pace: Mapping[str, Pace], now: datetime) -> PlotLook:
    stays: dict[str, list[Stay]] = {state: [] for state in STEPS}
    addresses = _Addresses()
    for mark in marks:
        url = addresses.of(mark.state, mark.number)
        stays[mark.state].append(Stay(f"E-{mark.number}", url, mark.severity, now - mark.step_since))
    names = {state: str(name) for state, name in STEPS.items()}
    return plot(names, stays, {state: pace[state].median for state in STEPS})


def customer_of(escalation: Escalation) -> str:
    ticket = escalation.ticket
    return ticket.organisation.name if ticket.organisation else ticket.requester.name


def _old(facts: Facts, now: datetime) -> OldLook:
    age = now - (facts.resolved_at or facts.step_since)
    goal = CLOSE_WITHIN[facts.severity]
    return OldLook(
        facts=facts,
        age=short(age),
        goal=short(goal),
        over=short(age - goal) if age > goal else "",
        waits=", ".join(_waits(facts)),
    )


def _waits(facts: Facts) -> Sequence[str]:
    """The first things that its close asks for, as far as the row itself tells."""
    access = {"n": facts.access_open, "all": facts.affected_count}
    waits = {
        _("verification"): facts.verified_at is None,
        _("access of %(n)d of %(all)d") % access: facts.access_open > 0,
        _("its cause"): not facts.cause,
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
