"""Many tickets at once: the rest is done where some refuse, and all of it can be taken back for a day."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from escalation import sweep
from sla.explain import account_of
from sla.models import Breach, Clock
from tests.factories.people import make_team
from tickets import actions, bulk, labelling, services
from tickets.enums import Deed, EventKind
from tickets.models import BulkAct, Event, OwnerSpell, Ticket

HOUR = timedelta(hours=1)


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

    assert seen(three, what) == before
    assert back.kept == []
    assert Event.objects.filter(ticket=three[0], actor=anna).count() == 2


def test_a_tag_is_taken_from_those_that_have_it_and_given_back_to_them_alone(do, three, anna, at):
    labelling.add_tag(ticket=three[0], name="vip", now=at, by=anna)

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


STEPS = [
    ([], "wait"),
    ([], "hold"),
    ([], "solve"),
    (["wait"], "resume"),
    (["wait"], "hold"),
    (["wait"], "solve"),
    (["hold"], "wait"),
    (["solve"], "close"),
    (["solve"], "reopen"),
    (["solve", "close"], "reopen"),
]


@pytest.mark.parametrize(("verbs", "deed"), STEPS)
def test_a_step_taken_back_leaves_ticket_and_clocks_as_if_nobody_had_touched_them(
    policy, do, three, anna, rosa, at, verbs, deed
):
    ticket, rest = three[0], at + timedelta(days=3)
    actions.assign(ticket=ticket, assignee=rosa, now=at, by=anna)
    for verb in verbs:
        actions.change_status(ticket=ticket, verb=verb, now=at + HOUR, by=anna)
    if "solve" not in verbs:
        services.snooze(user=anna, number=ticket.number, until=rest, now=at + HOUR)
    before, clocks = standing_of(ticket), clocks_of(ticket, at + 4 * HOUR)

    done = do(Deed.STATUS, deed, numbers=[ticket.number], now=at + 2 * HOUR)
    bulk.undo(user=anna, pk=done.pk, now=at + 3 * HOUR)

    assert standing_of(ticket) == before
    assert clocks_of(ticket, at + 4 * HOUR) == clocks
    spells = OwnerSpell.objects.filter(ticket=ticket, owner=rosa)
    owned = sum(((spell.ended_at or at + 4 * HOUR) - spell.started_at for spell in spells), timedelta())
    assert owned == (HOUR if "solve" in verbs else 4 * HOUR)
    last = ticket.events.filter(kind=EventKind.STATUS).last()
    assert (last.actor, last.data["reason"]) == (anna, "taken back")


def standing_of(ticket):
    now = Ticket.objects.get(pk=ticket.pk)
    return now.status, now.assignee, now.solved_at, now.closed_at, now.snoozed_until, now.next_due_at


def clocks_of(ticket, until):
    """As they stand on the row, and as their ledger tells it."""
    rows = Clock.objects.filter(ticket=ticket).order_by("pk")
    told = [account_of(clock, until) for clock in rows]
    return [
        (clock.metric, clock.state, clock.due_at, clock.met_at, account.used, account.state)
        for clock, account in zip(rows, told, strict=True)
    ]


def test_a_promise_that_broke_before_the_step_was_taken_back_stays_broken(policy, do, three, anna, at):
    actions.change_status(ticket=three[0], verb="wait", now=at + HOUR, by=anna)
    done = do(Deed.STATUS, "resume", numbers=[three[0].number], now=at + 2 * HOUR)

    bulk.undo(user=anna, pk=done.pk, now=at + 8 * HOUR)

    states = dict(three[0].clocks.values_list("metric", "state"))
    assert states == {"first_response": "breached", "resolution": "paused"}


def test_a_time_that_passed_while_it_was_solved_by_mistake_is_missed(policy, do, three, anna, at):
    done = do(Deed.STATUS, "solve", now=at + HOUR)
    bulk.undo(user=anna, pk=done.pk, now=at + 8 * HOUR)

    sweep.clocks.collect(at + 8 * HOUR)

    assert {breach.due_at for breach in Breach.objects.all()} == {at + 6 * HOUR}
    assert Breach.objects.count() == 3


def test_a_clock_that_has_moved_since_follows_like_after_any_step(policy, do, three, anna, at):
    done = do(Deed.STATUS, "wait", numbers=[three[0].number], now=at + HOUR)
    actions.set_priority(ticket=three[0], priority="urgent", now=at + 2 * HOUR, by=anna)

    bulk.undo(user=anna, pk=done.pk, now=at + 3 * HOUR)

    for clock in three[0].clocks.all():
        assert clock.state == "running"
        assert account_of(clock, at + 3 * HOUR).used == HOUR


def test_who_was_solved_again_since_is_not_brought_back_by_the_first_undo(do, three, anna, rosa, cora, at):
    done = do(Deed.STATUS, "solve")
    for verb in ("reopen", "solve"):
        services.change_status(user=rosa, number=three[1].number, verb=verb, now=at)

    back = bulk.undo(user=anna, pk=done.pk, now=at)

    assert seen(three, lambda ticket: ticket.status) == ["new", "solved", "new"]
    assert back.kept == [[three[1].number, "Somebody has changed it since; it stays as it is."]]


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
