"""Figures are kept for a moment, but never over one's own act and never where a change asks for them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from desk.looks.inbox.figures import forget

pytestmark = pytest.mark.each

SECOND = timedelta(seconds=1)


@pytest.fixture
def count(settings, client, anna):
    settings.RAIL_KEPT_FOR = 2 * SECOND
    # Another test's reader may have had the same key.
    forget(anna)
    client.force_login(anna)
    return lambda name="desk:inbox": client.get(reverse(name)).context["rail"]["counts"]["inbox"]


def test_figures_are_kept_for_a_moment(count, open_ticket, time):
    open_ticket()
    assert count() == 1
    open_ticket()

    assert count() == 1
    time.move_to(time.now + 2 * SECOND)
    assert count() == 2


def test_the_rail_by_itself_is_fresh_and_so_is_the_next_page(count, open_ticket):
    open_ticket()
    assert count() == 1
    open_ticket()

    assert count("desk:rail") == 2
    assert count() == 2


def test_after_ones_own_act_they_are_fresh(count, client, open_ticket):
    ticket = open_ticket()
    assert count() == 1

    client.post(reverse("desk:ticket_change", args=[ticket.number, "status"]), {"verb": "solve"})

    assert count() == 0


def test_after_ones_own_act_another_process_knows_too(count, client, anna, open_ticket, monkeypatch):
    ticket = open_ticket()
    assert count() == 1

    # The process that drew the page is not the one that is told of the act.
    monkeypatch.setattr("desk.answers.forget", lambda user: None)
    client.post(reverse("desk:ticket_change", args=[ticket.number, "status"]), {"verb": "solve"})

    assert count() == 0
    assert client.cookies["acted"]["max-age"] == 2


def test_a_clock_that_was_set_back_keeps_nothing(count, open_ticket, time):
    open_ticket()
    assert count() == 1
    open_ticket()

    time.move_to(time.now - timedelta(hours=1))

    assert count() == 2
