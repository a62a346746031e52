"""Many tickets at once: the rest is done where some refuse, and all of it can be taken back for a day."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from tests.factories.people import make_team
from tickets import actions, bulk, services
from tickets.enums import Deed
from tickets.models import BulkAct, Event, Ticket


@pytest.fixture
def three(open_ticket) -> list[Ticket]:
    return [open_ticket(subject=f"Ticket {number}") for number in range(3)]


@pytest.fixture
def do(anna, three, at):
    def act(deed, value, *, user=anna, numbers=None, now=at):
        chosen = [ticket.number for ticket in three] if numbers is None else numbers
        return bulk.act(user=user, numbers=chosen, deed=deed, value=value, now=now)

    return act


def seen(tickets, what):
    return [what(Ticket.objects.get(pk=ticket.pk)) for ticket in tickets]


WHAT = {
    Deed.ASSIGNEE: ("rosa@meridiano.example", lambda ticket: ticket.assignee and ticket.assignee.name, "Rosa Quiroga"),
    Deed.TEAM: ("cards", lambda ticket: ticket.team.name, "Cards"),
    Deed.STATUS: ("hold", lambda ticket: ticket.status, "on_hold"),
    Deed.PRIORITY: ("urgent", lambda ticket: ticket.priority, "urgent"),
    Deed.TAG: ("VIP", lambda ticket: [tag.name for tag in ticket.tags.all()], ["vip"]),
}


@pytest.mark.parametrize("deed", WHAT)
def test_it_is_done_to_each_and_taken_back_from_each(do, three, anna, rosa, at, deed):
    make_team("Cards")
    value, what, expected = WHAT[deed]
    before = seen(three, what)

    done = do(deed, value)

    assert seen(three, what) == [expected] * 3
    assert [step["number"] for step in done.steps] == [ticket.number for ticket in three]
    assert done.refused == []

    back = bulk.undo(user=anna, pk=done.pk, now=at + timedelta(hours=23))

    # What was new is open once it has been taken up: there is no way back to new.
    assert seen(three, what) == (["open"] * 3 if deed == Deed.STATUS else before)
    assert back.kept == []
    assert Event.objects.filter(ticket=three[0], actor=anna).count() == 2


def test_a_tag_is_taken_from_those_that_have_it_and_given_back_to_them_alone(do, three, anna, at):
    actions.add_tag(ticket=three[0], name="vip", now=at, by=anna)

    done = do(Deed.UNTAG, "vip")
    assert seen(three, lambda ticket: ticket.tags.count()) == [0, 0, 0]

    bulk.undo(user=anna, pk=done.pk, now=at)
    assert seen(three, lambda ticket: ticket.tags.count()) == [1, 0, 0]


@pytest.mark.parametrize(
    ("verbs", "deed"), [(["wait"], "solve"), (["hold"], "solve"), (["solve"], "close"), (["solve", "close"], "reopen")]
)
def test_a_status_finds_its_way_back(do, three, anna, at, verbs, deed):
    for verb in verbs:
        actions.change_status(ticket=three[0], verb=verb, now=at, by=anna)
    before = seen(three[:1], lambda ticket: ticket.status)

    done = do(Deed.STATUS, deed, numbers=[three[0].number])
    assert seen(three[:1], lambda ticket: ticket.status) != before
    bulk.undo(user=anna, pk=done.pk, now=at)

    assert seen(three[:1], lambda ticket: ticket.status) == before


def test_what_one_ticket_refuses_keeps_the_others_from_nothing(do, three, open_ticket, anna, at):
    secret = open_ticket(team=make_team("Fraud", restricted=True))
    actions.change_status(ticket=three[1], verb="solve", now=at, by=anna)
    numbers = [*(ticket.number for ticket in three), secret.number, 987654]

    done = do(Deed.STATUS, "wait", numbers=numbers)

    assert [step["number"] for step in done.steps] == [three[0].number, three[2].number]
    assert done.refused == [
        [three[1].number, "This cannot be done while the ticket is Solved."],
        [secret.number, "There is nothing here for you."],
        [987654, "There is nothing here for you."],
    ]
    assert seen([secret], lambda ticket: ticket.status) == ["new"]


def test_what_somebody_has_changed_since_stays_as_it_is_and_is_named(do, three, anna, rosa, at):
    done = do(Deed.PRIORITY, "urgent")
    services.set_priority(user=rosa, number=three[1].number, priority="low", now=at)

    back = bulk.undo(user=anna, pk=done.pk, now=at)

    assert seen(three, lambda ticket: ticket.priority) == ["normal", "low", "normal"]
    assert back.kept == [[three[1].number, "Somebody has changed it since; it stays as it is."]]


def test_several_are_merged_into_one_of_them_and_taken_apart(do, three, anna, at):
    target = three[2].number

    done = do(Deed.MERGE, str(target))

    assert seen(three, lambda ticket: ticket.merged_into_id) == [target, target, None]
    assert [step["number"] for step in done.steps] == [three[0].number, three[1].number]

    bulk.undo(user=anna, pk=done.pk, now=at)
    assert seen(three, lambda ticket: ticket.merged_into_id) == [None, None, None]


@pytest.mark.parametrize(
    ("deed", "value", "numbers", "sentence"),
    [
        ("nonsense", "x", [1], "Say what is to be done"),
        (Deed.TAG, "x", [], "Choose tickets first"),
        (Deed.TAG, "x", list(range(1, 202)), "At most 200 tickets at a time; 201 were chosen"),
        (Deed.TAG, " ", [1], "must not be empty"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_done(do, deed, value, numbers, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        do(deed, value, numbers=numbers)
    assert not BulkAct.objects.exists()


@pytest.mark.parametrize(
    ("deed", "value", "sentence"),
    [
        (Deed.STATUS, "explode", "There is no such step."),
        (Deed.PRIORITY, "very", "There is no priority"),
        (Deed.TEAM, "nowhere", "There is no team"),
        (Deed.ASSIGNEE, "nobody@example.com", "Nobody at the desk"),
        (Deed.MERGE, "x", "There is no ticket of this number"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_by_each(do, deed, value, sentence):
    done = do(deed, value)

    assert done.steps == []
    assert all(sentence in said for _number, said in done.refused)
    assert len(done.refused) == 3


def test_only_its_author_takes_it_back_once_and_within_a_day(do, anna, rosa, cora, at):
    done = do(Deed.PRIORITY, "urgent")

    for other in (rosa, cora):
        with pytest.raises(NotFound):
            bulk.undo(user=other, pk=done.pk, now=at)
    with pytest.raises(NotAllowedNow, match="more than a day"):
        bulk.undo(user=anna, pk=done.pk, now=at + timedelta(hours=25))
    bulk.undo(user=anna, pk=done.pk, now=at)
    with pytest.raises(NotAllowedNow, match="taken back already"):
        bulk.undo(user=anna, pk=done.pk, now=at)


def test_customers_do_nothing_in_bulk(do, cora):
    with pytest.raises(Refused):
        do(Deed.PRIORITY, "urgent", user=cora)
