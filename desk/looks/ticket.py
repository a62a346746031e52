"""One ticket: its pickers, its clocks, its escalation and its customer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from desk.looks.clocks import Chip, due_first
from desk.looks.ladder import RungLook, ladder
from desk.looks.ledgers import ClockLook, clock_looks
from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from people.models import Team, User
from sla.models import Clock
from tickets.actions import VERBS
from tickets.enums import Priority
from tickets.models import Ticket


class Verb(NamedTuple):
    name: str
    words: Promise


_VERB_WORDS = (
    Verb("wait", gettext_lazy("Wait for the customer")),
    Verb("hold", gettext_lazy("Put on hold")),
    Verb("resume", gettext_lazy("Take up again")),
    Verb("solve", gettext_lazy("Solve")),
    Verb("reopen", gettext_lazy("Reopen")),
    Verb("close", gettext_lazy("Close for good")),
)


@dataclass(frozen=True, slots=True)
class EscalationPanel:
    escalation: Escalation
    url: str
    rungs: list[RungLook]


@dataclass(frozen=True, slots=True)
class SideLook:
    """The sidebar: everything in it may change while the conversation is read."""

    clocks: list[ClockLook]
    policy: str
    chip: Chip
    escalations: list[EscalationPanel]
    ended: list[Escalation]
    who: str
    customer: list[tuple[str, str]]
    open_url: str
    open_text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the pickers offer."""

    verbs: list[Verb]
    priorities: list[tuple[str, str]]
    teams: list[Team]
    people: list[User]


def choices(ticket: Ticket, user: User) -> Choices:
    possible = {transition.name for transition in ticket.get_available_status_transitions()}  # type: ignore[attr-defined] # added by FSMModelMixin
    teams = Team.objects.order_by("name")
    if not user.is_manager:
        mine = Q(restricted=False) | Q(members=user) | Q(lead=user)
        teams = teams.filter(mine).distinct()
    return Choices(
        verbs=[verb for verb in _VERB_WORDS if VERBS[verb.name] in possible],
        priorities=[(value, str(label)) for value, label in reversed(Priority.choices)],
        teams=list(teams),
        people=list(User.objects.active().staff().order_by("name")),
    )


def side(ticket: Ticket, user: User, now: datetime) -> SideLook:
    clocks = list(_clocks_of(ticket))
    escalations = list(
        Escalation.objects.with_people()
        .select_related("acknowledged_by")
        .prefetch_related("rungs")
        .filter(ticket=ticket)
        .order_by("severity", "-number")
    )
    for escalation in escalations:
        escalation.ticket = ticket
    return SideLook(
        clocks=clock_looks(clocks, now),
        policy=str(clocks[0].policy_version) if clocks else "",
        chip=due_first([clock for clock in clocks if not clock.is_stopped], now),
        escalations=[_panel(one, now) for one in escalations if one.state in LIVE_STATES],
        ended=[one for one in escalations if one.state not in LIVE_STATES],
        who=ticket.organisation.name if ticket.organisation else ticket.requester.name,
        customer=customer_facts(ticket),
        **_open_tickets(ticket, user),
    )


def _clocks_of(ticket: Ticket) -> Any:
    entries = ("entries__policy_version__policy", "entries__calendar_version", "entries__by")
    clocks = Clock.objects.filter(ticket=ticket).select_related("policy_version__policy", "calendar_version")
    return clocks.prefetch_related("entries", *entries).order_by("metric", "-cycle")


def _panel(escalation: Escalation, now: datetime) -> EscalationPanel:
    return EscalationPanel(escalation, reverse("desk:escalation", args=[escalation.number]), ladder(escalation, now))


def customer_facts(ticket: Ticket) -> list[tuple[str, str]]:
    person, organisation = ticket.requester, ticket.organisation
    facts = [(_("Contact"), f"{person.name}, {person.get_language_display()}"), (_("E-mail"), person.email)]
    if organisation is None:
        return facts
    if organisation.value:
        facts.append((_("Value"), organisation.value))
    if organisation.since:
        facts.append((_("Since"), str(organisation.since.year)))
    so_far = _("%(escalations)s, %(breaches)s") % {
        "escalations": ngettext("%(n)d escalation", "%(n)d escalations", organisation.escalation_count)
        % {"n": organisation.escalation_count},
        "breaches": ngettext("%(n)d missed promise", "%(n)d missed promises", organisation.breach_count)
        % {"n": organisation.breach_count},
    }
    return [*facts, (_("So far"), so_far)]


def _open_tickets(ticket: Ticket, user: User) -> dict[str, str]:
    """How many more of the same person are open, and where they are listed."""
    count = Ticket.objects.visible_to(user).active().filter(requester=ticket.requester).count()
    query = urlencode({"q": f"is:open requester:{ticket.requester.email}"})
    text = ngettext("%(n)d open ticket", "%(n)d open tickets", count) % {"n": count}
    return {"open_url": f"{reverse('desk:inbox')}?{query}", "open_text": text}
