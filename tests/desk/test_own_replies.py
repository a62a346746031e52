"""Quick replies beside those of the desk: a team's own, written by its lead, and a person's own."""

import pytest

from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_team
from tickets.models import QuickReply
from tickets.preparing import save_reply

TEXT = {"title": "Thanks", "body": "Thank you, {customer.first_name}.", "language": "en"}


@pytest.fixture
def cards(rosa):
    return make_team("Cards", lead=rosa)


def test_a_lead_finds_the_list_of_his_teams_and_writes_for_them_alone(cards, payments, rosa, adam):
    QuickReply.objects.create(title="For all", body="x")
    foreign = QuickReply.objects.create(title="Of Risk", body="x", team=make_team("Risk"))

    first = post(rosa, "desk:quick_replies_new", **TEXT, team=cards.pk, is_enabled="on")
    wrong = [post(rosa, "desk:quick_replies_new", **TEXT, team=team) for team in ("", foreign.team.pk)]

    row = QuickReply.objects.latest("pk")
    page = words(get(rosa, "desk:quick_replies"))
    assert (first.status_code, row.team) == (302, cards)
    assert [answer.status_code for answer in wrong] == [422, 422]
    assert all("team" in answer.context["form"].errors for answer in wrong)
    assert "Thanks" in page and "For all" not in page and "Of Risk" not in page
    assert 'href="/settings/teams/"' in page and "/settings/macros/" not in page
    assert get(rosa, "desk:quick_replies_one", foreign.pk).status_code == 404
    assert post(rosa, "desk:quick_replies_switch", foreign.pk, on="0").status_code == 404
    assert post(rosa, "desk:quick_replies_switch", row.pk, on="0").status_code == 302
    assert post(rosa, "desk:quick_replies_return", row.pk, to="before-1").status_code == 404
    assert "For all" in words(get(adam, "desk:quick_replies"))


def test_who_leads_nothing_has_no_such_list(payments, anna):
    assert get(anna, "desk:quick_replies").status_code == get(anna, "desk:quick_replies_new").status_code == 404


def test_an_agent_keeps_some_for_himself_and_finds_them_in_the_composer(open_ticket, anna, rosa):
    ticket = open_ticket()

    assert "None of your own yet" in words(get(anna, "desk:own_replies"))
    wrong = post(anna, "desk:own_reply_new", **{**TEXT, "body": "Hi {customer.shoe}"})
    made = post(anna, "desk:own_reply_new", **TEXT)

    row = QuickReply.with_own.get()
    assert wrong.status_code == 422 and "There is no {customer.shoe}" in words(wrong)
    assert (made["Location"], row.owner) == ("/profile/quick-replies/", anna)
    assert "English, your own" in words(get(anna, "desk:ticket_quick_replies", ticket.number))
    assert "Thanks" not in words(get(rosa, "desk:ticket_quick_replies", ticket.number))
    post(anna, "desk:ticket_write", ticket.number, quick=row.pk, kind="reply")
    assert "Thank you, Cora." in words(get(anna, "desk:ticket", ticket.number))


def test_his_own_one_is_changed_and_deleted_and_one_of_a_team_is_none(cards, anna, rosa):
    row = save_reply(user=rosa, own=True, **TEXT)
    led = save_reply(user=rosa, team=cards, **TEXT)

    post(rosa, "desk:own_reply", row.pk, **{**TEXT, "title": "Many thanks"})

    assert "Many thanks" in words(get(rosa, "desk:own_replies"))
    assert get(rosa, "desk:own_reply", led.pk).status_code == get(anna, "desk:own_reply", row.pk).status_code == 404
    assert post(rosa, "desk:own_reply_remove", led.pk).status_code == 404
    assert post(rosa, "desk:own_reply_remove", row.pk).status_code == 302
    assert QuickReply.with_own.get() == led


def test_ones_own_list_costs_the_same_at_any_length(anna):
    browser, found = signed_in(anna), []
    for count in (1, 49):
        for n in range(count):
            save_reply(user=anna, own=True, **{**TEXT, "title": f"{count} {n}"})
        found.append(queries(browser, "/profile/quick-replies/"))

    assert found[0] == found[1]
