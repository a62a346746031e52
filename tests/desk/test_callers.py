import pytest
from django.urls import reverse

from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_organisation, make_team, make_user


@pytest.mark.parametrize("typed", [{"name": "mene"}, {"name": "MENEZES"}, {"email": "cora@liv"}, {"name": "aurora"}])
def test_a_caller_is_found_by_what_is_typed_so_far(anna, cora, stan, typed):
    page = words(get(anna, "desk:callers", **typed))

    assert 'data-caller-email="cora@livraria-aurora.example"' in page
    assert "Stan Strange" not in page


@pytest.mark.parametrize("typed", [{}, {"name": "c"}, {"name": "\x00"}])
def test_too_little_asks_nothing(anna, cora, typed):
    assert words(get(anna, "desk:callers", **typed)).strip() == ""


def test_an_unknown_caller_is_told_to_be_new(anna, cora):
    assert "makes a new customer" in words(get(anna, "desk:callers", name="Nobody"))


def test_what_is_open_of_the_caller_and_his_house_stands_there(anna, cora, open_ticket):
    bea = make_user("Bea Menezes", "customer", email="bea@x.example", organisation=cora.organisation)
    open_ticket(subject="Payouts are stuck")
    open_ticket(subject="Till is broken", requester=bea)

    page = words(get(anna, "desk:callers", email="CORA@livraria-aurora.example"))

    for expected in ("Cora Menezes", "Enterprise", "2 open", "Payouts are stuck", "Till is broken"):
        assert expected in page


def test_a_restricted_teams_tickets_stay_closed(anna, cora, open_ticket):
    open_ticket(subject="Suspicion of fraud", team=make_team("Risk", restricted=True))

    page = words(get(anna, "desk:callers", email=cora.email))

    assert "fraud" not in page
    assert "nothing open" in page


@pytest.mark.parametrize(("known", "first"), [({}, "name"), ({"email": "cora@livraria-aurora.example"}, "subject")])
def test_the_hands_are_on_the_first_field_that_is_to_be_filled(anna, cora, known, first):
    fields = words(get(anna, "desk:new_ticket", **known)).split("<")

    assert [f'name="{first}"' in field for field in fields if "autofocus" in field] == [True]


def test_the_form_comes_filled_from_a_link_and_shows_what_is_open(anna, cora, open_ticket):
    open_ticket(subject="Payouts are stuck")

    page = words(get(anna, "desk:new_ticket", email=cora.email, name=cora.name))

    assert f'value="{cora.email}"' in page
    assert "Payouts are stuck" in page


def test_a_refused_form_still_shows_the_caller(anna, cora, open_ticket):
    open_ticket(subject="Payouts are stuck")

    answer = post(anna, "desk:new_ticket", email=cora.email, name=cora.name, subject="", body="x")

    assert answer.status_code == 422
    assert "Payouts are stuck" in words(answer)


@pytest.mark.once
def test_looking_costs_the_same_however_many_are_found(anna, cora, open_ticket):
    client = signed_in(anna)
    addresses = [f"{reverse('desk:callers')}?name=cora", f"{reverse('desk:callers')}?email={cora.email}"]
    open_ticket()
    one = [queries(client, address) for address in addresses]
    for number in range(50):
        house = make_organisation(f"House {number}")
        make_user(f"Cora {number}", "customer", email=f"c{number}@x.example", organisation=house)
        open_ticket()

    assert [queries(client, address) for address in addresses] == one
    assert max(one) <= 6
