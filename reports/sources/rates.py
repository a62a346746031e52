"""How many escalations there are for a hundred tickets: by service, team, customer; whose customers they harm (R90)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from escalation.models import AffectedCustomer
from people.enums import Tier
from people.models import Organisation, Team
from reports.figures import names_of
from reports.grounds import cell
from reports.shape import Better, Column, Figure, Measure, Pick, Row, Table, Unit
from tickets.models import Service, TicketService

BY_SERVICE, BY_TEAM, BY_CUSTOMER, BY_TIER = "by_service", "by_team", "by_customer", "by_tier"
FIGURES = (BY_SERVICE, BY_TEAM, BY_CUSTOMER, BY_TIER)
MOST_CUSTOMERS = 30

_Counts = Mapping[Any, int]


def figures(facts: "QuerySet[Any]", tickets: "QuerySet[Any]") -> Iterable[Figure]:
    of, among = facts.count(), tickets.count()
    rate = Measure(_rate(of, among), Unit.RATE, Pick("opened") if of else None)
    yield _figure(BY_SERVICE, _("By service"), rate, _services(facts, tickets))
    yield _figure(BY_TEAM, _("By team"), rate, _teams(facts, tickets))
    yield _figure(BY_CUSTOMER, _("By customer"), rate, _customers(facts, tickets))
    yield _tiers(facts)


def _figure(key: str, title: str, headline: Measure, table: Table) -> Figure:
    return Figure(
        key=key,
        title=title,
        headline=headline,
        note=_("Escalations for a hundred tickets."),
        better=Better.LOWER,
        table=table,
    )


def _services(facts: "QuerySet[Any]", tickets: "QuerySet[Any]") -> Table:
    about = TicketService.objects.order_by().values_list("service")
    of_tickets = dict(about.filter(ticket__in=tickets.values("pk")).annotate(n=Count("ticket", distinct=True)))
    inside = Q(ticket__escalation_facts__in=facts.order_by().values("pk"))
    escalated = dict(about.filter(inside).annotate(n=Count("ticket__escalation_facts", distinct=True)))
    names = names_of(Service, {*of_tickets, *escalated}, "")
    return _table(_("Service"), BY_SERVICE, "service", names, escalated, of_tickets)


def _teams(facts: "QuerySet[Any]", tickets: "QuerySet[Any]") -> Table:
    escalated, of_tickets = _counted(facts, "team"), _counted(tickets, "first_team")
    names = names_of(Team, {*escalated, *of_tickets}, _("No team"))
    return _table(_("Team"), BY_TEAM, "team", names, escalated, of_tickets)


def _customers(facts: "QuerySet[Any]", tickets: "QuerySet[Any]") -> Table:
    """Organisations, those with the most first; with their tier and what they are worth to us (R90)."""
    escalated = _counted(facts.exclude(organisation=None), "organisation")
    most = sorted(escalated, key=lambda key: (-escalated[key], key))[:MOST_CUSTOMERS]
    of_tickets = _counted(tickets.filter(organisation__in=most), "organisation")
    houses = Organisation.objects.in_bulk(most)
    columns = (
        Column("name", _("Customer"), Unit.TEXT),
        Column("tier", _("Tier"), Unit.TEXT),
        Column("value", _("Value to us"), Unit.TEXT),
        Column("of", _("Escalations")),
        Column("rate", _("A hundred tickets"), Unit.RATE),
    )
    rows = [
        Row(
            (house.name, str(Tier(house.tier).label), house.value, of, _rate(of, of_tickets.get(house.pk, 0))),
            {"of": Pick(BY_CUSTOMER, cell(organisation=house.pk))},
        )
        for key in most
        for house, of in [(houses[key], escalated[key])]
    ]
    return Table(columns, tuple(rows))


def _tiers(facts: "QuerySet[Any]") -> Figure:
    """Whom they harm: the customers on each escalation's list, who may be others than who asked."""
    harmed = AffectedCustomer.objects.filter(escalation__in=facts.order_by().values("pk")).order_by()
    tiered = harmed.annotate(tier=Coalesce("person__organisation__tier", Value(Tier.STANDARD.value)))
    people = dict(tiered.values_list("tier").annotate(n=Count("person", distinct=True)))
    own = facts.annotate(tier=Coalesce("organisation__tier", Value(Tier.STANDARD.value)))
    escalated = dict(own.order_by().values_list("tier").annotate(n=Count("pk")))
    columns = (
        Column("name", _("Tier"), Unit.TEXT),
        Column("people", _("Customers affected")),
        Column("of", _("Escalations of theirs")),
    )
    rows = [
        Row((str(tier.label), people.get(tier, 0), escalated.get(tier, 0)), _picks(tier, escalated.get(tier, 0)))
        for tier in reversed(Tier)
        if people.get(tier) or escalated.get(tier)
    ]
    return Figure(
        key=BY_TIER,
        title=_("Customers affected"),
        headline=Measure(sum(people.values()), Unit.COUNT),
        note=_("Each customer once, by tier."),
        better=Better.LOWER,
        table=Table(columns, tuple(rows)),
    )


def _picks(tier: str, of: int) -> dict[str, Pick]:
    return {"of": Pick(BY_TIER, cell(tier=tier))} if of else {}


def _table(head: str, figure: str, by: str, names: Mapping[Any, str], escalated: _Counts, tickets: _Counts) -> Table:
    columns = (
        Column("name", head, Unit.TEXT),
        Column("of", _("Escalations")),
        Column("tickets", _("Tickets")),
        Column("rate", _("A hundred tickets"), Unit.RATE),
    )
    on_tickets = "first_team" if by == "team" else by
    lines = [(key, escalated.get(key, 0), tickets.get(key, 0)) for key in {*escalated, *tickets}]
    lines.sort(key=lambda one: (-one[1], -one[2], names[one[0]]))
    rows = [
        Row(
            (names[key], of, among, _rate(of, among)),
            ({"of": Pick(figure, cell(**{by: key}))} if of else {})
            | ({"tickets": Pick("tickets_opened", cell(**{on_tickets: key}))} if among else {}),
        )
        for key, of, among in lines
    ]
    return Table(columns, tuple(rows))


def _counted(facts: "QuerySet[Any]", by: str) -> dict[Any, int]:
    return dict(facts.order_by().values_list(by).annotate(n=Count("pk")))


def _rate(of: int, among: int) -> float | None:
    return round(of * 100 / among, 1) if among else None
