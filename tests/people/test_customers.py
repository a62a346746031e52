from types import SimpleNamespace

from people import actions
from people.actions import find_or_create_customer
from people.enums import Role
from people.models import User
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
