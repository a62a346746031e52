"""Watchers hear of the customer's words and of each new status, and of nothing that they did themselves."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotFound
from tests.factories.people import make_team
from tickets import actions, composer


@pytest.fixture
def ticket(open_ticket, mona):
    ticket = open_ticket()
    composer.watch(user=mona, number=ticket.number, on=True)
    return ticket


def told(user):
    return list(user.alerts.order_by("pk").values_list("title", flat=True))


def test_a_watcher_hears_of_the_customer_s_words_and_of_the_status(ticket, anna, mona, cora, at):
    actions.customer_wrote(ticket=ticket, author=cora, body="Any news?", now=at)
    actions.change_status(ticket=ticket, verb="hold", now=at, by=anna)

    number = ticket.number
    assert told(mona) == [f"Cora Menezes wrote on #{number}", f"#{number} is now: On hold"]
    assert not anna.alerts.exists()


def test_a_word_that_opens_the_ticket_again_is_one_piece_of_news(ticket, anna, mona, cora, at):
    actions.change_status(ticket=ticket, verb="wait", now=at, by=mona)

    actions.customer_wrote(ticket=ticket, author=cora, body="Here it is.", now=at + timedelta(minutes=1))

    assert told(mona) == [f"Cora Menezes wrote on #{ticket.number}"]


def test_who_stopped_watching_or_may_no_longer_see_it_hears_nothing(ticket, anna, mona, rosa, cora, at):
    composer.watch(user=mona, number=ticket.number, on=False)
    composer.watch(user=anna, number=ticket.number, on=True)
    actions.assign(ticket=ticket, team=make_team("Risk", restricted=True, lead=rosa), now=at, by=rosa)

    actions.customer_wrote(ticket=ticket, author=cora, body="Any news?", now=at)

    assert told(mona) == told(anna) == []


def test_a_colleague_is_asked_to_watch_and_spared_again(ticket, anna, rosa, cora, at):
    composer.ask_to_watch(user=anna, number=ticket.number, person=rosa, now=at)
    actions.customer_wrote(ticket=ticket, author=cora, body="Any news?", now=at)
    composer.spare(user=anna, number=ticket.number, email=rosa.email)
    actions.change_status(ticket=ticket, verb="hold", now=at, by=anna)

    number = ticket.number
    assert told(rosa) == [f"Anna Lindqvist asked you to watch #{number}", f"Cora Menezes wrote on #{number}"]


def test_nobody_is_asked_to_watch_what_he_does_not_see(ticket, anna, rosa, mona, cora, at):
    actions.assign(ticket=ticket, team=make_team("Risk", restricted=True, lead=rosa), now=at, by=mona)

    for person in (anna, cora):
        with pytest.raises(InvalidInput, match="has to see the ticket"):
            composer.ask_to_watch(user=mona, number=ticket.number, person=person, now=at)
    with pytest.raises(NotFound):
        composer.spare(user=mona, number=ticket.number, email=anna.email)
