"""A dry run says what would be otherwise: team, owner, priority, severity and tags, each counted, with examples."""

import pytest

from tests.factories.people import make_team, make_user
from tickets.models import RoutingRule, Ticket
from tickets.routing.book import book_of
from tickets.routing.replaying import Change, What, replay

EVERYTHING = [
    {"do": "team", "value": "risk"},
    {"do": "assign", "value": "round_robin"},
    {"do": "priority", "value": "urgent"},
    {"do": "severity", "value": 2},
    {"do": "tag", "value": "payout"},
]


@pytest.fixture
def risk(db):
    people = [make_user(name, "agent", email=f"{name}@meridiano.example", capacity=1) for name in ("ines", "joao")]
    for person in people:
        person.gravest_severity = 1
        person.save()
    return make_team("Risk", members=people)


def rule(actions=EVERYTHING, **more) -> RoutingRule:
    return RoutingRule.objects.create(name="Payouts", conditions={"keywords": ["payout*"]}, actions=actions, **more)


def run(now, *, before=None):
    numbers = list(Ticket.objects.order_by("number").values_list("number", flat=True))
    (found,) = replay(book_of(RoutingRule.objects.all()), numbers, now, before=before)
    return found


def test_all_that_rules_say_is_compared_with_what_the_tickets_have_now(open_ticket, risk, anna, time):
    mine, other = open_ticket(subject="Payout stuck"), open_ticket(subject="Payouts late", tags=["payout"])
    open_ticket(subject="A card")
    Ticket.objects.filter(pk=mine.pk).update(assignee=anna, severity=3)
    known = rule()

    found = run(time.now)

    assert (found.tickets, found.touched) == (3, 2)
    assert dict(found.changed[What.TEAM]) == {("payments", "risk"): 2}
    assert dict(found.changed[What.OWNER]) == {(anna.name, "ines"): 1, ("", "joao"): 1}
    assert dict(found.changed[What.PRIORITY]) == {("normal", "urgent"): 2}
    assert dict(found.changed[What.SEVERITY]) == {("3", "2"): 1, ("", "2"): 1}
    assert dict(found.changed[What.TAG]) == {("", "payout"): 1}
    assert found.examples[What.TAG] == [Change(mine.number, "", "payout", known.pk)]
    assert [one.number for one in found.examples[What.OWNER]] == [mine.number, other.number]


def test_what_rules_do_not_speak_of_is_no_change_whoever_changed_it_since(open_ticket, risk, anna, time):
    ticket = open_ticket(subject="Payout", tags=["vip"])
    Ticket.objects.filter(pk=ticket.pk).update(assignee=anna, severity=1, priority="high", team=risk)
    rule([{"do": "team", "value": "risk"}])

    found = run(time.now)

    assert found.touched == 0
    assert not any(found.changed.values())


def test_turns_go_round_however_full_everybody_is_today(open_ticket, risk, time):
    for _number in range(4):
        open_ticket(subject="Payout")
    rule()

    found = run(time.now)

    assert dict(found.changed[What.OWNER]) == {("", "ines"): 2, ("", "joao"): 2}


def test_two_sets_of_rules_are_compared_with_each_other(open_ticket, risk, time):
    ticket = open_ticket(subject="Payout stuck", priority="low")
    known = rule()
    before = book_of(RoutingRule.objects.all())
    known.actions = [{"do": "team", "value": "risk"}, {"do": "tag", "value": "money"}]
    known.save()

    found = run(time.now, before=before)

    assert not found.changed[What.TEAM]
    assert dict(found.changed[What.PRIORITY]) == {("urgent", "low"): 1}
    assert dict(found.changed[What.SEVERITY]) == {("2", ""): 1}
    assert dict(found.changed[What.OWNER]) == {("ines", ""): 1}
    assert set(found.changed[What.TAG]) == {("payout", ""), ("", "money")}
    assert {one.number for one in found.examples[What.TAG]} == {ticket.number}
