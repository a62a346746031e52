from datetime import timedelta

import pytest
from django.urls import reverse

from people.enums import Role
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.each


def lanes(response) -> dict[str, int]:
    return {lane.name: len(lane.cards) for lane in response.context["board"].lanes}


def test_cards_stand_in_the_lane_of_their_step(open_ticket, escalate, ask, mona, terminals):
    handed = escalate(open_ticket())
    ask(open_ticket())

    page = get(mona, "desk:escalations")

    assert lanes(page) == {"Requested": 1, "Initiate": 1, "Communicate": 0, "Resolve": 0, "Close": 0}
    assert "You decide, wanted by 12:00" in words(page)
    assert "Accept the hand-off by 10:15" in words(page)
    assert f"/escalations/{handed.number}/" in words(page)


def test_what_is_overdue_is_told_on_its_card(open_ticket, escalate, mona, time, at):
    escalate(open_ticket(), severity=1)
    time.move_to(at + timedelta(minutes=50))
    assert "Hand-off not accepted" in words(get(mona, "desk:escalations"))

    time.move_to(at + timedelta(minutes=80))
    tiles = {tile.label: tile.figure for tile in get(mona, "desk:escalations").context["board"].tiles}
    assert tiles["First hour at risk"] == 1
    assert tiles["Open"] == 1


def test_the_same_as_a_list_and_as_a_fragment(open_ticket, escalate, mona):
    escalation = escalate(open_ticket())

    assert escalation.summary in words(get(mona, "desk:escalations", look="list"))
    assert "<html" not in words(fragment(mona, "desk:escalations", look="list"))


def test_mine_are_those_of_my_teams(open_ticket, escalate, anna, terminals):
    escalate(open_ticket())
    marta = terminals.members.get(name="Marta Kowal")

    assert sum(lanes(get(marta, "desk:escalations", mine="1")).values()) == 1
    outsider = make_user("Otto Else")
    assert "Nothing is escalated" in words(get(outsider, "desk:escalations", mine="1"))
    assert sum(lanes(get(outsider, "desk:escalations")).values()) == 1


def test_what_has_ended_is_found_again(open_ticket, escalate, mona):
    escalation = escalate(open_ticket())
    post(mona, "desk:escalation_verb", escalation.number, "deescalate", reason="All is well.")

    assert "Nothing is escalated" in words(get(mona, "desk:escalations"))
    assert escalation.summary in words(get(mona, "desk:escalations", look="ended"))


@pytest.mark.once
def test_the_queries_do_not_grow(open_ticket, escalate, mona):
    client, counted = signed_in(mona), []
    for more in (1, 2, 47):
        for number in range(more):
            requester = make_user(f"C{more} {number}", Role.CUSTOMER, email=f"c{more}.{number}@x.example")
            escalate(open_ticket(requester=requester))
        counted.append(queries(client, reverse("desk:escalations")))

    assert len(set(counted)) == 1
    assert counted[0] <= 20


def test_a_restricted_teams_escalation_is_not_on_an_agents_board(open_ticket, ask, anna, mona, adam, cora):
    ask(open_ticket(team=make_team("Fraud", restricted=True, managers=[mona])), user=mona)

    assert "Nothing is escalated" in words(get(anna, "desk:escalations"))
    assert sum(lanes(get(mona, "desk:escalations")).values()) == 1
    assert NOWHERE in words(get(cora, "desk:escalations"))
