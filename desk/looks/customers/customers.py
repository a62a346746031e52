"""The customers of the desk: lists by name, a page at a time, and one organisation or person with what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common.spelling import spelt
from desk.looks.customers.customer import organisation_facts
from desk.looks.inbox.rows import RowLook, rows_of, tickets_of
from desk.templatetags.desk_time import city
from escalation.models import Escalation
from people.enums import Role
from people.models import Organisation, User
from tickets.models import Ticket
from tickets.queue import Group
from tickets.tally import tallies, tally

PAGE = 50
QUERY_LIMIT = 100


class Line(NamedTuple):
    """One row of either list; `open` is what this reader may see."""

    url_name: str
    pk: int
    name: str
    tier: str
    detail: str
    people: int | None
    open: int


@dataclass(frozen=True, slots=True)
class ListLook:
    lines: list[Line]
    total: int
    after: int | None


@dataclass(frozen=True, slots=True)
class OneLook:
    """An organisation or a person: what is known, who belongs to it, what is open, what was escalated."""

    name: str
    tier: str
    facts: list[tuple[str, str]]
    people: list[User]
    people_count: int
    rows: list[RowLook]
    open_count: int
    escalations: list[Escalation]


def organisations(user: User, q: str, after: int | None) -> ListLook:
    """Six queries, however many there are."""
    found = Organisation.objects.all()
    if q:
        someone = User.objects.filter(organisation=OuterRef("pk"), email__icontains=q)
        found = found.filter(says("name", q) | Exists(someone))
    page = _page(found, after)
    visible = Ticket.objects.visible_to(user).active()
    counted = tallies(
        {f"open {one.pk}": visible.filter(organisation=one.pk) for one in page}
        | {f"people {one.pk}": User.objects.filter(organisation=one.pk) for one in page}
    )
    lines = [
        Line(
            "desk:customer",
            one.pk,
            one.name,
            one.tier,
            one.value,
            counted[f"people {one.pk}"],
            counted[f"open {one.pk}"],
        )
        for one in page[:PAGE]
    ]
    return ListLook(lines, tally(found), page[PAGE - 1].pk if len(page) > PAGE else None)


def people(user: User, q: str, after: int | None) -> ListLook:
    """The same for people."""
    found = User.objects.active().filter(role=Role.CUSTOMER).select_related("organisation")
    if q:
        found = found.filter(says("name", q) | Q(email__icontains=q) | says("organisation__name", q))
    page = _page(found, after)
    visible = Ticket.objects.visible_to(user).active()
    counted = tallies({str(one.pk): visible.filter(requester=one.pk) for one in page})
    lines = [
        Line(
            "desk:customer_person",
            one.pk,
            one.name,
            one.organisation.tier if one.organisation else "",
            " · ".join(filter(None, [one.organisation.name if one.organisation else "", one.email])),
            None,
            counted[str(one.pk)],
        )
        for one in page[:PAGE]
    ]
    return ListLook(lines, tally(found), page[PAGE - 1].pk if len(page) > PAGE else None)


def switched_off(user: User, q: str, after: int | None) -> ListLook:
    """Contacts who are let in no more, for administrators; two queries."""
    found = User.objects.filter(role=Role.CUSTOMER, is_active=False, erased_at=None)
    if q:
        found = found.filter(says("name", q) | Q(email__icontains=q))
    page = _page(found, after)
    lines = [Line("desk:contact_edit", one.pk, one.name, "", one.email, None, 0) for one in page[:PAGE]]
    return ListLook(lines, tally(found), page[PAGE - 1].pk if len(page) > PAGE else None)


def one_organisation(organisation: Organisation, user: User, now: datetime) -> OneLook:
    everybody = User.objects.active().filter(organisation=organisation).order_by("name", "pk")
    tickets = Ticket.objects.visible_to(user).filter(organisation=organisation)
    return _one(organisation.name, organisation.tier, organisation_facts(organisation), tickets, everybody, now)


def one_person(person: User, user: User, now: datetime) -> OneLook:
    organisation = person.organisation
    facts = [
        (_("E-mail"), person.email),
        (_("Language"), person.get_language_display()),
        (_("Zone"), city(person.time_zone)),
    ]
    tickets = Ticket.objects.visible_to(user).filter(requester=person)
    others = User.objects.active().filter(organisation=organisation).exclude(pk=person.pk).order_by("name", "pk")
    tier = organisation.tier if organisation else ""
    return _one(person.name, tier, facts, tickets, others if organisation else User.objects.none(), now)


def _one(
    name: str,
    tier: str,
    facts: list[tuple[str, str]],
    tickets: Any,
    everybody: "QuerySet[User]",
    now: datetime,
) -> OneLook:
    counted = tallies({"open": tickets.active(), "people": everybody})
    by_due = [F("severity").asc(nulls_last=True), F("next_due_at").asc(nulls_last=True), "number"]
    numbers = list(tickets.active().order_by(*by_due).values_list("number", flat=True)[:PAGE])
    placed = [(ticket, Group.NEXT, "") for ticket in tickets_of(numbers)]
    escalations = Escalation.objects.filter(ticket__in=tickets.values("pk")).select_related("ticket")
    return OneLook(
        name=name,
        tier=tier,
        facts=facts,
        people=list(everybody[:PAGE]),
        people_count=counted["people"],
        rows=rows_of(placed, now),
        open_count=counted["open"],
        escalations=list(escalations.order_by("-opened_at", "-number")[:10]),
    )


def _page(found: Any, after: int | None) -> Sequence[Any]:
    """One more than a page, by name, behind the row `after`."""
    model: type[Model] = found.model
    last = model._default_manager.filter(pk=after).values_list("name", flat=True).first() if after else None
    if last is not None:
        found = found.filter(Q(name__gt=last) | Q(name=last, pk__gt=after))
    return list(found.order_by("name", "pk")[: PAGE + 1])


def says(field: str, words: str) -> Q:
    """Every word somewhere in the field."""
    wanted = Q()
    for word in words.split():
        wanted &= spelt(word, field)
    return wanted
