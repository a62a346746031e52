"""What a customer asks for has a form of its own: which fields it asks, where it goes, and how rules know it."""

import pytest
from django.test import Client

from tests.desk.helpers import post
from tests.factories.people import make_team
from tickets.enums import FieldType
from tickets.models import CustomField, RequestType, Ticket

GOOD = {"subject": "Nothing has arrived", "body": "Since Monday."}


@pytest.fixture
def as_cora(client: Client, cora) -> Client:
    client.force_login(cora)
    return client


@pytest.fixture
def payout(payments) -> RequestType:
    """Asks for the store, which is required; the account is asked of everybody."""
    for key, label, is_required in (("store", "Store", True), ("account", "Account", False)):
        CustomField.objects.create(
            key=key, label=label, type=FieldType.TEXT, for_customers=True, is_required=is_required
        )
    return RequestType.objects.create(
        name="A payout is late",
        slug="payout",
        description="Money that has not come.",
        hint="Which payout is it?",
        asks=["store"],
        kind="incident",
        team=make_team("Settlement"),
        tag="payout",
    )


def page(browser: Client, address: str = "/help/new/", **posted: str) -> str:
    answer = browser.post(address, posted) if posted else browser.get(address)
    return answer.content.decode()


def test_without_types_the_form_stands_there_at_once(as_cora):
    assert 'name="body"' in page(as_cora)


def test_with_types_a_customer_first_says_which(as_cora, payout):
    RequestType.objects.create(name="An old one", slug="old", is_active=False)

    shown = page(as_cora)

    assert '<a class="pans" href="/help/new/?type=payout"><b>A payout is late</b>' in shown
    assert "Money that has not come." in shown and "Something else" in shown
    assert "An old one" not in shown and 'name="body"' not in shown


def test_its_form_says_what_to_write_and_asks_its_own_fields_besides_those_of_all(as_cora, payout):
    own, other = page(as_cora, "/help/new/?type=payout"), page(as_cora, "/help/new/?type=")

    assert "Which payout is it?" in own and "What you did, what you expected" not in own
    assert "fields.store" in own and "fields.account" in own
    assert "fields.store" not in other and "fields.account" in other


def test_what_comes_of_it_is_a_ticket_with_its_team_type_tag_and_fields(as_cora, payout):
    as_cora.post("/help/new/", {**GOOD, "type": "payout", "fields.store": "Moema"})

    ticket = Ticket.objects.get()
    assert (ticket.team, ticket.kind, ticket.fields) == (payout.team, "incident", {"store": "Moema"})
    assert [str(tag) for tag in ticket.tags.all()] == ["payout"]


def test_what_it_requires_is_asked_for_and_what_another_requires_is_not(as_cora, payout):
    refused = page(as_cora, type="payout", **GOOD)
    assert "This is needed." in refused and "Nothing has arrived" in refused and not Ticket.objects.exists()

    as_cora.post("/help/new/", GOOD)

    assert Ticket.objects.get().fields == {}


def test_one_that_was_retired_meanwhile_is_said_and_nothing_typed_is_lost(as_cora, payout):
    RequestType.objects.update(is_active=False)

    refused = page(as_cora, type="payout", **GOOD)

    assert "There is no such type of request (any more)." in refused
    assert "Since Monday." in refused and not Ticket.objects.exists()
    as_cora.post("/help/new/", {**GOOD, "fields.store": "Moema"})
    assert Ticket.objects.exists()


def test_without_a_script_looking_for_answers_keeps_the_form_and_its_fields(as_cora, payout):
    shown = page(as_cora, look="1", type="payout", subject="Late", **{"fields.store": "Moema"})

    assert 'value="Moema"' in shown and 'name="type" value="payout"' in shown


def test_an_administrator_chooses_among_what_customers_are_asked(adam, payout):
    CustomField.objects.create(key="risk", label="Risk")
    given = {"name": "A payout is late", "slug": "payout", "kind": "incident", "order": "10", "is_active": "on"}

    wrong = post(adam, "desk:request_types_one", payout.pk, **given, asks=["risk"])
    post(adam, "desk:request_types_one", payout.pk, **given, asks=["store", "account"])

    assert wrong.status_code == 422
    payout.refresh_from_db()
    assert payout.asks == ["store", "account"]


@pytest.mark.parametrize("count", [1, 3, 50])
def test_the_choice_costs_the_same_at_any_length(as_cora, cora, count, django_assert_max_num_queries):
    RequestType.objects.bulk_create(RequestType(name=f"R{n}", slug=f"r{n}") for n in range(count))
    page(as_cora)

    with django_assert_max_num_queries(6):
        shown = page(as_cora)

    assert shown.count('class="pans"') == count + 1


@pytest.mark.each
def test_a_type_that_no_database_could_hold_is_one_that_is_not_there(as_cora, payout):
    answer = as_cora.post("/help/new/", {**GOOD, "type": "pay\x00out"})

    assert answer.status_code == 422 and not Ticket.objects.exists()
