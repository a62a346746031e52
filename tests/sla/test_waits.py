"""What a ticket stands still for, and which clocks that stops by its policy."""

from dataclasses import replace
from datetime import timedelta

import pytest

from common.errors import InvalidInput
from sla.difference import difference
from sla.explain import account_of, settled_account_of
from sla.models import Clock
from sla.moving import moves, team_moves
from sla.policies import Terms, check_pauses, terms_of
from sla.publishing import change_policy
from sla.sweep import collect
from tests.factories.people import make_team
from tests.factories.sla import HOUR, make_policy, same_for_all
from tickets import actions as tickets
from tickets import bulk, merging, stepping_back
from tickets.models import Event

H = timedelta(hours=1)
OWN = {"team": "payments", "priority": "normal", "seconds": 2 * HOUR}
PAUSES = {"customer": ["first_response", "resolution"], "supplier": ["resolution"], "planned_work": ["first_response"]}


@pytest.fixture
def strict(payments, at):
    return make_policy(at, pauses=PAUSES)


def step(ticket, verb, at, by, **words):
    return tickets.change_status(ticket=ticket, verb=verb, now=at, by=by, **words)


def states(ticket):
    return {clock.metric: clock.state for clock in Clock.objects.filter(ticket=ticket)}


def waited(ticket, metric="resolution"):
    """Each line of the ledger that pauses or sets going, with what it waits for."""
    lines = Clock.objects.get(ticket=ticket, metric=metric).lines()
    return [(line.kind, line.waits_for) for line in lines if line.kind in {"paused", "resumed"}]


def test_by_default_waiting_for_the_customer_stops_all_and_being_on_hold_stops_none(policy, open_ticket, anna, at):
    waiting, held = open_ticket(), open_ticket()

    step(waiting, "wait", at, anna)
    step(held, "hold", at, anna)

    assert states(waiting) == {"first_response": "paused", "resolution": "paused"}
    assert states(held) == {"first_response": "running", "resolution": "running"}
    assert waited(waiting) == [("paused", "customer")]
    assert [Event.objects.filter(ticket=one).last().data["waits_for"] for one in (waiting, held)] == [
        "customer",
        "supplier",
    ]


@pytest.mark.parametrize(
    ("waits_for", "stopped"),
    [("", {"resolution"}), ("supplier", {"resolution"}), ("planned_work", {"first_response"}), ("colleagues", set())],
)
def test_the_policy_says_which_reason_stops_which_clock(waits_for, stopped, strict, open_ticket, anna, at):
    ticket = open_ticket()

    step(ticket, "hold", at + H, anna, waits_for=waits_for, reason="The part is ordered")

    assert {metric for metric, state in states(ticket).items() if state == "paused"} == stopped
    ticket.refresh_from_db()
    assert ticket.stands_still_for == (waits_for or "supplier")


def test_what_is_waited_for_changes_and_each_clock_follows_with_what_it_has_used(strict, open_ticket, anna, at):
    ticket = open_ticket()

    step(ticket, "hold", at + H, anna)
    step(ticket, "wait", at + 2 * H, anna)
    step(ticket, "hold", at + 4 * H, anna, waits_for="planned_work")
    step(ticket, "resume", at + 5 * H, anna)

    first, resolve = (Clock.objects.get(ticket=ticket, metric=name) for name in ("first_response", "resolution"))
    assert waited(ticket, "first_response") == [("paused", "customer"), ("paused", "planned_work"), ("resumed", "")]
    assert waited(ticket) == [("paused", "supplier"), ("paused", "customer"), ("resumed", "")]
    assert first.due_at == at + 9 * H
    assert resolve.due_at == at + 27 * H
    for clock in (first, resolve):
        assert account_of(clock, at + 6 * H).due_at == clock.due_at
    told = [(segment.waits_for, segment.to - segment.from_) for segment in account_of(first, at + 6 * H).segments]
    assert [one for one in told if one[0]] == [("customer", 2 * H), ("planned_work", H)]


def test_a_clock_that_runs_while_the_ticket_is_on_hold_is_broken_as_any_other(strict, open_ticket, anna, at):
    ticket = open_ticket()
    step(ticket, "hold", at + H, anna)

    collect(at + 30 * H)

    assert states(ticket) == {"first_response": "breached", "resolution": "paused"}


@pytest.mark.parametrize(
    ("verb", "waits_for"), [("hold", "customer"), ("wait", "supplier"), ("solve", "customer"), ("hold", "the moon")]
)
def test_a_reason_that_does_not_go_with_the_step_is_refused_and_nothing_happens(
    verb, waits_for, strict, open_ticket, anna, at
):
    ticket = open_ticket()

    with pytest.raises(InvalidInput) as refused:
        step(ticket, verb, at, anna, waits_for=waits_for)

    assert list(refused.value.errors) == ["waits_for"]
    ticket.refresh_from_db()
    assert ticket.status == "new"


def test_a_promise_that_begins_on_a_ticket_that_stands_still_begins_paused(open_ticket, payments, anna, cora, at):
    make_policy(at, pauses={"supplier": ["next_response"]})
    policy = change_policy(
        policy=make_policy(at, name="Next", order=1, pauses={"supplier": ["next_response", "periodic_update"]}),
        targets=same_for_all("next_response", HOUR) + same_for_all("periodic_update", HOUR),
        now=at,
    )
    assert policy.pauses == {"supplier": ["next_response", "periodic_update"]}
    ticket = open_ticket()
    step(ticket, "hold", at, anna)

    tickets.reply(ticket=ticket, author=anna, body="We wait.", now=at + H / 2)
    tickets.customer_wrote(ticket=ticket, author=cora, body="For whom?", now=at + H)

    assert set(Clock.objects.filter(ticket=ticket, met_at=None).values_list("metric", "state")) == {
        ("next_response", "paused"),
        ("periodic_update", "paused"),
    }


def test_the_customers_word_ends_a_wait_and_leaves_no_line_of_a_pause_behind(open_ticket, payments, anna, cora, at):
    make_policy(at, pauses={"customer": ["next_response", "resolution"]})
    ticket = open_ticket()
    step(ticket, "wait", at + H, anna)

    tickets.customer_wrote(ticket=ticket, author=cora, body="Here.", now=at + 2 * H)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.waits_for) == ("open", "")
    assert waited(ticket) == [("paused", "customer"), ("resumed", "")]


def test_a_new_version_for_open_tickets_stops_and_sets_going_what_stands_still(strict, open_ticket, anna, at):
    ticket = open_ticket()
    step(ticket, "hold", at + H, anna)

    change_policy(policy=strict, pauses={"supplier": ["first_response"]}, now=at + 2 * H, applies_to="new_and_open")

    assert states(ticket) == {"first_response": "paused", "resolution": "running"}
    assert Clock.objects.get(ticket=ticket, metric="resolution").due_at == at + 25 * H


def test_before_publishing_it_is_said_what_would_stop_and_what_would_run_and_so_it_does(
    strict, open_ticket, anna, at, django_assert_num_queries
):
    held, same = open_ticket(), open_ticket()
    step(held, "hold", at + H, anna)
    step(same, "wait", at + H, anna)
    terms = replace(terms_of(strict.versions.get()), pauses={**PAUSES, "supplier": ["first_response"]})

    with django_assert_num_queries(1):
        foretold = moves(strict, terms, at + 2 * H)
    change_policy(policy=strict, pauses=terms.pauses, now=at + 2 * H, applies_to="new_and_open")

    first, resolve = (Clock.objects.get(ticket=held, metric=name) for name in ("first_response", "resolution"))
    assert [(move.clock.pk, move.before, move.after) for move in foretold] == [
        (first.pk, at + 6 * H, None),
        (resolve.pk, None, at + 25 * H),
    ]
    assert not any(move.ends for move in foretold)
    assert (first.due_at, resolve.due_at) == (None, at + 25 * H)
    assert states(same) == {"first_response": "paused", "resolution": "paused"}


def test_another_priority_keeps_what_stands_still_as_its_policy_says(payments, open_ticket, anna, at):
    make_policy(at, name="Urgent", order=1, conditions={"priority": ["urgent"]}, pauses={"supplier": []})
    make_policy(at, pauses={"supplier": ["resolution"]})
    ticket = open_ticket()
    step(ticket, "hold", at + H, anna)

    tickets.set_priority(ticket=ticket, priority="urgent", now=at + 2 * H, by=anna)
    urgent = states(ticket)
    tickets.set_priority(ticket=ticket, priority="low", now=at + 3 * H, by=anna)

    assert urgent["resolution"] == "running"
    assert states(ticket)["resolution"] == "paused"


@pytest.mark.once
@pytest.mark.parametrize(
    ("before", "mistake"),
    [
        (None, ("hold", "")),
        (None, ("wait", "")),
        (None, ("solve", "")),
        (("hold", ""), ("wait", "")),
        (("hold", ""), ("resume", "")),
        (("hold", ""), ("solve", "")),
        (("hold", "colleagues"), ("wait", "")),
        (("wait", ""), ("hold", "")),
        (("wait", ""), ("hold", "planned_work")),
        (("wait", ""), ("resume", "")),
    ],
)
def test_a_mistaken_step_that_is_taken_back_costs_no_clock_anything(before, mistake, strict, open_ticket, anna, at):
    """As if it had not been: what was paused is paused, what ran has run all the while."""
    ticket, same = open_ticket(), open_ticket()
    for one in (ticket, same):
        if before:
            step(one, before[0], at + H, anna, waits_for=before[1])
    ticket.refresh_from_db()
    same.refresh_from_db()
    was = stepping_back.standing(ticket)
    step(ticket, mistake[0], at + 2 * H, anna, waits_for=mistake[1])

    stepping_back.step_back(ticket=ticket, was=was, done_at=at + 2 * H, now=at + 3 * H, by=anna)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.waits_for) == (same.status, same.waits_for)
    assert states(ticket) == states(same)
    used = {
        one: {c.metric: settled_account_of(c, at + 4 * H).used for c in Clock.objects.filter(ticket=one)}
        for one in (ticket, same)
    }
    assert used[ticket] == used[same]


def test_a_merge_taken_apart_waits_for_what_it_waited_for(strict, open_ticket, anna, at):
    ticket, other = open_ticket(), open_ticket()
    step(ticket, "hold", at + H, anna, waits_for="planned_work")
    made = merging.merge(source=ticket, target=other, now=at + 2 * H, by=anna)

    merging.unmerge(merge=made, now=at + 3 * H, by=anna)

    ticket.refresh_from_db()
    assert (ticket.status, ticket.waits_for) == ("on_hold", "planned_work")
    assert states(ticket) == {"first_response": "paused", "resolution": "running"}


def test_many_are_put_on_hold_with_a_reason_and_taken_back(strict, open_ticket, anna, at):
    ticket = open_ticket()

    done = bulk.act(user=anna, numbers=[ticket.number], deed="status", value="hold:colleagues", now=at + H)
    wrong = bulk.act(user=anna, numbers=[ticket.number], deed="status", value="hold:moon", now=at + H)
    ticket.refresh_from_db()
    held = (ticket.status, ticket.waits_for)
    bulk.undo(user=anna, pk=done.pk, now=at + 2 * H)

    ticket.refresh_from_db()
    assert held == ("on_hold", "colleagues")
    assert "waits for one of" in str(wrong.refused)
    assert (ticket.status, ticket.waits_for) == ("new", "")


def test_what_is_kept_of_pauses_is_in_one_order_and_without_what_says_nothing():
    assert check_pauses({"planned_work": [], "supplier": ["resolution", "first_response", "resolution"]}) == {
        "supplier": ["first_response", "resolution"]
    }


@pytest.mark.parametrize(
    "given", [[], {"moon": []}, {"customer": "resolution"}, {"customer": ["lunch"]}, {"customer": ["promised_update"]}]
)
def test_pauses_that_make_no_sense_are_refused(given):
    with pytest.raises(InvalidInput) as refused:
        check_pauses(given)

    assert list(refused.value.errors) == ["pauses"]


@pytest.mark.django_db
def test_the_difference_says_what_stops_for_what():
    before, after = Terms(()), Terms((), pauses={"supplier": ["resolution"], "customer": ["resolution"]})

    assert difference(before, after) == [
        "Stops for waiting on the customer: First reply, Next reply, Update, Resolve to Resolve",
        "Stops for waiting on a supplier added: Resolve",
    ]


def in_hand(ticket, team) -> Clock:
    return Clock.every.internal().get(ticket=ticket, responsible_team=team)


@pytest.mark.parametrize(
    ("pauses", "verb", "stopped"),
    [
        (None, "wait", {"first_response", "resolution", "internal"}),
        (None, "hold", set()),
        ({"supplier": ["resolution"]}, "hold", {"resolution", "internal"}),
        ({"supplier": ["first_response"]}, "hold", {"first_response"}),
    ],
)
def test_a_teams_own_time_stands_still_with_the_promise_to_solve_and_with_no_other(
    pauses, verb, stopped, open_ticket, payments, anna, at
):
    make_policy(at, team_targets=[OWN], pauses=pauses)
    ticket = open_ticket()

    step(ticket, verb, at + H, anna)
    held = {clock.metric for clock in Clock.every.filter(ticket=ticket, state="paused")}
    step(ticket, "resume", at + 3 * H, anna)

    assert held == stopped
    clock = in_hand(ticket, payments)
    assert (clock.state, clock.due_at) == ("running", at + (4 if "internal" in stopped else 2) * H)


def test_before_publishing_it_is_said_that_a_teams_clock_stops_and_runs_with_the_promise_to_solve(
    open_ticket, payments, anna, at
):
    policy = make_policy(at, team_targets=[OWN], pauses={})
    step(open_ticket(), "hold", at, anna)
    running = terms_of(policy.versions.get())
    stopped = replace(running, pauses={"supplier": ["resolution"]})

    first = [(move.before, move.after) for move in team_moves(policy, stopped, at + H)]
    change_policy(policy=policy, pauses=stopped.pauses, now=at + H, applies_to="new_and_open")
    second = [(move.before, move.after) for move in team_moves(policy, running, at + 2 * H)]

    assert first == [(at + 2 * H, None)]
    assert second == [(None, at + 3 * H)]
    assert team_moves(policy, stopped, at + 2 * H) == []


def test_a_team_that_gets_a_ticket_on_hold_begins_paused_where_its_policy_says_so(open_ticket, payments, anna, at):
    risk = make_team("Risk")
    make_policy(at, team_targets=[OWN, {**OWN, "team": "risk"}], pauses={"planned_work": ["resolution"]})
    ticket = open_ticket()
    step(ticket, "hold", at + H, anna, waits_for="planned_work")

    tickets.assign(ticket=ticket, team=risk, now=at + 2 * H, by=anna)
    begun = in_hand(ticket, risk)
    step(ticket, "resume", at + 3 * H, anna)

    assert (begun.state, [line.waits_for for line in begun.lines() if line.kind == "paused"]) == (
        "paused",
        ["planned_work"],
    )
    assert in_hand(ticket, risk).due_at == at + 5 * H
    assert in_hand(ticket, payments).used == H
