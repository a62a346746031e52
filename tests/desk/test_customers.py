from datetime import timedelta

import pytest
from django.urls import reverse

from escalation import services
from escalation.initiate import affected
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


def test_an_account_shows_every_escalation_of_a_customer_live_and_over_and_where_he_is_harmed(
    anna, mona, cora, stan, open_ticket, escalate, at
):
    over, live = escalate(open_ticket()), escalate(open_ticket(), severity=4, summary="His own")
    services.deescalate(user=mona, number=over.number, reason="All is well.", now=at)
    others = escalate(open_ticket(requester=stan), severity=1, summary="Stan's outage")
    affected.add_all(number=others.number, people={cora.pk: None}, by=anna, now=at, how="hand")
    foreign = escalate(open_ticket(requester=stan), summary="Nothing of hers")

    for page in (
        get(anna, "desk:customer_escalations", cora.organisation.pk),
        get(anna, "desk:person_escalations", cora.pk),
    ):
        look = page.context["look"]
        assert [line.escalation for line in look.lines] == [others, live, over]
        assert (look.live, look.ended) == (2, 1)
        assert "affected; about a ticket of Stan Strange" in words(page)
        assert [bool(line.by_other) for line in look.lines] == [True, False, False]
        assert foreign.reference not in words(page)


def test_an_account_counts_what_was_promised_to_customers_and_kept(anna, cora, open_ticket, escalate, at):
    hour = timedelta(hours=1)
    kept, broken, late, running = (escalate(open_ticket(), severity=1) for _ in range(4))
    for escalation in (kept, broken, late, running):
        escalation.deadlines.all().delete()
    clocks = ((kept, at - hour, None), (broken, None, at), (late, at + hour, None), (running, None, None))
    for escalation, met_at, missed_at in clocks:
        for audience in ("customers", "stakeholders"):
            escalation.deadlines.create(kind="update", audience=audience, due_at=at, met_at=met_at, missed_at=missed_at)

    promises = get(anna, "desk:customer_escalations", cora.organisation.pk).context["look"].promises

    assert (promises.kept, promises.broken, promises.running) == (1, 2, 1)


def test_an_account_is_reached_from_the_customer_and_costs_the_same_however_long_it_is(
    anna, cora, open_ticket, escalate, monkeypatch
):
    monkeypatch.setattr("desk.looks.customers.account.PAGE", 2)
    client, counted = signed_in(anna), []
    address = reverse("desk:customer_escalations", args=[cora.organisation.pk])
    ticket = escalate(open_ticket()).ticket
    assert address in words(get(anna, "desk:customer", cora.organisation.pk))
    assert reverse("desk:person_escalations", args=[cora.pk]) in words(get(anna, "desk:customer_person", cora.pk))
    for _more in range(2):
        counted.append(queries(client, address))
        escalate(open_ticket())

    assert len(set(counted)) == 1
    assert counted[0] <= 20
    assert "Page 1 of 2" in words(client.get(address))
    assert len(client.get(address, {"page": "99"}).context["look"].lines) == 1
    assert address in words(get(anna, "desk:ticket", ticket.number))


def test_an_account_keeps_what_a_restricted_team_keeps(anna, lena_and_her_matter, cora):
    lena, matter = lena_and_her_matter

    assert matter.reference in words(get(lena, "desk:customer_escalations", cora.organisation.pk))
    assert matter.reference not in words(get(anna, "desk:customer_escalations", cora.organisation.pk))


@pytest.fixture
def lena_and_her_matter(open_ticket, mona, at):
    lena = make_user("Lena Law")
    legal = make_team("Legal", managers=[mona], members=[lena], restricted=True)
    ticket = open_ticket(team=legal)
    given = {"kind": "hierarchical", "severity": 2, "reason": "funding", "summary": "Settle", "now": at}
    return lena, services.escalate(user=lena, ticket_number=ticket.number, **given)
