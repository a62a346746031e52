"""From a ticket to facts, one by one and in bulk, and to the rule that places it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.people import make_team
from tickets import conditions
from tickets.matching import facts_of, facts_of_many
from tickets.models import RoutingRule, Tag, Ticket
from tickets.routing.placing import place


@pytest.fixture
def risk(db):
    return make_team("Risk")


def make_rule(team, conditions, *, order=100, name="", **fields):
    return RoutingRule.objects.create(
        name=name or team.name,
        actions=[{"do": "team", "value": team.slug}],
        conditions=conditions,
        order=order,
        **fields,
    )


def test_facts_are_what_is_known_of_the_ticket(open_ticket, cora):
    cora.organisation.contract, cora.language = "Gold 2026", "pt-br"
    cora.organisation.save()
    cora.save()
    ticket = open_ticket(subject="Stuck", body="Since noon.", tags=["VIP"], kind="incident", fields={"amount": 5})

    facts = facts_of(Ticket.objects.get(number=ticket.number))

    assert facts == conditions.Facts(
        priority="normal",
        kind="incident",
        channel="web",
        team="payments",
        tier="enterprise",
        organisation="livraria-aurora",
        contract="Gold 2026",
        language="pt-br",
        tags=frozenset({"vip"}),
        subject="Stuck",
        text="Since noon.",
        fields={"amount": 5},
        sender=cora.email,
    )


def test_in_bulk_they_are_the_same(open_ticket, stan, anna, at):
    tickets = [open_ticket(tags=["a", "b"]), open_ticket(requester=stan), open_ticket(subject="Café")]
    tickets[0].messages.create(author=anna, body="An answer.", created_at=at)
    tickets[1].messages.create(author=anna, body="A note.", is_public=False, created_at=at)

    found = dict(facts_of_many(Ticket.objects.all()))

    assert found == {ticket.number: facts_of(Ticket.objects.get(number=ticket.number)) for ticket in tickets}


@pytest.mark.parametrize("count", [1, 3])
def test_in_bulk_they_cost_the_same_few_questions(count, open_ticket, django_assert_num_queries):
    for _number in range(count):
        open_ticket(tags=["a"])

    # The numbers, tags, texts, rows; and no further numbers.
    with django_assert_num_queries(5):
        assert len(list(facts_of_many(Ticket.objects.all()))) == count
    with django_assert_num_queries(3):
        list(facts_of_many(Ticket.objects.all(), asked={"priority"}))


def test_what_no_rule_asks_for_is_not_looked_up(open_ticket):
    number = open_ticket(tags=["a"]).number
    people = ("team", "tier", "language")

    costs = []
    for asked in ((), ("tier",), people, ("tags",), (*people, "tags", "keywords")):
        ticket = Ticket.objects.get(number=number)
        with CaptureQueriesContext(connection) as queries:
            facts_of(ticket, asked=asked)
        costs.append(len(queries))

    assert costs == [0, 1, 1, 1, 3]


def test_a_rule_may_ask_for_tags_that_a_new_ticket_brings_along(open_ticket, risk):
    make_rule(risk, {"tags": ["chargeback"]})

    assert open_ticket(tags=["Chargeback "]).team == risk
    assert open_ticket(tags=["other"]).team.slug == "payments"
    assert set(Tag.objects.values_list("name", flat=True)) == {"chargeback", "other"}


def test_order_decides_and_among_equals_the_more_specific(risk, payments):
    other = make_team("Other")
    make_rule(other, {"priority": ["urgent"]}, order=20, name="late")
    make_rule(payments, {}, order=10, name="all")
    make_rule(risk, {"priority": ["urgent"]}, order=10, name="urgent")

    urgent = place(conditions.Facts(priority="urgent", channel="web"))
    low = place(conditions.Facts(priority="low", channel="web"))

    assert (urgent.team, urgent.rule, low.rule) == (risk, "urgent", "all")


def test_a_rule_that_is_off_places_nothing(risk, payments):
    make_rule(risk, {}, is_enabled=False)

    placed = place(conditions.Facts(priority="low", channel="web"))

    assert (placed.team, placed.rule) == (payments, "")


def test_a_rule_that_was_just_changed_holds_for_the_next_ticket(open_ticket, risk, payments):
    rule = make_rule(risk, {"priority": ["normal"]})
    assert open_ticket().team == risk

    RoutingRule.objects.filter(pk=rule.pk).update(conditions={"priority": ["urgent"]})
    assert open_ticket().team == payments

    rule.delete()
    assert open_ticket(priority="urgent").team == payments


def test_a_ticket_has_a_team_of_its_own_and_asks_it_who_leads_it(open_ticket, payments, rosa):
    first = open_ticket()
    assert first.team.lead == rosa
    rosa.name = "Rosa Prado"
    rosa.save()

    assert open_ticket().team.lead.name == "Rosa Prado"
