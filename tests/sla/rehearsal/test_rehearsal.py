"""The rehearsal says what would really have come of it, and leaves nothing behind."""

import gc
import pickle
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.apps import apps

from sla.models import Policy
from sla.policies import Terms, check_targets, terms_of
from sla.publishing import create_policy
from sla.rehearsal.comparing import Outcome, digest, outcome_of, played_past
from sla.rehearsal.past import Teams, numbers_since, past_of
from sla.rehearsal.plan import both_plans, plan_as_it_is, plan_with
from sla.rehearsal.rehearsing import rehearse
from sla.rehearsal.stage import play_both
from sla.team_targets import check_team_targets
from tests.sla.rehearsal.scripts import Desk, between_teams, kept_outcomes, targets
from tickets.models import Ticket

A_MONTH = timedelta(days=30)


@pytest.fixture
def desk(db, at) -> Desk:
    return Desk(at)


def as_it_is(desk: Desk, at: datetime) -> Policy:
    """A policy for some by tag, and one for the rest; the first is the one that is redrawn."""
    first = create_policy(
        name="Gold",
        conditions={"tier": ["enterprise"]},
        calendar=desk.office,
        targets=targets(2, 4, 0, 8),
        team_targets=between_teams(1, 2),
        pauses={"customer": ["resolution", "next_response"], "supplier": ["resolution"]},
        order=1,
        now=at,
    )
    create_policy(name="Everybody", targets=targets(4, 8, 12, 24), order=2, now=at)
    return first


def redrawn(desk: Desk, policy: Policy) -> Terms:
    """Shorter, round the clock for some, one promise more, without those with a tag, other pauses."""
    terms = terms_of(policy.versions.get())
    given = [{**target, "round_the_clock": target["priority"] == "urgent"} for target in targets(1, 3, 6, 5)]
    own = [{**one, "round_the_clock": one["priority"] == "high"} for one in between_teams(3, 1)]
    return replace(
        terms,
        targets=tuple(check_targets(given)),
        team_targets=check_team_targets(own),
        conditions={"tier": ["enterprise"], "tags": {"not": ["vip"]}},
        pauses={"customer": ["resolution"], "planned_work": ["resolution", "periodic_update"], "supplier": []},
    )


def lines(found: list[Outcome]) -> list[Outcome]:
    """In one order."""
    return sorted(found, key=lambda one: one.key)


def from_first(found: list[Outcome], first: int) -> list[Outcome]:
    return [one._replace(number=one.number - first) for one in found]


# Two stories on each database, and two that one database is enough for.
SEEDS = [0, 1, pytest.param(2, marks=pytest.mark.once), pytest.param(3, marks=pytest.mark.once)]


def test_playing_the_past_gives_what_the_desks_own_clocks_came_to(desk, at):
    as_it_is(desk, at)
    until = desk.play(4, at, tickets=4, steps=45)

    played = played_past(plan_as_it_is(), at - A_MONTH, until)

    assert lines(played) == lines(kept_outcomes(0))
    assert len(played) > 4
    assert any(one.metric == "internal" for one in played)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_rehearsal_is_what_saving_it_and_living_through_the_days_again_comes_to(seed, desk, at):
    policy = as_it_is(desk, at)
    terms = redrawn(desk, policy)
    until = desk.play(seed, at, tickets=4, steps=45)
    first = Ticket.objects.order_by("number")[0].number
    assert lines(played_past(plan_as_it_is(), at - A_MONTH, until)) == lines(kept_outcomes(0))
    foretold = from_first(played_past(plan_with(policy, terms), at - A_MONTH, until), first)

    empty_but_for_people()
    create_policy(
        name="Gold",
        conditions=terms.conditions,
        calendar=desk.office,
        targets=[
            {
                "metric": spec.metric,
                "priority": spec.priority,
                "seconds": spec.seconds,
                "thresholds": [75],
                "round_the_clock": spec.round_the_clock,
            }
            for spec in terms.targets
        ],
        team_targets=[
            {
                "team": spec.team.slug,
                "priority": spec.priority,
                "seconds": spec.seconds,
                "round_the_clock": spec.round_the_clock,
            }
            for spec in terms.team_targets
        ],
        pauses=terms.pauses,
        order=1,
        now=at,
    )
    create_policy(name="Everybody", targets=targets(4, 8, 12, 24), order=2, now=at)
    desk.play(seed, at, tickets=4, steps=45)

    lived = kept_outcomes(Ticket.objects.order_by("number")[0].number)
    assert lines(foretold) == lines(lived)
    assert digest(foretold) == digest(lived)


# What a threshold does, and a person as well: a deed that changed nothing in one past is told by no event in it.
NOT_AS_PEOPLE_DO = ("reply", "reply", "answer", "answer", "wait", "resume", "solve", "reopen", "move")
ON_THE_WAY = [
    50,
    {"percent": 80, "actions": [{"do": "notify", "value": "lead"}, {"do": "tag", "value": "at risk"}]},
    {"offset": -1800, "actions": [{"do": "raise", "value": "step"}]},
    {"offset": 0, "actions": [{"do": "reassign", "value": "risk"}]},
    {"offset": 7200, "actions": [{"do": "notify", "value": "managers"}, {"do": "escalate", "value": ""}]},
]


@pytest.mark.parametrize("seed", [1, 2])
def test_thresholds_that_change_the_ticket_are_foretold_as_they_are_lived(seed, desk, at):
    policy = as_it_is(desk, at)
    given = [{**target, "thresholds": ON_THE_WAY} for target in targets(1, 3, 0, 5)]
    terms = replace(terms_of(policy.versions.get()), targets=tuple(check_targets(given)))
    until = desk.play(seed, at, tickets=4, steps=30, deeds=NOT_AS_PEOPLE_DO)
    first = Ticket.objects.order_by("number")[0].number
    plan = plan_with(policy, terms)
    foretold = from_first(played_past(plan, at - A_MONTH, until), first)

    empty_but_for_people()
    create_policy(
        name="Gold",
        conditions=terms.conditions,
        calendar=desk.office,
        targets=given,
        team_targets=between_teams(1, 2),
        pauses=terms.pauses,
        order=1,
        now=at,
    )
    create_policy(name="Everybody", targets=targets(4, 8, 12, 24), order=2, now=at)
    desk.play(seed, at, tickets=4, steps=30, deeds=NOT_AS_PEOPLE_DO)

    first = Ticket.objects.order_by("number")[0].number
    lived = kept_outcomes(first)
    assert lines(foretold) == lines(lived)
    assert digest(foretold) == digest(lived)
    assert {key for one in lived for key in one.fired} >= {"50%", "80%", "-1800"}
    # Played again, what the thresholds did in this past is theirs, and not a person's.
    assert digest(from_first(played_past(plan_as_it_is(), at - A_MONTH, until), first)) == digest(lived)


def test_a_draft_that_only_alerts_otherwise_says_who_would_have_been_told_and_when(desk, at):
    policy = as_it_is(desk, at)
    given = [
        {**target, "thresholds": [75, {"percent": 1, "actions": ON_THE_WAY[-1]["actions"]}]}
        for target in targets(2, 4, 0, 8)
    ]
    terms = replace(terms_of(policy.versions.get()), targets=tuple(check_targets(given)))
    until = desk.play(5, at, tickets=6, steps=60)

    found = rehearse(policy, terms, since=at - A_MONTH, until=until)

    assert not found.gained
    assert not found.moved
    assert found.told_otherwise
    assert {one.fired.threshold.key for one in found.more} == {"1%"}
    assert found.more == sorted(found.more, key=lambda one: one.fired.at, reverse=True)
    assert found.after.escalated == len(found.more)
    assert found.after.alerts == found.before.alerts + len(found.more)


def empty_but_for_people() -> None:
    Ticket.objects.update(merged_into=None)
    Ticket.objects.all().delete()
    Policy.objects.all().update(is_enabled=False)
    for policy in Policy.objects.all():
        policy.name = f"{policy.name} of yesterday"
        policy.save()


def test_unchanged_terms_change_nothing(desk, at):
    policy = as_it_is(desk, at)
    until = desk.play(7, at, tickets=5, steps=40)

    found = rehearse(policy, terms_of(policy.versions.get()), since=at - A_MONTH, until=until)

    assert (found.different, found.moved, found.told_otherwise, found.more) == (0, 0, 0, [])
    assert found.gained == found.lost == []
    assert found.tickets == 5
    assert found.before == found.after


def test_a_rehearsal_leaves_no_row_behind(desk, at, django_assert_max_num_queries, mailoutbox):
    policy = as_it_is(desk, at)
    until = desk.play(3, at, tickets=4, steps=30)
    before = counts()

    found = rehearse(policy, redrawn(desk, policy), since=at - A_MONTH, until=until)

    assert found.different
    assert counts() == before
    assert mailoutbox == []


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_a_ticket_that_is_promised_the_same_in_both_is_played_once_and_rightly(desk, at):
    policy = as_it_is(desk, at)
    terms = redrawn(desk, policy)
    until = desk.play(2, at, tickets=6, steps=40)
    plans, teams = both_plans(policy, terms), Teams()

    pasts = past_of(numbers_since(at - A_MONTH), teams, plans[0].asked | plans[1].asked)
    pairs = [play_both(past, plans, teams, until) for past in pasts]

    assert {before is after for before, after in pairs} == {True, False}
    for number, plan in enumerate(plans):
        played = [outcome_of(clock) for pair in pairs for clock in pair[number]]
        assert digest(played) == digest(played_past(plan, at - A_MONTH, until))


class Here:
    """A pool of processes whose children are this process."""

    def __init__(self, _count, _context, begin, given):
        begin(*given)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        gc.unfreeze()

    def map(self, do, parts):
        return [sent(do(sent(part))) for part in parts]


def sent(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - what it reads it has written


def test_what_several_processes_play_adds_up_to_the_whole(desk, at, monkeypatch):
    policy = as_it_is(desk, at)
    terms = redrawn(desk, policy)
    until = desk.play(17, at, tickets=6, steps=60)
    whole = rehearse(policy, terms, since=at - A_MONTH, until=until)
    monkeypatch.setattr("common.processes.ProcessPoolExecutor", Here)
    monkeypatch.setattr("sla.rehearsal.rehearsing.WORTH_A_PROCESS", 1)
    monkeypatch.setattr("sla.rehearsal.rehearsing.BATCH", 2)
    told = []

    shared = rehearse(
        policy,
        terms,
        since=at - A_MONTH,
        until=until,
        processes=2,
        progress=lambda done, _all: told.append(done),
    )

    assert told == [2, 4, 6]
    assert shared == whole
    assert shared.gained
    assert shared.more


@pytest.mark.once
def test_breaches_gained_and_lost_are_said_with_their_team(desk, at):
    policy = as_it_is(desk, at)
    until = desk.play(17, at, tickets=6, steps=60)

    found = rehearse(policy, redrawn(desk, policy), since=at - A_MONTH, until=until)
    back = rehearse(policy, terms_of(policy.versions.get()), since=at - A_MONTH, until=until)

    assert found.after.breaches - found.before.breaches == len(found.gained) - len(found.lost)
    assert found.before.breaches == back.after.breaches
    assert found.after.by_team.total() == found.after.breaches == found.after.by_day.total()
    assert found.gained
    assert found.before.missed_inside != found.after.missed_inside
    assert "internal" not in {turn.one.metric for turn in [*found.gained, *found.lost]}


@pytest.mark.once
def test_the_cost_does_not_grow_with_the_tickets(desk, at, django_assert_max_num_queries):
    policy = as_it_is(desk, at)
    terms = redrawn(desk, policy)
    until = desk.play(1, at, tickets=8, steps=40)

    with django_assert_max_num_queries(16):
        rehearse(policy, terms, since=at - A_MONTH, until=until)


@pytest.mark.once
def test_only_the_newest_are_played_where_so_many_are_asked_for_and_progress_is_told(desk, at):
    policy = as_it_is(desk, at)
    until = desk.play(1, at, tickets=8, steps=60)
    told = []

    found = rehearse(
        policy,
        redrawn(desk, policy),
        since=at - A_MONTH,
        until=until,
        at_most=3,
        progress=lambda done, whole: told.append((done, whole)),
    )

    assert found.tickets == 3
    assert told == [(3, 3)]
