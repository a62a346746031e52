from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from escalation import services
from escalation.models import Escalation, StepSpell
from escalation.spells import leave
from people.enums import Role
from tests.desk.helpers import NOWHERE, fragment, get, post, queries, signed_in, words
from tests.factories.people import make_organisation, make_team, make_user

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


def test_r10_a_lane_shows_the_first_by_severity_and_then_by_time_left_and_leads_to_the_rest(
    open_ticket, escalate, mona, monkeypatch, at
):
    monkeypatch.setattr("desk.looks.escalations.board.IN_LANE", 2)
    late, severe, soon = (escalate(open_ticket(), severity=level) for level in (3, 2, 3))
    _due(late, at + timedelta(minutes=9))
    _due(soon, at + timedelta(minutes=2))

    page = get(mona, "desk:escalations")

    lane = page.context["board"].lanes[1]
    assert [card.number for card in lane.cards] == [severe.number, soon.number]
    assert (lane.count, lane.more) == (3, 1)
    assert '<a href="/escalations/?look=list&step=initiated">1 more</a>' in words(page)
    rows = get(mona, "desk:escalations", look="list", step="initiated").context["board"].cards
    assert [card.number for card in rows] == [severe.number, soon.number, late.number]


def test_the_figures_are_of_all_and_not_of_what_is_shown(open_ticket, escalate, ask, mona, monkeypatch, time, at):
    monkeypatch.setattr("desk.looks.escalations.board.IN_LANE", 1)
    monkeypatch.setattr("desk.looks.escalations.board.PAGE", 1)
    severe = [escalate(open_ticket(), severity=1) for _ in range(3)]
    asked = [ask(open_ticket()) for _ in range(2)]
    _due(severe[2], at + timedelta(minutes=50), "first_hour")
    time.move_to(at + timedelta(minutes=56))

    for look in ("", "list"):
        tiles = {tile.label: tile for tile in get(mona, "desk:escalations", look=look).context["board"].tiles}

        assert {label: tile.figure for label, tile in tiles.items()} == {
            "Open": 5,
            "Waiting for your decision": len(asked),
            "First hour at risk": len(severe),
            "Updates overdue": 0,
            "Resolved, not closed": 0,
        }
        assert tiles["Open"].note == "3 at severity 1"
        assert tiles["Waiting for your decision"].note == "oldest 56m"
        assert tiles["First hour at risk"].note == f"{severe[2]}, by 6 min"


def test_a_promise_that_nobody_waits_for_any_more_is_no_figure(open_ticket, escalate, mona, time, at):
    """Whoever is past the step has informed everybody; what was made good is no risk."""
    passed, kept = escalate(open_ticket(), severity=1), escalate(open_ticket(), severity=1)
    Escalation.objects.bulk_update([_at(passed, "resolving")], ["state"])
    kept.deadlines.update(met_at=at)
    time.move_to(at + timedelta(hours=2))

    tiles = {tile.label: tile.figure for tile in get(mona, "desk:escalations").context["board"].tiles}

    assert tiles["First hour at risk"] == 0
    assert tiles["Open"] == 2


def test_the_list_goes_on_page_by_page(open_ticket, escalate, mona, monkeypatch):
    monkeypatch.setattr("desk.looks.escalations.board.PAGE", 2)
    made = [escalate(open_ticket()) for _ in range(3)]

    first, last = (get(mona, "desk:escalations", look="list", page=page) for page in ("1", "99"))

    assert "Page 1 of 2, 3 escalations" in words(first)
    shown = [card.number for page in (first, last) for card in page.context["board"].cards]
    assert shown == [one.number for one in made]
    assert 'href="/escalations/?look=list&page=2"' in words(first)
    assert 'href="/escalations/?look=list&page=1"' in words(last)


@pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30])
def test_a_page_that_is_no_number_is_the_first(open_ticket, escalate, mona, page):
    escalate(open_ticket())

    assert len(get(mona, "desk:escalations", look="list", page=page).context["board"].cards) == 1


def test_r55_what_is_resolved_and_not_closed_grows_old_in_sight(open_ticket, escalate, mona, time, at):
    young, old, _running = (escalate(open_ticket(), severity=level) for level in (3, 1, 2))
    for escalation, days in ((young, 1), (old, 3)):
        escalation.resolved_at = at - timedelta(days=days)
        Escalation.objects.bulk_update([_at(escalation, "resolved")], ["state", "resolved_at"])

    page = get(mona, "desk:escalations", look="ageing")

    assert [(one.facts.number, one.age, one.goal, one.over) for one in page.context["old"]] == [
        (old.number, "3d 0h", "1d 0h", "2d 0h"),
        (young.number, "1d 0h", "3d 0h", ""),
    ]
    assert "verification, access of 1 of 1, its cause" in words(page)
    tile = get(mona, "desk:escalations").context["board"].tiles[-1]
    assert (tile.figure, tile.note) == (2, "oldest 3d 0h")
    assert '<a href="/escalations/?look=ageing">Resolved, not closed</a>' in words(get(mona, "desk:escalations"))


@pytest.mark.once
def test_the_queries_do_not_grow(open_ticket, escalate):
    """For whoever manages, and for whoever sees a part of it."""
    readers = [signed_in(make_user(f"{role.label} Reader", role)) for role in (Role.MANAGER, Role.AGENT)]
    counted: list[list[list[int]]] = []
    for more in (1, 2, 47):
        for number in range(more):
            requester = make_user(f"C{more} {number}", Role.CUSTOMER, email=f"c{more}.{number}@x.example")
            escalation = escalate(open_ticket(requester=requester))
        Escalation.objects.bulk_update([_at(escalation, "resolved")], ["state"])
        looks = [f"{reverse('desk:escalations')}?look={look}" for look in ("", "list", "ageing")]
        counted.append([[queries(client, look) for look in looks] for client in readers])

    assert counted[0] == counted[1] == counted[2]
    assert max(max(each) for each in counted[0]) <= 16


def test_r87_a_lane_says_the_median_of_those_that_left_it_and_the_plot_marks_who_stands_longer(
    open_ticket, escalate, mona, time, at
):
    left = escalate(open_ticket())
    for minutes in (9, 10, 12, 50, 55):
        leave(_at(left, "initiated"), "initiated", at + timedelta(minutes=minutes))
    StepSpell.objects.create(escalation=left, state="initiated", ended_at=at - timedelta(days=91), seconds=1)
    long = escalate(open_ticket(), severity=1)
    time.move_to(at + timedelta(minutes=46))

    page = get(mona, "desk:escalations")

    initiate, communicate = page.context["board"].lanes[1:3]
    assert (initiate.pace, communicate.pace) == ("median 12m", "no median yet, 0 of 5")
    said = words(page)
    assert f"<title>{long}, 46m</title>" in said and "<title>Median 12m</title>" in said
    table = said.partition("Show as table")[2]
    assert f'<a href="/escalations/{long.number}/">{long}</a> S1 46m' in table and "Not enough data" in table


def test_r87_the_medians_are_of_what_the_filter_names_and_of_what_the_reader_sees(
    open_ticket, escalate, anna, mona, cora, at
):
    quick, slow = (escalate(open_ticket(), severity=level) for level in (2, 3))
    for one, minutes in ((quick, 10), (slow, 50)):
        for _again in range(5):
            leave(_at(one, "initiated"), "initiated", at + timedelta(minutes=minutes))

    def initiate(who, **query):
        return get(who, "desk:escalations", **query).context["board"].lanes[1].pace

    assert initiate(mona) == initiate(anna) == "median 30m"
    assert (initiate(mona, severity="2"), initiate(mona, severity="3")) == ("median 10m", "median 50m")
    assert initiate(mona, severity="1") == "no median yet, 0 of 5"
    kept = make_team("Legal", managers=[mona], restricted=True)
    type(slow.ticket).objects.filter(pk=slow.ticket_id).update(team=kept)
    assert initiate(make_user("Otto Else"), severity="3") == "no median yet, 0 of 5"
    assert initiate(mona, severity="3") == "median 50m"


def test_leaving_a_step_is_written_down_and_what_has_ended_stands_at_none(open_ticket, escalate, mona, time, at):
    number = escalate(open_ticket()).number
    time.move_to(at + timedelta(minutes=20))
    services.deescalate(user=mona, number=number, reason="It has come back by itself.", now=time.now)

    spell = StepSpell.objects.get()
    assert (spell.escalation_id, spell.state, spell.seconds, spell.ended_at) == (number, "initiated", 1200, time.now)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"severity": "1"}, {"severe"}),
        ({"tier": "business"}, {"big"}),
        ({"tier": "standard"}, {"alone"}),
        ({"team": "fraud"}, {"big"}),
        ({"q": "LIVRARIA october"}, {"severe"}),
        ({"q": "E-{big}"}, {"big"}),
        ({"q": "nobody says this"}, set()),
        ({"severity": "x", "tier": "gold"}, {"severe", "big", "alone"}),
    ],
)
def test_the_board_is_filtered_by_its_address_alone(open_ticket, escalate, mona, payments, query, found):
    banco = make_organisation("Banco", tier="business")
    big = make_user("Bia", Role.CUSTOMER, email="b@x.example", organisation=banco)
    alone = make_user("Alo", Role.CUSTOMER, email="a@x.example")
    made = {
        "severe": escalate(open_ticket(), severity=1, summary="The October payout"),
        "big": escalate(open_ticket(requester=big)),
        "alone": escalate(open_ticket(requester=alone)),
    }
    Escalation.objects.filter(pk=made["big"].pk).update(team=make_team("Fraud"))
    query = {name: value.format(big=made["big"].number) for name, value in query.items()}

    for look in ("", "list"):
        page = get(mona, "desk:escalations", look=look, **query)
        board = page.context["board"]
        cards = [card for lane in board.lanes for card in lane.cards] if not look else board.cards
        assert {name for name, one in made.items() if one.number in {card.number for card in cards}} == found
        assert board.count == len(found)
    if not found:
        assert "No open escalation is like that" in words(page)


def test_a_card_is_acknowledged_where_it_stands_by_whoever_was_alerted_and_the_board_comes_back(
    open_ticket, escalate, mona, terminals
):
    escalation = escalate(open_ticket())
    marta = terminals.members.get(name="Marta Kowal")
    outsider = make_user("Otto Else")
    here = f"{reverse('desk:escalations')}?severity={escalation.severity}"
    button = f'formaction="/escalations/{escalation.number}/acknowledge/"'

    assert button not in words(get(outsider, "desk:escalations"))
    assert f'name="next" value="{here}"' in words(signed_in(mona).get(here))
    for who in (mona, marta):
        assert button in words(get(who, "desk:escalations"))
    answer = post(mona, "desk:escalation_verb", escalation.number, "acknowledge", next=here)

    assert answer["Location"] == here
    assert Escalation.objects.get(pk=escalation.pk).acknowledged_by == mona
    assert button not in words(get(mona, "desk:escalations"))
    elsewhere = post(mona, "desk:escalation_verb", escalation.number, "acknowledge", next="https://elsewhere.example/")
    assert elsewhere["Location"] == f"/escalations/{escalation.number}/"


def _due(escalation: Escalation, at: datetime, kind: str = "hand_off") -> None:
    escalation.deadlines.filter(kind=kind).update(due_at=at)


def _at(escalation: Escalation, state: str) -> Escalation:
    """As if it had gone there: its row alone."""
    escalation.__dict__["state"] = state
    return escalation


def test_a_restricted_teams_escalation_is_not_on_an_agents_board(open_ticket, ask, anna, mona, adam, cora):
    ask(open_ticket(team=make_team("Fraud", restricted=True, managers=[mona])), user=mona)

    assert "Nothing is escalated" in words(get(anna, "desk:escalations"))
    assert sum(lanes(get(mona, "desk:escalations")).values()) == 1
    assert NOWHERE in words(get(cora, "desk:escalations"))


def test_r39_an_escalated_ticket_carries_its_escalation_wherever_it_is_listed(open_ticket, escalate, cora, mona, at):
    ticket = open_ticket(subject="Payouts stuck")
    escalation = escalate(ticket)

    def lists() -> dict[str, bool]:
        pages = {
            "inbox": get(mona, "desk:inbox"),
            "search": get(mona, "desk:inbox", q="payouts"),
            "ticket": get(mona, "desk:ticket", ticket.number),
            "customer": get(mona, "desk:customer_person", cora.pk),
            "organisation": get(mona, "desk:customer", cora.organisation.pk),
            "palette": get(mona, "desk:jump", q="payouts"),
            "field": get(mona, "desk:ticket_find", q="payouts"),
        }
        assert [name for name, page in pages.items() if "Payouts stuck" not in words(page)] == []
        return {name: escalation.reference in words(page) for name, page in pages.items()}

    assert lists() == dict.fromkeys(lists(), True)
    services.deescalate(user=mona, number=escalation.number, reason="A duplicate.", now=at)
    after = lists()
    assert [name for name in ("inbox", "search", "palette", "field") if after[name]] == []


@pytest.mark.once
@pytest.mark.parametrize("look", ["", "list"])
def test_a_card_that_was_drawn_before_says_what_time_it_is_now(open_ticket, escalate, mona, look, time, at):
    escalate(open_ticket(), severity=1, summary="Braces {since} {0} {% now %}")
    assert "Accept the hand-off by" in words(get(mona, "desk:escalations", look=look))
    for minutes in (20, 25):
        time.move_to(at + timedelta(minutes=minutes))
        shown = words(get(mona, "desk:escalations", look=look))
        assert f"{minutes}m" in shown
        assert "Braces {since} {0} {% now %}" in shown

    services.acknowledge(user=mona, number=Escalation.objects.get().number, now=time.now)
    time.move_to(at + timedelta(minutes=80))
    assert "Hand-off not accepted" in words(get(mona, "desk:escalations", look=look))
