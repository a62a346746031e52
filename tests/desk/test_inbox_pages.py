"""An inbox of more than one page: its fifty-two tickets are made once for all who leaf through it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from people.models import User
from tests.conftest import AT
from tests.desk.helpers import get, words
from tests.desk.test_inbox import groups, subjects
from tests.factories.people import make_team, make_user
from tests.factories.sla import make_policy
from tests.worlds import lasting
from tickets import actions as tickets

pytestmark = pytest.mark.each


@pytest.fixture(scope="module")
def reader(django_db_setup, django_db_blocker) -> Iterator[User]:
    """Whoever leafs through tickets that all have six hours left for their first reply."""
    with lasting(django_db_blocker, AT):
        anna, cora = make_user("Anna Lindqvist"), make_user("Cora Menezes", "customer")
        make_team("Payments", members=[anna], is_fallback=True)
        make_policy(AT)
        for number in range(52):
            tickets.open_ticket(subject=f"Ticket {number}", body="Since yesterday.", requester=cora, now=AT)
        yield anna


@pytest.fixture
def anna(reader: User, db: None) -> User:
    return reader


def test_more_than_fifty_are_on_the_next_page(anna):
    first = get(anna, "desk:inbox")
    second = get(anna, "desk:inbox", after=first.context["look"].next)

    assert len(subjects(first)) == 50
    assert "Next page" in words(first)
    assert subjects(first) + subjects(second) == [f"Ticket {number}" for number in range(52)]
    assert "First page" in words(second)
    assert "Next page" not in words(second)
    assert groups(second) == [("Next", 52)]


def test_a_row_neither_repeats_nor_vanishes_while_time_passes(anna, time, at):
    first = get(anna, "desk:inbox")
    time.move_to(at + timedelta(hours=5, minutes=30))  # All of them are due within the hour by now.

    second = get(anna, "desk:inbox", after=first.context["look"].next)

    assert subjects(first) + subjects(second) == [f"Ticket {number}" for number in range(52)]


def test_a_page_that_is_not_ours_or_of_yesterday_is_the_first(anna, time, at):
    def page(after, **query):
        return len(subjects(get(anna, "desk:inbox", after=after, **query)))

    ours = get(anna, "desk:inbox").context["look"].next
    of_another_order = get(anna, "desk:inbox", order="due").context["look"].next

    assert page(ours) == 2
    assert [page(ours.replace(ours[3], harm, 1)) for harm in ("x", ":")] == [50, 50]
    assert page("") == page(of_another_order) == 50

    time.move_to(at + timedelta(hours=9))
    assert page(ours) == 50


@pytest.mark.parametrize("order", ["due", "newest"])
def test_the_plain_orders_have_pages_too(anna, order):
    first = get(anna, "desk:inbox", order=order)
    second = get(anna, "desk:inbox", order=order, after=first.context["look"].next)

    found = subjects(first) + subjects(second)
    assert sorted(found) == sorted(f"Ticket {number}" for number in range(52))
    assert found[0] == ("Ticket 51" if order == "newest" else "Ticket 0")
