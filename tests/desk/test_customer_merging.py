"""Customers who are entered twice, as an administrator finds, compares and merges them."""

from common.models import ConfigurationChange
from people.enums import Role
from people.models import Distinct, Organisation, User
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_organisation, make_user


def test_likely_ones_are_listed_and_compared_before_anything_moves(adam, cora, open_ticket):
    twin = make_user("Menezes, Cora", Role.CUSTOMER, email="c@livraria-aurora.example")
    house = make_organisation("Livraria Aurora Ltda")
    open_ticket(requester=twin)

    listed = words(get(adam, "desk:customers_twice"))
    page = words(get(adam, "desk:contact_merge", cora.pk, other=twin.email))

    assert "c@livraria-aurora.example" in listed and f"?other={house.pk}" in listed
    assert "Menezes, Cora goes" in page and "This cannot be undone" in page
    assert "Tickets</th>" in page and "Messages" in page
    assert User.objects.filter(pk=twin.pk).exists()


def test_two_of_one_name_are_told_apart_by_their_addresses(adam, cora):
    twin = make_user(cora.name, Role.CUSTOMER, email="c@livraria-aurora.example")

    page = words(get(adam, "desk:contact_merge", cora.pk, other=twin.email))

    assert f"Merge {twin.email} into {cora.email}" in page


def test_the_button_merges_and_leads_to_the_one_that_stays(adam, cora, open_ticket):
    twin = make_user("C. Menezes", Role.CUSTOMER, email="c@livraria-aurora.example")
    ticket = open_ticket(requester=twin)
    other = make_organisation("Aurora")

    done = post(adam, "desk:contact_merge", cora.pk, other=twin.email)
    both = post(adam, "desk:organisation_merge", other.pk, other=cora.organisation.pk)

    assert (done.status_code, done["Location"]) == (302, f"/customers/people/{cora.pk}/")
    assert both.status_code == 302 and Organisation.objects.get() == other
    ticket.refresh_from_db()
    assert (ticket.requester, ticket.requester.organisation) == (cora, other)


def test_what_cannot_be_merged_is_said_in_one_sentence(adam, anna, cora):
    for other, why in ((anna.email, "No customer has this address"), (cora.email, "one and the same already")):
        refused = post(adam, "desk:contact_merge", cora.pk, other=other)
        assert refused.status_code == 422 and why in words(refused)
    assert get(adam, "desk:contact_merge", anna.pk).status_code == 404
    assert get(adam, "desk:contact_merge", cora.pk).status_code == 200


def test_lists_and_comparison_cost_the_same_however_much_there_is(adam, cora, open_ticket):
    client = signed_in(adam)
    twin = make_user("Menezes, Cora", Role.CUSTOMER, email="c@livraria-aurora.example")
    addresses = ["/settings/customers/twice/", f"/settings/customers/people/{cora.pk}/merge/?other={twin.email}"]
    before = [queries(client, address) for address in addresses]
    for number in range(60):
        make_user("Cora Menezes", Role.CUSTOMER, email=f"c{number}@livraria-aurora.example")
        open_ticket(requester=twin)

    assert [queries(client, address) for address in addresses] == before
    assert "and 11 more" in words(client.get(addresses[0]))


def test_a_contact_is_switched_off_and_let_in_again(adam, cora, mona):
    session = signed_in(cora)

    off = post(adam, "desk:contact_switch", cora.pk)
    listed = words(get(adam, "desk:customers", kind="off"))
    unseen = words(get(mona, "desk:customers", kind="off"))

    assert off.status_code == 302 and cora.email in listed and cora.email not in unseen
    assert session.get("/help/").status_code == 302
    assert "switched off" in words(get(adam, "desk:contact_edit", cora.pk))
    post(adam, "desk:contact_switch", cora.pk)
    assert User.objects.get(pk=cora.pk).is_active


def test_two_who_are_said_to_be_two_are_suggested_no_more_until_somebody_thinks_otherwise(adam, cora):
    twin = make_user("Menezes, Cora", Role.CUSTOMER, email="c@livraria-aurora.example")
    house = make_organisation("Livraria Aurora Ltda")

    post(adam, "desk:customers_two", kind="people", one=cora.pk, other=twin.pk)
    post(adam, "desk:customers_two", kind="people", one=twin.pk, other=cora.pk)
    post(adam, "desk:customers_two", kind="houses", one=cora.organisation.pk, other=house.pk)
    look, page = get(adam, "desk:customers_twice").context["look"], words(get(adam, "desk:customers_twice"))
    first = Distinct.objects.get(one__isnull=False)
    post(adam, "desk:customers_perhaps_one", first.pk)
    again = get(adam, "desk:customers_twice").context["look"]

    assert (look.people, look.houses) == ([], []) and "Said to be two" in page and twin.email in page
    assert [(one.stays, one.goes) for one in again.people] == [(cora, twin)] and again.houses == []
    assert ConfigurationChange.objects.filter(by=adam, subject__contains="not one").count() == 3


def test_of_three_alike_the_other_two_are_still_compared(adam, cora):
    second, third = (
        make_user("Menezes, Cora", Role.CUSTOMER, email=f"{name}@livraria-aurora.example") for name in "ab"
    )
    for other in (second, third):
        post(adam, "desk:customers_two", kind="people", one=cora.pk, other=other.pk)

    (line,) = get(adam, "desk:customers_twice").context["look"].people

    assert (line.stays, line.goes) == (second, third)


def test_who_are_merged_after_all_are_not_kept_apart_from_themselves(adam, cora):
    twin = make_user("Menezes, Cora", Role.CUSTOMER, email="c@livraria-aurora.example")
    post(adam, "desk:customers_two", kind="people", one=cora.pk, other=twin.pk)

    post(adam, "desk:contact_merge", cora.pk, other=twin.email)

    assert not Distinct.objects.exists() and not User.objects.filter(pk=twin.pk).exists()


def test_only_customers_who_are_there_are_kept_apart(adam, anna, cora):
    for one, other in ((cora.pk, anna.pk), (cora.pk, 99999), ("x", cora.pk)):
        assert post(adam, "desk:customers_two", kind="people", one=one, other=other).status_code == 404
