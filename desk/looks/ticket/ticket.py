"""One ticket: its pickers, its clocks, its escalation and its customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet, prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from chat.models import Post
from common.questions import Question
from desk.looks.addresses import address
from desk.looks.customers.customer import CustomerLook, beside_ticket
from desk.looks.escalations.hand_offs import again_url, came_back, waits_for
from desk.looks.escalations.ladder import RungLook, ladder
from desk.looks.escalations.relations import RelationLook
from desk.looks.escalations.relations import beside_ticket as relations_of
from desk.looks.ticket.belongings import Belongings
from desk.looks.ticket.clocks import Chip, due_first
from desk.looks.ticket.ledgers import ClockLook, clock_looks
from desk.looks.ticket.links import NO_LINKS, LinksLook, links_look
from desk.looks.ticket.team_times import TeamTimes, team_times
from desk.looks.ticket.waits import WaitChoice, choices_of
from escalation.enums import LIVE_STATES
from escalation.models import Escalation, HandOff
from escalation.querysets import EscalationQuerySet
from mailroom.correspondence import sides_of
from mailroom.models import DeliveryFailure, Follower, SideConversation
from people.models import Team, User
from people.querysets import TeamQuerySet
from sla.explain import load_entries
from sla.models import Clock
from sla.querysets import ClockQuerySet
from tickets.actions import VERBS
from tickets.catalogue import services_of
from tickets.enums import Priority
from tickets.models import Rating, Ticket
from tickets.querysets import closed_to
from tickets.tally import tally


class Verb(NamedTuple):
    name: str
    words: Promise

    @property
    def waits(self) -> list[WaitChoice]:
        """What the ticket can stand still for after it."""
        return choices_of(self.name)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """As one picker has them: a verb that sets still is offered with each kind of reason."""
        kinds = [(f"{self.name}:{kind.value}", f"{self.words}: {kind.words}") for kind in self.waits]
        return [(self.name, str(self.words)), *kinds]


_VERB_WORDS = (
    Verb("wait", gettext_lazy("Wait for the customer")),
    Verb("hold", gettext_lazy("Put on hold")),
    Verb("resume", gettext_lazy("Take up again")),
    Verb("solve", gettext_lazy("Solve")),
    Verb("reopen", gettext_lazy("Reopen")),
    Verb("close", gettext_lazy("Close for good")),
)


def verb_words() -> tuple[Verb, ...]:
    """All steps of the state machine, in the words of the pickers."""
    return _VERB_WORDS


@dataclass(frozen=True, slots=True)
class EscalationPanel:
    escalation: Escalation
    url: str
    rungs: list[RungLook]
    may_accept: bool


@dataclass(frozen=True, slots=True)
class SideLook:
    """The sidebar: everything in it may change while the conversation is read."""

    clocks: list[ClockLook]
    teams: TeamTimes | None
    policy: str
    chip: Chip
    escalations: list[EscalationPanel]
    ended: list[Escalation]
    came_back: HandOff | None
    send_again: str
    customer: CustomerLook
    rating: Rating | None
    links: LinksLook
    relations: list[RelationLook]
    watchers: list[User]
    watching: bool
    posts: int
    services: list[str]
    followers: list[Follower]
    third_parties: list[SideConversation]
    failing: DeliveryFailure | None


class Colleague(NamedTuple):
    """Somebody who works here, as the pickers name him."""

    pk: int
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the pickers offer."""

    verbs: list[Verb]
    priorities: tuple[tuple[str, str], ...]
    teams: list[Team]
    people: list[Colleague]

    @property
    def owners(self) -> tuple[tuple[str, str], ...]:
        """As the options of a select."""
        return tuple((person.email, person.name) for person in self.people)

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        return tuple((team.slug, team.name) for team in self.teams)


def choices(ticket: Ticket, user: User) -> Choices:
    possible = {transition.name for transition in ticket.get_available_status_transitions()}  # type: ignore[attr-defined] # added by FSMModelMixin
    return Choices(
        verbs=[verb for verb in _VERB_WORDS if VERBS[verb.name] in possible],
        priorities=tuple((value, str(label)) for value, label in reversed(Priority.choices)),
        teams=teams_offered(user),
        people=colleagues(),
    )


def teams_offered(user: User) -> list[Team]:
    """All but the restricted ones of others."""
    return _teams_offered.rows(user.pk, role=user.role)


@Question
def _teams_offered(reader: int, *, role: str) -> TeamQuerySet:
    user = User(pk=reader, role=role)
    teams = Team.objects.order_by("name")
    return teams if user.is_manager else teams.exclude(pk__in=closed_to(user))


def colleagues() -> list[Colleague]:
    """Everybody who may own a ticket. On a large desk some hundreds: names, not records."""
    return [Colleague(*row) for row in _colleagues.rows()]


@Question
def _colleagues() -> "QuerySet[User, tuple[int, str, str]]":
    return User.objects.active().staff().order_by("name", "pk").values_list("pk", "email", "name")


def side(ticket: Ticket, user: User, now: datetime, has: Belongings) -> SideLook:
    every = _clocks_of(ticket) if has.clocks else []
    clocks = [clock for clock in every if not clock.is_internal]
    load_entries(clocks)
    escalations = _escalations_of(ticket) if has.escalations else []
    back = came_back(ticket, escalations)
    watchers = list(ticket.watchers.order_by("name")) if has.watchers else []
    return SideLook(
        watchers=watchers,
        watching=user in watchers,
        clocks=clock_looks(clocks, now),
        teams=team_times(every, now),
        policy=str(clocks[0].policy_version) if clocks else "",
        chip=due_first([clock for clock in clocks if not clock.is_stopped], now),
        escalations=[_panel(one, user, now) for one in escalations if one.state in LIVE_STATES],
        ended=[one for one in escalations if one.state not in LIVE_STATES],
        came_back=back,
        send_again=again_url(back) if back else "",
        customer=beside_ticket(ticket, user, now),
        rating=Rating.objects.filter(ticket=ticket).first() if has.rating else None,
        links=links_look(ticket, user) if has.links else NO_LINKS,
        relations=relations_of(ticket, user) if has.relations else [],
        posts=tally(Post.objects.about(f"#{ticket.number}")) if has.posts else 0,
        services=[service.name for service in services_of(ticket)] if has.services else [],
        followers=list(ticket.followers.select_related("person")) if has.followers else [],
        third_parties=list(sides_of(ticket)) if has.sides else [],
        failing=failing(ticket) if has.failing else None,
    )


def failing(ticket: Ticket) -> DeliveryFailure | None:
    """Why no mail reaches the customer, as far as is known."""
    return DeliveryFailure.objects.open().of(ticket.requester.email).first()


def _clocks_of(ticket: Ticket) -> list[Clock]:
    """The customer's and the teams'; one query."""
    return _clocks_on.rows(ticket.pk)


@Question
def _clocks_on(ticket: int) -> ClockQuerySet:
    rows = Clock.every.filter(ticket=ticket).order_by("metric", "-cycle")
    return rows.select_related("policy_version__policy", "calendar_version", "responsible_team")


def _escalations_of(ticket: Ticket) -> list[Escalation]:
    found = _escalations_on.rows(ticket.pk)
    prefetch_related_objects(found, "rungs")
    for escalation in found:
        escalation.ticket = ticket
    return found


@Question
def _escalations_on(ticket: int) -> EscalationQuerySet:
    people = ("team", "acknowledged_by", "hand_off__to_team", "hand_off__returned_by")
    return Escalation.objects.filter(ticket=ticket).select_related(*people).order_by("severity", "-number")


def _panel(escalation: Escalation, user: User, now: datetime) -> EscalationPanel:
    url = address("desk:escalation", escalation.number)
    hand_off = getattr(escalation, "hand_off", None)
    may_accept = hand_off is not None and waits_for(hand_off, user)
    return EscalationPanel(escalation, url, ladder(escalation, now), may_accept)
