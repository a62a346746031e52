"""Whose a quick reply is: the desk's, a team's, or one person's own (R37)."""

import pytest

from common.errors import InvalidInput, NotFound, Refused
from common.models import ConfigurationChange
from tests.factories.people import make_team
from tickets import quick_replies
from tickets.models import QuickReply
from tickets.preparing import MOST_OWN, remove_reply, save_reply
from tickets.routing.existing import known_to_macros

TEXT = {"title": "Thanks", "body": "Thank you, {customer.first_name}."}


@pytest.fixture
def cards(rosa, mona, anna):
    """Led by Rosa, managed by Mona; Anna works in it."""
    return make_team("Cards", lead=rosa, managers=[mona], members=[anna])


def test_lead_and_managers_write_for_their_team_and_the_audit_trail_tells(cards, rosa, mona):
    made = save_reply(user=rosa, team=cards, **TEXT)
    save_reply(user=mona, reply=made, body="Thanks.")
    gone = remove_reply(user=rosa, pk=made.pk)

    assert (gone.body, gone.is_enabled) == ("Thanks.", False)
    assert QuickReply.objects.get() == made
    assert [change.by for change in ConfigurationChange.objects.order_by("pk")] == [rosa, mona, rosa]


def test_nobody_else_does_nor_for_another_team_nor_for_all(cards, rosa, anna, cora):
    risk = make_team("Risk")
    theirs = save_reply(user=rosa, team=cards, **TEXT)
    other = QuickReply.objects.create(title="Theirs", body="x", team=risk)
    everybodys = QuickReply.objects.create(title="All", body="x")
    refused = [
        {"user": anna, "team": cards},
        {"user": anna, "reply": theirs},
        {"user": cora, "own": True},
        {"user": rosa},
        {"user": rosa, "reply": everybodys},
        {"user": rosa, "reply": other},
        {"user": rosa, "reply": theirs, "team": risk},
        {"user": rosa, "reply": theirs, "team": None},
    ]

    for asked in refused:
        with pytest.raises(Refused):
            save_reply(**asked, **TEXT)
    for pk in (other.pk, everybodys.pk):
        with pytest.raises(Refused, match=r"written by its lead|Only an administrator"):
            remove_reply(user=rosa, pk=pk)

    theirs.refresh_from_db()
    assert (theirs.team, QuickReply.objects.count()) == (cards, 3)


def test_one_of_ones_own_stands_first_on_each_ticket_and_is_nobody_elses_business(open_ticket, anna, rosa, adam, cards):
    ticket = open_ticket()
    QuickReply.objects.create(title="All", body="x")

    own = save_reply(user=anna, own=True, **TEXT)
    save_reply(user=anna, reply=own, body="Thanks a lot.")

    assert [row.title for row in quick_replies.for_ticket(ticket, anna)] == ["Thanks", "All"]
    assert [row.title for row in quick_replies.for_ticket(ticket, rosa)] == ["All"]
    assert [row.title for row in quick_replies.for_ticket(ticket)] == ["All"]
    assert known_to_macros().replies == {"All"} and QuickReply.objects.count() == 1
    assert not ConfigurationChange.objects.exists()
    for other in (rosa, adam):
        with pytest.raises(NotFound):
            save_reply(user=other, reply=own, body="Mine now.")
        with pytest.raises(NotFound):
            remove_reply(user=other, pk=own.pk)
    assert remove_reply(user=anna, pk=own.pk).body == "Thanks a lot."
    assert QuickReply.with_own.count() == 1


def test_what_is_wrong_is_said_and_nothing_is_kept(cards, anna, rosa):
    QuickReply.with_own.bulk_create(QuickReply(owner=rosa, title=f"{n}", body="x") for n in range(MOST_OWN))
    wrong = [
        ({"user": anna, "own": True, "title": "Hi", "body": "{customer.shoe}"}, "body"),
        ({"user": anna, "own": True, "title": "", "body": "x"}, "title"),
        ({"user": anna, "own": True, "team": cards, **TEXT}, "team"),
        ({"user": rosa, "own": True, **TEXT}, "title"),
        ({"user": rosa, "team": cards, "title": "Hi", "body": ""}, "body"),
    ]

    for asked, field in wrong:
        with pytest.raises(InvalidInput) as error:
            save_reply(**asked)
        assert set(error.value.errors) == {field}

    assert QuickReply.with_own.count() == MOST_OWN
