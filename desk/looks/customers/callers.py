"""Who may be calling: people found by what is typed so far, and what is open of the one who is found."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from desk.looks.customers.customers import says
from people.models import User
from tickets.models import Ticket
from tickets.tally import tally

FEW = 6
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class CallersLook:
    """Either somebody whose address is given in full, with open matters, or people to choose from."""

    person: User | None
    open: list[Ticket]
    open_count: int
    people: list[User]
    asked: bool


def callers(user: User, name: str, email: str) -> CallersLook:
    """Three queries at most. Only tickets that the reader may see count."""
    active = User.objects.active().select_related("organisation")
    person = active.filter(email__iexact=email).first() if email else None
    if person is not None:
        theirs = Q(organisation=person.organisation) if person.organisation else Q(requester=person)
        tickets = Ticket.objects.visible_to(user).active().filter(theirs)
        return CallersLook(person, _first(tickets), tally(tickets), [], True)
    words = (email if len(email) > len(name) else name).strip()
    if len(words) < SHORTEST:
        return CallersLook(None, [], 0, [], False)
    found = active.filter(role="customer").filter(
        says("name", words) | Q(email__icontains=words) | says("organisation__name", words)
    )
    return CallersLook(None, [], 0, list(found.order_by("name", "pk")[:FEW]), True)


def _first(tickets: "QuerySet[Ticket]") -> list[Ticket]:
    return list(tickets.select_related("requester").order_by("-number")[:FEW])
