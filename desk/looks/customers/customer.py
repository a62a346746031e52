"""A customer as colleagues see him (R73, R90): who he is, what is open, what has gone wrong lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.languages import language_name
from common.questions import Question, Statement
from desk.looks.addresses import address
from desk.templatetags.desk_look import bounded
from escalation.models import Escalation
from escalation.querysets import EscalationQuerySet
from people.models import Organisation, User
from tickets.models import Rating, Ticket
from tickets.querysets import TicketQuerySet
from tickets.satisfaction import GOOD
from tickets.tally import MOST, counting

LATELY = timedelta(days=90)
FEW_TICKETS = 4
FEW_PEOPLE = 4
FEW_ESCALATIONS = 3


@dataclass(frozen=True, slots=True)
class CustomerLook:
    """The panel beside a ticket: the organisation, or the person alone where there is none."""

    who: str
    url: str
    tier: str
    facts: list[tuple[str, str]]
    open: list[Ticket]
    open_more: int
    open_url: str
    escalations: list[Escalation]
    others: list[User]
    others_more: bool


class _Counts(NamedTuple):
    open: int
    tickets: int
    escalations: int
    ever: int
    ratings: int


def beside_ticket(ticket: Ticket, user: User, now: datetime) -> CustomerLook:
    """What of it this reader may see; five queries, however old the customer is, fewer where there is nothing."""
    person, organisation = ticket.requester, ticket.organisation
    whole, role, since = organisation is not None, user.role, now - LATELY
    of, reader = (organisation or person).pk, user.pk
    counts = _Counts(*_counted.fetch(ticket.pk, of, reader, since, whole=whole, role=role)[0])
    few = _also_open.rows(ticket.pk, of, reader, whole=whole, role=role) if counts.open else []
    others = _others.rows(person.pk, person.organisation_id) if person.organisation_id is not None else []
    return CustomerLook(
        who=organisation.name if organisation else person.name,
        url=customer_url(person, organisation),
        tier=organisation.tier if organisation else "",
        facts=[
            *customer_facts(ticket),
            (_("Last 90 days"), _lately(counts)),
            (_("Satisfaction"), _satisfied(of, reader, since, whole, role) if counts.ratings else "—"),
        ],
        open=few,
        open_more=counts.open - len(few),
        open_url=open_url(person) if organisation is None else customer_url(person, organisation) + "#open",
        escalations=_last_escalations.rows(of, reader, whole=whole, role=role) if counts.ever else [],
        others=others[:FEW_PEOPLE],
        others_more=len(others) > FEW_PEOPLE,
    )


# Below, `of` is the key of the organisation if the customer is a `whole` one, else of the person.


def _tickets(of: int, reader: int, whole: bool, role: str) -> TicketQuerySet:
    seen = Ticket.objects.visible_to(User(pk=reader, role=role))
    return seen.filter(organisation=of) if whole else seen.filter(requester=of)


def _escalations(tickets: TicketQuerySet) -> EscalationQuerySet:
    return Escalation.objects.filter(ticket__in=tickets.values("pk"))


def _ratings(tickets: TicketQuerySet, of: int, since: datetime, whole: bool) -> "QuerySet[Rating]":
    said = Rating.objects.filter(organisation=of) if whole else Rating.objects.filter(by=of)
    return said.filter(changed_at__gte=since, ticket__in=tickets.values("pk"))


@Statement
def _counted(
    ticket: int, of: int, reader: int, since: datetime, *, whole: bool, role: str
) -> tuple[str, Sequence[Any]]:
    tickets = _tickets(of, reader, whole, role)
    escalations = _escalations(tickets)
    counts = {
        "open": tickets.active().exclude(pk=ticket),
        "tickets": tickets.filter(created_at__gte=since),
        "escalations": escalations.filter(opened_at__gte=since),
        "ever": escalations,
        "ratings": _ratings(tickets, of, since, whole),
    }
    return counting(counts[name] for name in _Counts._fields)


@Question
def _scores(of: int, reader: int, since: datetime, *, whole: bool, role: str) -> "QuerySet[Rating, tuple[int, int]]":
    """How many gave each."""
    said = _ratings(_tickets(of, reader, whole, role), of, since, whole)
    return said.order_by().values_list("score").annotate(Count("pk"))


@Question
def _also_open(ticket: int, of: int, reader: int, *, whole: bool, role: str) -> TicketQuerySet:
    found = _tickets(of, reader, whole, role).active().exclude(pk=ticket)
    return found.only("subject", "priority").order_by("-number")[:FEW_TICKETS]


@Question
def _last_escalations(of: int, reader: int, *, whole: bool, role: str) -> EscalationQuerySet:
    found = _escalations(_tickets(of, reader, whole, role)).only("state", "opened_at")
    return found.order_by("-opened_at", "-number")[:FEW_ESCALATIONS]


@Question
def _others(person: int, organisation: int) -> "QuerySet[User]":
    found = User.objects.active().filter(organisation=organisation).exclude(pk=person)
    return found.only("name").order_by("name", "pk")[: FEW_PEOPLE + 1]


def customer_facts(ticket: Ticket) -> list[tuple[str, str]]:
    person, organisation = ticket.requester, ticket.organisation
    facts = [(_("Contact"), f"{person.name}, {language_name(person.language)}"), (_("E-mail"), person.email)]
    return facts if organisation is None else [*facts, *organisation_facts(organisation)]


def organisation_facts(organisation: Organisation) -> list[tuple[str, str]]:
    """What is known of it, as far as somebody has filled it in."""
    facts = []
    if organisation.value:
        facts.append((_("Value"), organisation.value))
    if organisation.contract:
        facts.append((_("Contract"), organisation.contract))
    if organisation.since:
        facts.append((_("Since"), str(organisation.since.year)))
    so_far = _("%(escalations)s, %(breaches)s") % {
        "escalations": ngettext("%(n)d escalation", "%(n)d escalations", organisation.escalation_count)
        % {"n": organisation.escalation_count},
        "breaches": ngettext("%(n)d missed promise", "%(n)d missed promises", organisation.breach_count)
        % {"n": organisation.breach_count},
    }
    return [*facts, (_("So far"), so_far)]


def customer_url(person: User, organisation: Organisation | None) -> str:
    if organisation is not None:
        return address("desk:customer", organisation.pk)
    return address("desk:customer_person", person.pk)


def open_url(person: User) -> str:
    """The inbox with what is open of one person."""
    return f"{address('desk:inbox')}?{urlencode({'q': f'is:open requester:{person.email}'})}"


def _satisfied(of: int, reader: int, since: datetime, whole: bool, role: str) -> str:
    """The share of good answers, and of how many."""
    scores = dict(_scores.rows(of, reader, since, whole=whole, role=role))
    found = {"all": sum(scores.values()), "good": sum(many for score, many in scores.items() if score >= GOOD)}
    share = _("%(share)d%% of %(n)d") % {"share": round(100 * found["good"] / found["all"]), "n": found["all"]}
    return _("%(share)s, last 90 days") % {"share": share}


def _lately(counts: _Counts) -> str:
    tickets, escalations = counts.tickets, counts.escalations
    return _("%(tickets)s, %(escalations)s") % {
        "tickets": ngettext("%(n)s ticket", "%(n)s tickets", min(tickets, MOST)) % {"n": bounded(tickets)},
        "escalations": ngettext("%(n)s escalation", "%(n)s escalations", min(escalations, MOST))
        % {"n": bounded(escalations)},
    }
