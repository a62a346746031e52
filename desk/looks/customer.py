"""A customer as colleagues see him (R73, R90): who he is, what is open, what has gone wrong lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.templatetags.desk_look import bounded
from escalation.models import Escalation
from people.models import Organisation, User
from tickets.models import Rating, Ticket
from tickets.satisfaction import GOOD
from tickets.tally import MOST, tallies

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


def beside_ticket(ticket: Ticket, user: User, now: datetime) -> CustomerLook:
    """What of it this reader may see; five queries, however old the customer is, fewer where there is nothing."""
    person, organisation = ticket.requester, ticket.organisation
    tickets = Ticket.objects.visible_to(user).filter(_of(person, organisation, "requester"))
    escalations = Escalation.objects.filter(ticket__in=tickets.values("pk"))
    said = Rating.objects.filter(_of(person, organisation, "by"), changed_at__gte=now - LATELY)
    ratings = said.filter(ticket__in=tickets.values("pk"))
    also_open = tickets.active().exclude(pk=ticket.pk)
    counts = tallies(
        {
            "open": also_open,
            "tickets": tickets.filter(created_at__gte=now - LATELY),
            "escalations": escalations.filter(opened_at__gte=now - LATELY),
            "ever": escalations,
            "ratings": ratings,
        }
    )
    few = list(also_open.only("subject", "priority").order_by("-number")[:FEW_TICKETS]) if counts["open"] else []
    last = escalations.only("state", "opened_at").order_by("-opened_at", "-number")
    others = list(colleagues_of(person).only("name")[: FEW_PEOPLE + 1])
    return CustomerLook(
        who=organisation.name if organisation else person.name,
        url=customer_url(person, organisation),
        tier=organisation.tier if organisation else "",
        facts=[
            *customer_facts(ticket),
            (_("Last 90 days"), _lately(counts)),
            (_("Satisfied"), _satisfied(ratings) if counts["ratings"] else "—"),
        ],
        open=few,
        open_more=counts["open"] - len(few),
        open_url=open_url(person) if organisation is None else customer_url(person, organisation) + "#open",
        escalations=list(last[:FEW_ESCALATIONS]) if counts["ever"] else [],
        others=others[:FEW_PEOPLE],
        others_more=len(others) > FEW_PEOPLE,
    )


def customer_facts(ticket: Ticket) -> list[tuple[str, str]]:
    person, organisation = ticket.requester, ticket.organisation
    facts = [(_("Contact"), f"{person.name}, {person.get_language_display()}"), (_("E-mail"), person.email)]
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


def colleagues_of(person: User) -> Any:
    """Other people of the same organisation."""
    if person.organisation_id is None:
        return User.objects.none()
    return (
        User.objects.active().filter(organisation=person.organisation_id).exclude(pk=person.pk).order_by("name", "pk")
    )


def customer_url(person: User, organisation: Organisation | None) -> str:
    if organisation is not None:
        return reverse("desk:customer", args=[organisation.pk])
    return reverse("desk:customer_person", args=[person.pk])


def open_url(person: User) -> str:
    """The inbox with what is open of one person."""
    return f"{reverse('desk:inbox')}?{urlencode({'q': f'is:open requester:{person.email}'})}"


def _of(person: User, organisation: Organisation | None, field: str) -> Q:
    return Q(organisation=organisation) if organisation else Q(**{field: person})


def _satisfied(ratings: "QuerySet[Rating]") -> str:
    """The share of good answers, and of how many."""
    found = ratings.aggregate(all=Count("pk"), good=Count("pk", filter=Q(score__gte=GOOD)))
    share = _("%(share)d%% of %(n)d") % {"share": round(100 * found["good"] / found["all"]), "n": found["all"]}
    return _("%(share)s, last 90 days") % {"share": share}


def _lately(counts: dict[str, int]) -> str:
    tickets, escalations = counts["tickets"], counts["escalations"]
    return _("%(tickets)s, %(escalations)s") % {
        "tickets": ngettext("%(n)s ticket", "%(n)s tickets", min(tickets, MOST)) % {"n": bounded(tickets)},
        "escalations": ngettext("%(n)s escalation", "%(n)s escalations", min(escalations, MOST))
        % {"n": bounded(escalations)},
    }
