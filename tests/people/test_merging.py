"""Two entries of one customer become one: all that refers to it goes along, whatever table that is in."""

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction

from api.models import ApiToken
from common.errors import InvalidInput, NotAllowedNow, Refused
from common.models import ConfigurationChange
from mailroom import threads
from notifications.models import Way
from people.actions import find_or_create_customer
from people.customers.book import bring_in, read
from people.enums import Role
from people.merging import suggestions
from people.merging.actions import merge_houses, merge_people
from people.merging.relations import _once, ends, held_by, links_to
from people.models import Alias, Organisation, SignIn, User
from tests.factories.anything import make
from tests.factories.people import make_organisation, make_user
from tickets import actions as tickets
from tickets.models import SearchDocument

pytestmark = pytest.mark.each


@pytest.fixture
def twin(cora):
    return make_user("C. Menezes", Role.CUSTOMER, email="Cora+Shop@livraria-aurora.example")


@pytest.mark.parametrize("model", [User, Organisation])
def test_whatever_refers_to_the_one_that_goes_refers_to_the_one_that_stays(model, adam, at):
    stays, goes = (make(model, name=name) for name in ("Stays", "Goes"))
    merge = merge_people if model is User else merge_houses
    links = links_to(model)
    rows = {link: make(link.model, **{link.name: goes}).pk for link in links}
    assert len(links) > (80 if model is User else 3)

    merge(by=adam, stays=stays.pk, goes=goes.pk, now=at)

    assert not model.objects.filter(pk=goes.pk).exists()
    for link, pk in rows.items():
        where = {"pk": stays.pk if link.primary_key else pk}
        found = link.model._base_manager.filter(**where).values_list(link.attname, flat=True)
        assert list(found) == ([] if ends(link.model) else [stays.pk]), link
    connection.check_constraints()


def test_keys_and_other_ways_of_the_one_that_goes_are_nobodys(adam, at):
    stays, goes = (make(User, name=name) for name in ("Stays", "Goes"))
    for model, name in ((ApiToken, "user"), (Way, "person")):
        make(model, **{name: goes})

    merge_people(by=adam, stays=stays.pk, goes=goes.pk, now=at)

    assert not ApiToken.objects.exists() and not Way.objects.exists()


def test_of_two_rows_of_which_there_may_be_one_that_of_the_one_who_stays_is_kept(adam, at):
    stays, goes = (make(User, name=name) for name in ("Stays", "Goes"))
    twice = [(link, *one) for link in links_to(User) for one in _once(link) if not ends(link.model)]
    kept = {}
    for link, others, _condition in twice:
        mine = make(link.model, **{link.name: stays})
        same = {name: getattr(mine, name) for name in others if link.model._meta.get_field(name) != link}
        if not link.primary_key and any(value is None for value in same.values()):
            continue
        # What may be once for another reason has no twin.
        with suppress(IntegrityError), transaction.atomic():
            kept[link.model, mine.pk] = make(link.model, **{**same, link.name: goes}).pk
    assert len(kept) >= 15

    merge_people(by=adam, stays=stays.pk, goes=goes.pk, now=at)

    for (table, mine), theirs in kept.items():
        assert table._base_manager.filter(pk=mine).exists(), table
        assert theirs == mine or not table._base_manager.filter(pk=theirs).exists(), table


def test_later_mail_from_the_old_address_is_still_theirs_and_the_address_opens_no_door(adam, cora, twin, at):
    ticket = tickets.open_ticket(subject="Till", body="Broken", requester=twin, now=at)
    session = SignIn.objects.create(user=twin, session_key="k", created_at=at, used_at=at)
    held = {name: rows.count() for name, rows in held_by(twin).items()}
    assert held["tickets.Ticket.requester"] == 1

    merge_people(by=adam, stays=cora.pk, goes=twin.pk, now=at)

    ticket.refresh_from_db()
    assert ticket.requester == cora
    assert find_or_create_customer(email="CORA+shop@livraria-aurora.example") == cora
    assert User.objects.get_queryset().by_address(["cora+shop@livraria-aurora.example", cora.email]) == {
        "cora+shop@livraria-aurora.example": cora,
        cora.email: cora,
    }
    assert threads.participants(ticket.number) == {cora.email, "cora+shop@livraria-aurora.example"}
    assert cora.email.split("@")[0] in SearchDocument.objects.get(ticket=ticket).everything
    assert not SignIn.objects.filter(pk=session.pk).exists()
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key("cora+shop@livraria-aurora.example")
    change = ConfigurationChange.objects.get()
    assert (change.by, change.before["name"], change.after["name"]) == (adam, "C. Menezes", "Cora Menezes")


def test_who_has_no_organisation_gets_that_of_the_other(adam, cora, twin, at):
    merge_people(by=adam, stays=twin.pk, goes=cora.pk, now=at)

    twin.refresh_from_db()
    assert twin.organisation.name == "Livraria Aurora"


def test_the_second_of_two_crossing_merges_finds_that_it_was_done(adam, cora, twin, at):
    merge_people(by=adam, stays=cora.pk, goes=twin.pk, now=at)

    with pytest.raises(NotAllowedNow, match="somebody has merged it already"):
        merge_people(by=adam, stays=twin.pk, goes=cora.pk, now=at)
    assert User.objects.filter(pk=cora.pk).exists()


def test_only_administrators_merge_and_only_customers_are_merged(adam, mona, anna, cora, twin, at):
    with pytest.raises(Refused):
        merge_people(by=mona, stays=cora.pk, goes=twin.pk, now=at)
    with pytest.raises(InvalidInput, match="Only customers"):
        merge_people(by=adam, stays=cora.pk, goes=anna.pk, now=at)
    with pytest.raises(InvalidInput, match="one and the same"):
        merge_people(by=adam, stays=cora.pk, goes=cora.pk, now=at)
    User.objects.filter(pk=cora.pk).update(is_active=False)
    with pytest.raises(InvalidInput, match="switched off"):
        merge_people(by=adam, stays=cora.pk, goes=twin.pk, now=at)


def test_nobody_new_gets_an_address_that_is_still_somebodys(adam, cora, twin, at):
    merge_people(by=adam, stays=cora.pk, goes=twin.pk, now=at)

    with pytest.raises(Exception, match="was the address of another customer"):
        User(email="cora+shop@livraria-aurora.example", name="New", password="x").full_clean()
    assert Alias.objects.get().person == cora


def test_a_list_that_names_the_old_organisation_means_the_one_that_stays(adam, at):
    stays, goes = make_organisation("Aurora"), make_organisation("Aurora Ltd")
    Organisation.objects.filter(pk=goes.pk).update(escalation_count=2, breach_count=1)

    merge_houses(by=adam, stays=stays.pk, goes=goes.pk, now=at)
    bring_in(read("email;organisation;organisation_id\na@x.example;Aurora Ltd;aurora-ltd\n"), by=adam)

    stays.refresh_from_db()
    assert (stays.name, stays.escalation_count, stays.breach_count) == ("Aurora", 2, 1)
    assert User.objects.get(email="a@x.example").organisation == stays
    assert Organisation.objects.count() == 1


def test_the_likely_ones_cost_two_questions_however_many_there_are(cora, django_assert_num_queries):
    other = make_user("Menezes, Cora", Role.CUSTOMER, email="c.menezes@livraria-aurora.example")
    make_user("Cora Menezes", email="cora@desk.example")
    for number in range(20):
        make_user(f"P{number} X", Role.CUSTOMER, email=f"p{number}@x.example")

    with django_assert_num_queries(2):
        assert suggestions.people() == [(cora.pk, other.pk, "name")]
    with django_assert_num_queries(2):
        assert suggestions.houses() == []
