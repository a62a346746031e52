"""A question whose SQL is kept is answered as the queryset itself would be."""

import pytest

from common.questions import Question, one_of
from people.models import User
from tests.factories.people import make_user

BY_ADDRESS = Question(lambda address: User.objects.at_address(address).select_related("organisation"))


@pytest.mark.parametrize("email", ["cora@livraria-aurora.example", "stan@elsewhere.example"])
def test_the_row_and_its_neighbour_are_the_same(email, cora, stan, django_assert_num_queries):
    expected = User.objects.select_related("organisation").get(email=email)

    with django_assert_num_queries(1):
        found = BY_ADDRESS.answer(email)
        assert found.organisation == expected.organisation

    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(found, name) for name in fields] == [getattr(expected, name) for name in fields]
    assert (found._state.adding, found._state.db) == (False, "default")
    found.name = "Changed"
    found.save(update_fields=["name"])
    assert User.objects.get(email=email).name == "Changed"


def test_it_is_read_anew_each_time_and_is_nobody_where_nobody_is(db):
    assert BY_ADDRESS.answer("mia@example.com") is None

    mia = make_user("Mia", email="mia@example.com")
    assert BY_ADDRESS.answer("mia@example.com") == mia

    User.objects.filter(pk=mia.pk).update(name="Mia Lund")
    assert BY_ADDRESS.answer("mia@example.com").name == "Mia Lund"
    assert BY_ADDRESS.answer("' OR 1=1 --") is None


def test_one_of_what_is_unique_is_asked_for_without_an_order(anna, django_assert_num_queries):
    with django_assert_num_queries(1) as asked:
        assert one_of(User.objects.filter(pk=anna.pk)) == anna

    assert "ORDER BY" not in asked[0]["sql"]
    assert one_of(User.objects.filter(email="nobody@example.com")) is None
