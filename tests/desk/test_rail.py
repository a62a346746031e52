import pytest
from django.urls import reverse

from tests.desk.helpers import NOWHERE, fragment, get, queries, signed_in, words


def test_the_rail_is_fetched_by_itself_with_its_current_line(breached, mona):
    breached()

    rail = words(fragment(mona, "desk:rail", active="alerts"))

    assert "<html" not in rail
    assert rail.count('aria-current="page"') == 1
    assert "n-breach" in rail


def test_every_page_asks_for_it_again(mona):
    assert 'hx-get="/rail/?active=inbox"' in words(get(mona, "desk:inbox"))
    assert "active=team%3Ax%22" in get(mona, "desk:inbox", team='x"').content.decode()


@pytest.mark.once
def test_it_costs_the_same_however_much_there_is(open_ticket, mona):
    client = signed_in(mona)
    open_ticket()
    one = queries(client, reverse("desk:rail"))
    for _ in range(9):
        open_ticket()

    assert queries(client, reverse("desk:rail")) == one <= 12


def test_it_is_for_the_desk(cora):
    assert NOWHERE in words(get(cora, "desk:rail"))
