"""Rules after a ticket's arrival: at a change, after quiet time, and for what waits for an owner (R11, R57, R59)."""

from datetime import timedelta

import pytest

from people.models import Absence
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user
from tickets import actions
from tickets.enums import EventKind
from tickets.labelling import add_tag
from tickets.models import AwaitedOwner, QuietFiring, RoutingLook, RoutingRule, Ticket
from tickets.rerouting import looking, rounds
from tickets.routing import compiled, recorded, uses

HOUR = timedelta(hours=1)
URGENT = {"do": "priority", "value": "urgent"}
TURNS = {"do": "assign", "value": "round_robin"}


def tag(name):
    return {"do": "tag", "value": name}


def rule(*does, name="Rule", event="change", order=100, **fields):
    return RoutingRule.objects.create(name=name, actions=list(does), event=event, order=order, **fields)


def quiet(*does, after=4 * HOUR, **fields):
    return rule(*does, event="quiet", quiet_for=after, **fields)


@pytest.fixture
def crew(payments):
    una = make_user("Una Uno", capacity=1)
    return make_team("Crew", members=[una]), una


def to_crew(*more):
    return RoutingRule.objects.create(name="Crew", actions=[{"do": "team", "value": "crew"}, TURNS, *more])


def routed(ticket):
    return [event.data for event in ticket.events.filter(kind=EventKind.ROUTED, actor=None).order_by("pk")][1:]


def tags_of(ticket):
    return set(ticket.tags.values_list("name", flat=True))


def test_a_rule_fires_at_the_change_that_makes_it_hold_and_says_why(open_ticket, anna, time):
    rule(tag("pressing"), conditions={"priority": ["urgent"]})
    ticket = open_ticket()
    rounds.run()
    assert tags_of(ticket) == set()

    actions.set_priority(ticket=ticket, priority="urgent", now=time.now, by=anna)
    rounds.run()

    [told] = routed(ticket)
    assert tags_of(ticket) == {"pressing"}
    account = recorded(told, compiled())
    assert (account.sentence, account.rules[0].parts[0].found) == ("“Rule” fires.", "Urgent")


def test_it_does_not_fire_again_while_it_goes_on_to_hold(open_ticket, anna, time):
    rule(tag("pressing"), conditions={"priority": ["urgent"]})
    ticket = open_ticket()
    for priority in ("urgent", "urgent", "low", "urgent"):
        actions.set_priority(ticket=ticket, priority=priority, now=time.now, by=anna)
        actions.note(ticket=ticket, author=anna, body="Still here.", now=time.now)
        rounds.run()

    assert len(routed(ticket)) == 2


def test_what_holds_on_arrival_is_no_change(open_ticket):
    rule(tag("pressing"), conditions={"priority": ["normal"]})
    ticket = open_ticket()

    rounds.run()

    assert routed(ticket) == [] and not RoutingLook.objects.exclude(next_moment=None).exists()


def test_a_rule_sets_off_the_next_one_and_never_itself(open_ticket, anna, time):
    rule(tag("b"), name="A", conditions={"tags": ["a"]}, order=1)
    rule(tag("c"), name="B", conditions={"tags": ["b"]}, order=2)
    rule({"do": "priority", "value": "high"}, name="Loop", conditions={"tags": ["c"], "priority": {"not": ["low"]}})
    ticket = open_ticket()

    add_tag(ticket=ticket, name="a", now=time.now, by=anna)
    rounds.run(), rounds.run()

    assert [told["rule"] for told in routed(ticket)] == ["A", "B", "Loop"]


def test_an_endless_chain_is_cut_and_the_timeline_says_so(open_ticket, anna, time):
    for number in range(looking.MOST_ROUNDS + 2):
        rule(tag(f"t{number + 1}"), name=f"R{number}", conditions={"tags": [f"t{number}"]}, order=number)
    ticket = open_ticket()

    add_tag(ticket=ticket, name="t0", now=time.now, by=anna)
    rounds.run(), rounds.run()

    [cut] = ticket.events.filter(kind=EventKind.ROUTING_CUT)
    assert cut.data["rule"] == f"R{looking.MOST_ROUNDS}"
    assert len(routed(ticket)) == looking.MOST_ROUNDS


def test_the_first_rule_that_holds_ends_the_search_unless_it_goes_on(open_ticket, anna, time):
    rule(tag("one"), conditions={"priority": ["urgent"]}, order=1, goes_on=True, name="One")
    rule(tag("two"), conditions={"priority": ["urgent"]}, order=2, name="Two")
    rule(tag("three"), conditions={"priority": ["urgent"]}, order=3, name="Three")
    ticket = open_ticket()

    actions.set_priority(ticket=ticket, priority="urgent", now=time.now, by=anna)
    rounds.run()

    assert tags_of(ticket) == {"one", "two"}


def test_after_four_working_hours_of_nothing_it_fires_once_for_each_quiet_spell(open_ticket, anna, at, time):
    quiet(URGENT, tag("quiet"), calendar=make_calendar(at))
    ticket = open_ticket()
    rounds.run()
    moment = RoutingLook.objects.get().next_moment
    assert moment == compiled().of("quiet")[0].hours.due(at, 4 * HOUR) > at + 4 * HOUR - timedelta(seconds=1)

    for moved in (moment - timedelta(minutes=1), moment, moment + HOUR):
        time.move_to(moved)
        rounds.run()
    assert [told["event"] for told in routed(ticket)] == ["quiet"]

    actions.note(ticket=ticket, author=anna, body="I look into it.", now=time.now)
    rounds.run()
    time.move_to(RoutingLook.objects.get().next_moment)
    rounds.run()
    assert len(routed(ticket)) == QuietFiring.objects.count() == 2


def test_who_waits_for_the_customer_is_not_quiet(open_ticket, anna, at, time):
    quiet(tag("quiet"))
    ticket = open_ticket()
    actions.change_status(ticket=ticket, verb="wait", now=at, by=anna)
    time.move_to(at + 9 * HOUR)

    rounds.run()

    assert tags_of(ticket) == set() and RoutingLook.objects.get().next_moment is None


def test_a_quiet_rule_finds_tickets_that_were_there_before_it(open_ticket, at, time):
    ticket = open_ticket()
    time.move_to(at + 5 * HOUR)

    made = quiet(tag("quiet"))
    rounds.run()
    assert tags_of(ticket) == {"quiet"}

    for is_enabled in (False, True):
        RoutingRule.objects.filter(pk=made.pk).update(is_enabled=is_enabled, actions=[tag("again")])
        other = open_ticket()
        rounds.run()
    time.move_to(at + 10 * HOUR)
    rounds.run()
    assert tags_of(other) == {"again"}


def test_without_such_rules_a_change_leaves_no_letter(open_ticket, anna, at):
    ticket = open_ticket()

    actions.note(ticket=ticket, author=anna, body="Hm.", now=at)

    assert not RoutingLook.objects.exists()


def test_one_ticket_that_cannot_be_looked_at_stops_no_other(open_ticket, anna, at, monkeypatch):
    rule(tag("pressing"), conditions={"priority": ["urgent"]})
    bad, good = open_ticket(), open_ticket()
    for ticket in (bad, good):
        actions.set_priority(ticket=ticket, priority="urgent", now=at, by=anna)
    real = looking.lock_ticket
    monkeypatch.setattr(looking, "lock_ticket", lambda number: real(number if number != bad.number else -1))

    rounds.run()

    row = RoutingLook.objects.get(ticket=bad)
    assert tags_of(good) == {"pressing"}
    assert row.attempts == 1 and row.next_moment > at


def test_what_waits_for_an_owner_gets_one_when_there_is_room_the_gravest_first(open_ticket, crew, anna, at, time):
    _team, una = crew
    to_crew()
    first, waiting, grave = open_ticket(), open_ticket(), open_ticket()
    Ticket.objects.filter(pk=grave.pk).update(severity=2)
    assert (first.assignee, waiting.assignee, grave.assignee) == (una, None, None)

    rounds.run()
    assert AwaitedOwner.objects.count() == 2
    actions.change_status(ticket=first, verb="solve", now=at, by=anna)
    rounds.run()

    assert [Ticket.objects.get(pk=one.pk).assignee for one in (waiting, grave)] == [None, una]
    assert routed(grave)[-1]["event"] == "waiting"
    assert AwaitedOwner.objects.get().ticket_id == waiting.number


def test_and_when_somebody_is_back(open_ticket, crew, at, time):
    _team, una = crew
    to_crew()
    Absence.objects.create(user=una, starts_at=at - HOUR, ends_at=at + HOUR)
    ticket = open_ticket()
    rounds.run()
    assert Ticket.objects.get(pk=ticket.pk).assignee is None

    time.move_to(at + HOUR)
    rounds.run()

    assert Ticket.objects.get(pk=ticket.pk).assignee == una


@pytest.mark.parametrize("how", ["taken", "solved", "moved"])
def test_what_needs_nobody_any_more_waits_no_longer(open_ticket, crew, payments, anna, at, how):
    to_crew()
    open_ticket()
    ticket = open_ticket()
    done = {
        "taken": lambda: actions.assign(ticket=ticket, assignee=anna, now=at, by=anna),
        "solved": lambda: actions.change_status(ticket=ticket, verb="solve", now=at, by=anna),
        "moved": lambda: actions.assign(ticket=ticket, team=payments, now=at, by=anna),
    }
    done[how]()

    rounds.run()

    assert not AwaitedOwner.objects.exists()


def test_a_calendar_that_a_rule_counts_in_is_in_use(adam, payments, at):
    calendar = make_calendar(at)
    quiet(tag("quiet"), calendar=calendar, name="Quiet")

    assert list(uses.calendars_in_use([calendar.pk])) == [(calendar.pk, "the routing rule “Quiet”")]


def test_a_row_whose_rule_cannot_be_read_keeps_nobody_else_from_an_owner(open_ticket, crew, anna, at):
    _team, una = crew
    to_crew()
    first, poisoned, well = open_ticket(), open_ticket(), open_ticket()
    AwaitedOwner.objects.filter(ticket=poisoned).update(action={"nonsense": 1})
    actions.change_status(ticket=first, verb="solve", now=at, by=anna)

    rounds.run()

    assert Ticket.objects.get(pk=well.pk).assignee == una
    assert AwaitedOwner.objects.get().ticket_id == poisoned.number
