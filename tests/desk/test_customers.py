import pytest
from django.urls import reverse

from escalation import services
from tests.desk.helpers import get, queries, signed_in, words
from tests.factories.people import make_organisation, make_team, make_user
from tickets import actions

pytestmark = pytest.mark.each


def test_organisations_are_listed_with_tier_people_and_what_is_open(anna, cora, open_ticket):
    open_ticket()

    page = words(get(anna, "desk:customers"))

    assert "Livraria Aurora" in page
    assert "Enterprise" in page
    assert "1 person" in page
    assert "1 open" in page
    assert 'aria-current="page" data-key="g c"' in page


def test_people_are_found_by_name_address_and_organisation(anna, cora, stan):
    for q in ("menezes", "MENEZES cora", "cora@livraria", "aurora"):
        page = words(get(anna, "desk:customers", kind="people", q=q))
        assert "Cora Menezes" in page
        assert "Stan Strange" not in page


def test_letters_with_accents_are_found_in_either_case(anna):
    make_organisation("Órfão e Filhos")

    assert "Órfão e Filhos" in words(get(anna, "desk:customers", q="órfão"))


@pytest.mark.parametrize("q", ["%", "_", "\x00", "nobody at all"])
def test_who_is_not_there_is_not_found(anna, cora, q):
    page = words(get(anna, "desk:customers", q=q))

    assert ("Livraria Aurora" in page) is (q == "\x00")


def test_a_long_list_goes_on_behind_its_last_name_and_loses_nobody(anna):
    for number in range(53):
        make_organisation(f"Shop {number:02}")
    client = signed_in(anna)

    first = client.get(reverse("desk:customers")).context["look"]
    rest = client.get(reverse("desk:customers"), {"after": first.after}).context["look"]

    assert [line.name for line in [*first.lines, *rest.lines]] == [f"Shop {number:02}" for number in range(53)]
    assert (len(first.lines), rest.after, first.total) == (50, None, 53)


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "987654"])
def test_a_wrong_place_in_the_list_is_its_beginning(anna, cora, after):
    assert "Livraria Aurora" in words(get(anna, "desk:customers", after=after))


def test_an_organisation_shows_its_people_its_tickets_and_its_escalations(anna, cora, open_ticket, escalate):
    make_user("Bea Menezes", "customer", email="bea@livraria-aurora.example", organisation=cora.organisation)
    ticket = open_ticket(subject="Payouts are stuck")
    escalation = escalate(ticket)

    page = words(get(anna, "desk:customer", cora.organisation.pk))

    for expected in ("Payouts are stuck", "Cora Menezes", "Bea Menezes", escalation.reference):
        assert expected in page


def test_a_person_shows_what_is_open_and_a_way_to_open_more(anna, cora, open_ticket):
    open_ticket(subject="Payouts are stuck")

    page = words(get(anna, "desk:customer_person", cora.pk))

    assert "Payouts are stuck" in page
    assert "/tickets/new/?email=cora%40livraria-aurora.example&name=Cora%20Menezes" in page


def test_a_restricted_teams_tickets_are_neither_listed_nor_counted_for_others(rosa, anna, mona, cora, open_ticket, at):
    risk = make_team("Risk", lead=rosa, managers=[mona], restricted=True)
    cards = make_team("Cards", lead=rosa, managers=[mona], restricted=True)
    seen = open_ticket(subject="Seen by all")
    ticket = open_ticket(subject="Suspicion of fraud", team=risk)
    escalation = services.escalate(
        user=mona, ticket_number=ticket.number, kind="functional", severity=2, reason="technical",
        summary="Look", team_slug=cards.slug, now=at,
    )  # fmt: skip

    outside = [get(anna, "desk:customer", cora.organisation.pk), get(anna, "desk:ticket", seen.number)]
    inside = [get(mona, "desk:customer", cora.organisation.pk), get(mona, "desk:ticket", seen.number)]

    for page in outside:
        assert "fraud" not in words(page)
        assert escalation.reference not in words(page)
    for page in inside:
        assert "Suspicion of fraud" in words(page)
        assert escalation.reference in words(page)
    assert "1 open" in words(get(anna, "desk:customers"))
    assert "2 open" in words(get(mona, "desk:customers"))


def test_colleagues_are_no_customers(anna, rosa):
    assert get(anna, "desk:customer_person", rosa.pk).status_code == 404


def test_lists_and_pages_cost_the_same_however_much_there_is(anna, cora, open_ticket):
    client = signed_in(anna)
    addresses = [
        reverse("desk:customers"),
        reverse("desk:customers") + "?kind=people",
        reverse("desk:customer", args=[cora.organisation.pk]),
        reverse("desk:customer_person", args=[cora.pk]),
    ]

    def cost() -> list[int]:
        return [queries(client, address) for address in addresses]

    open_ticket()
    one = cost()
    for number in range(2):
        open_ticket()
        make_organisation(f"Shop {number}")
    three = cost()
    for number in range(47):
        other = make_user(f"Person{number} X", "customer", organisation=make_organisation(f"Store {number}"))
        actions.open_ticket(subject="One", body="More", requester=other, now=cora.created_at)
        make_user(f"Contact{number} Y", "customer", organisation=cora.organisation)
        open_ticket()

    assert one == three == cost()
    assert max(one) <= 20


def test_beside_a_ticket_stands_what_else_is_open_and_who_else_is_there(anna, cora, open_ticket, at):
    bea = make_user("Bea Menezes", "customer", email="bea@x.example", organisation=cora.organisation)
    ticket = open_ticket(subject="Payouts are stuck")
    open_ticket(subject="Till is broken", requester=bea)

    page = words(get(anna, "desk:ticket", ticket.number))

    assert "Till is broken" in page
    assert "Bea Menezes" in page
    assert "2 tickets, 0 escalations" in page
    assert reverse("desk:customer", args=[cora.organisation.pk]) in page


def test_beside_a_ticket_of_somebody_alone_stands_only_what_is_his(anna, stan, cora, open_ticket):
    open_ticket(subject="Of the bookshop")
    ticket = open_ticket(subject="Of a stranger", requester=stan)
    actions.open_ticket(subject="Another of his", body="x", requester=stan, now=ticket.created_at)

    page = words(get(anna, "desk:ticket", ticket.number))

    assert "Another of his" in page
    assert "Of the bookshop" not in page
    assert "Other contacts" not in page


@pytest.mark.once
def test_the_panel_costs_the_same_for_a_customer_with_much_behind_him(anna, cora, open_ticket):
    client = signed_in(anna)
    url = reverse("desk:ticket", args=[open_ticket().number])
    open_ticket()
    one = queries(client, url)
    for number in range(20):
        open_ticket()
        make_user(f"Contact{number} Y", "customer", organisation=cora.organisation)

    assert queries(client, url) == one
