from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import actions
from people.actions import find_or_create_customer
from people.customers.book import bring_in, look, read
from people.enums import Role
from people.models import Alias, User
from tests.factories.people import make_user


def test_an_address_is_one_person_however_it_is_written(db):
    first = find_or_create_customer(email="Cora@Livraria.example", name="Cora")

    assert find_or_create_customer(email=" cora@livraria.EXAMPLE ") == first
    assert User.objects.at_address("CORA@livraria.example").get() == first


def test_two_first_mails_of_one_person_at_the_same_moment_are_one_person(db, monkeypatch):
    quicker = make_user("The quicker", Role.CUSTOMER, email="cora@livraria.example")
    # The other one's row was not there yet when this one looked.
    monkeypatch.setattr(actions, "_at_address", SimpleNamespace(row=lambda _address: None))

    assert find_or_create_customer(email="cora@livraria.example", name="Cora") == quicker
    assert User.objects.count() == 1


@pytest.mark.each
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite admits one writer at a time")
def test_a_list_holds_whom_it_changes_and_a_look_holds_nobody(cora, at):
    Alias.objects.create(person=cora, address="before@livraria-aurora.example", since=at)
    lines = read("email,name\nbefore@livraria-aurora.example,Cora M.")

    with CaptureQueriesContext(connection) as looked:
        look(lines)
    with CaptureQueriesContext(connection) as taken:
        bring_in(lines, by=None)

    held = [sum("FOR NO KEY UPDATE" in one["sql"] for one in asked) for asked in (looked, taken)]
    cora.refresh_from_db()
    assert (held, cora.name) == ([0, 2], "Cora M.")
