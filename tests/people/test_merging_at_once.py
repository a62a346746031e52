"""Two administrators merge the same two customers, each into the other."""

from itertools import count

import pytest
from django.db import connection

from common.errors import NotAllowedNow
from people.enums import Role
from people.merging.actions import merge_people
from people.models import Alias, User
from tests.escalation.test_at_once import at_once
from tests.factories.people import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite admits one writer at a time"),
]


def test_of_two_crossing_merges_one_is_done_and_the_other_is_told(adam, cora, at):
    twin = make_user("C. Menezes", Role.CUSTOMER, email="c@livraria-aurora.example")
    turn = count()

    def cross() -> None:
        stays, goes = (cora.pk, twin.pk) if next(turn) % 2 else (twin.pk, cora.pk)
        merge_people(by=adam, stays=stays, goes=goes, now=at)

    raised = at_once(4, cross)

    assert [type(error) for error in raised] == [NotAllowedNow] * 3
    assert User.objects.filter(role=Role.CUSTOMER).count() == 1
    assert Alias.objects.count() == 1
