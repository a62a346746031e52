"""Whose a ticket was, and how long nobody's (R82)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow
from notifications.models import Alert
from tests.factories.people import make_team
from tickets import services
from tickets.models import OwnerSpell, Ticket

HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


def spells(ticket) -> list[tuple]:
    """Owner, team, from, until."""
    rows = OwnerSpell.objects.filter(ticket=ticket).order_by("started_at", "pk")
    return [(row.owner, row.team, row.started_at, row.ended_at) for row in rows]


def test_a_new_ticket_is_nobodys_until_it_is_taken(ticket, payments, anna, at):
    services.take(user=anna, number=ticket.number, now=at + HOUR)

    assert spells(ticket) == [(None, payments, at, at + HOUR), (anna, payments, at + HOUR, None)]
    assert ticket.events.get(kind="ticket.assigned").data["unowned"] == 3600


def test_who_replies_first_has_it(ticket, payments, anna, rosa, at):
    services.reply(user=anna, number=ticket.number, body="On it.", now=at + HOUR)
    services.reply(user=rosa, number=ticket.number, body="Me too.", now=at + 2 * HOUR)

    assert spells(ticket)[1:] == [(anna, payments, at + HOUR, None)]


def test_another_team_finds_it_without_an_owner(ticket, payments, anna, at):
    cards = make_team("Cards")
    services.take(user=anna, number=ticket.number, now=at)
    services.assign(user=anna, number=ticket.number, team_slug=cards.slug, now=at + HOUR)

    assert spells(ticket)[-1] == (None, cards, at + HOUR, None)


def test_a_done_ticket_has_no_spell_open_and_a_reopened_one_has_one_again(ticket, payments, anna, cora, at):
    services.take(user=anna, number=ticket.number, now=at)
    services.change_status(user=anna, number=ticket.number, verb="solve", now=at + HOUR)
    services.change_status(user=anna, number=ticket.number, verb="close", now=at + 2 * HOUR)
    assert spells(ticket)[-1] == (anna, payments, at, at + HOUR)

    services.reply(user=cora, number=ticket.number, body="It is back.", now=at + 3 * HOUR)
    assert spells(ticket)[-1] == (anna, payments, at + 3 * HOUR, None)


def test_merged_and_put_away_tickets_are_nobodys_business(open_ticket, ticket, anna, at):
    other = open_ticket()
    made = services.merge(user=anna, source=ticket.number, target=other.number, now=at + HOUR)
    assert spells(ticket)[-1][-1] == at + HOUR
    services.unmerge(user=anna, merge=made.pk, now=at + 2 * HOUR)
    assert spells(ticket)[-1][2:] == (at + 2 * HOUR, None)

    services.put_away(user=anna, number=ticket.number, what="trash", now=at + 3 * HOUR)
    assert spells(ticket)[-1][-1] == at + 3 * HOUR
    services.bring_back(user=anna, number=ticket.number, now=at + 4 * HOUR)
    assert spells(ticket)[-1][2:] == (at + 4 * HOUR, None)


def test_handing_over_tells_whoever_gets_it_and_leaves_the_word_on_the_ticket(ticket, anna, rosa, at):
    services.hand_over(user=anna, number=ticket.number, assignee=rosa, note="Ask for the batch.", now=at)

    ticket.refresh_from_db()
    assert ticket.assignee == rosa
    assert (ticket.messages.last().body, ticket.messages.last().is_public) == ("Ask for the batch.", False)
    alert = Alert.objects.get(recipient=rosa)
    assert (alert.ticket_number, alert.body) == (ticket.number, "Ask for the batch.")


def test_a_team_hears_of_it_through_its_lead(ticket, anna, mona, at):
    cards = make_team("Cards", lead=mona)

    services.hand_over(user=anna, number=ticket.number, team=cards, note="Yours, I think.", now=at)

    assert Alert.objects.filter(recipient=mona, kind="handed").exists()
    assert Ticket.objects.get(number=ticket.number).assignee is None


def test_handing_over_needs_somebody_and_a_word(ticket, anna, rosa, at):
    with pytest.raises(InvalidInput, match="Name a team"):
        services.hand_over(user=anna, number=ticket.number, note="x", now=at)
    with pytest.raises(InvalidInput):
        services.hand_over(user=anna, number=ticket.number, assignee=rosa, note=" ", now=at)
    assert ticket.messages.count() == 1
    assert not Alert.objects.filter(kind="handed").exists()


def test_a_merged_ticket_is_not_handed_over(open_ticket, ticket, anna, rosa, at):
    services.merge(user=anna, source=ticket.number, target=open_ticket().number, now=at)

    with pytest.raises(NotAllowedNow, match="was merged into"):
        services.hand_over(user=anna, number=ticket.number, assignee=rosa, note="x", now=at)
