"""The rehearsal says what would really have come of it, and leaves nothing behind."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.apps import apps

from sla.models import Policy
from sla.policies import Terms, check_targets, terms_of
from sla.publishing import create_policy
from sla.rehearsal.comparing import Outcome, digest, played_past, rehearse
from sla.rehearsal.plan import plan_as_it_is, plan_with
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
    """In one order, and without what the desk's rows do not say."""
    return sorted((replace(one, severity=0) for one in found), key=lambda one: one.key)


def from_first(found: list[Outcome], first: int) -> list[Outcome]:
    return [replace(one, number=one.number - first) for one in found]


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
    came = [one for turn in found.turns for one in turn.more]
    assert {one.threshold.key for one in came} == {"1%"}
    assert found.after.escalated == len(came)
    assert found.after.alerts == found.before.alerts + len(came)


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

    assert found.turns == []
    assert found.tickets == 5
    assert found.before == found.after


def test_a_rehearsal_leaves_no_row_behind(desk, at, django_assert_max_num_queries, mailoutbox):
    policy = as_it_is(desk, at)
    until = desk.play(3, at, tickets=4, steps=30)
    before = counts()

    found = rehearse(policy, redrawn(desk, policy), since=at - A_MONTH, until=until)

    assert found.turns
    assert counts() == before
    assert mailoutbox == []


def counts() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


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
    assert "internal" not in {turn.one.metric for turn in [*found.gained, *found.lost, *found.moved]}


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
