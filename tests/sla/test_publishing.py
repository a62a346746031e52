"""A policy's versions: drafted without effect, published for whom the administrator says, gone back to."""

from dataclasses import replace
from datetime import timedelta

import pytest

from calendars.actions import create_calendar
from common.errors import InvalidInput, NotAllowedNow
from sla import publishing
from sla.difference import difference
from sla.matching import current_versions
from sla.models import Clock, Policy, PolicyVersion
from sla.moving import moves
from sla.policies import TargetSpec, terms_of
from tests.factories.sla import HOUR, make_policy

HOURS = timedelta(hours=1)


def quicker(version: PolicyVersion, seconds: int):
    """The same terms with another target for solving."""
    terms = terms_of(version)
    return replace(
        terms,
        targets=tuple(
            replace(spec, seconds=seconds) if spec.metric == "resolution" else spec for spec in terms.targets
        ),
    )


@pytest.fixture
def version(policy: Policy) -> PolicyVersion:
    return policy.versions.get()


def test_a_draft_never_acts(policy, version, open_ticket, at):
    draft = publishing.save_draft(policy=policy, terms=quicker(version, HOUR), now=at, by=None)

    ticket = open_ticket()

    assert draft.is_draft
    assert draft.number == 2
    assert current_versions() == [version]
    assert ticket.clocks.get(metric="resolution").target_seconds == 24 * HOUR


def test_a_draft_is_saved_over_and_one_that_somebody_else_saved_meanwhile_is_not(policy, version, at):
    first = publishing.save_draft(policy=policy, terms=quicker(version, HOUR), now=at, by=None)
    second = publishing.save_draft(
        policy=policy, terms=quicker(version, 2 * HOUR), now=at + HOURS, by=None, seen=first.created_at
    )

    with pytest.raises(NotAllowedNow, match="Somebody else"):
        publishing.save_draft(policy=policy, terms=quicker(version, 9), now=at, by=None, seen=first.created_at)
    with pytest.raises(NotAllowedNow, match="Somebody else"):
        publishing.publish_draft(policy=policy, applies_to="new", now=at, by=None, seen=first.created_at)

    with pytest.raises(NotAllowedNow, match="Somebody else"):
        publishing.save_draft(policy=policy, terms=quicker(version, 9), now=at, by=None, seen=None)

    assert second.pk == first.pk
    assert set(second.targets.filter(metric="resolution").values_list("seconds", flat=True)) == {2 * HOUR}


@pytest.mark.parametrize(("applies_to", "hours"), [("new", 24), ("new_and_open", 5)])
def test_a_published_draft_is_in_force_for_whom_it_was_published(
    applies_to, hours, policy, version, open_ticket, adam, at
):
    ticket = open_ticket()
    publishing.save_draft(policy=policy, terms=quicker(version, 5 * HOUR), now=at, by=None)

    published = publishing.publish_draft(policy=policy, applies_to=applies_to, now=at + HOURS, by=adam)

    assert (published.number, published.applied_to, published.created_by) == (2, applies_to, adam)
    assert current_versions() == [published]
    assert ticket.clocks.get(metric="resolution").due_at == at + hours * HOURS


def test_what_publishing_would_move_is_what_it_moves(policy, version, open_ticket, at):
    """The page says it before and does it after: the same due times, and nothing is written before."""
    open_ticket()
    later = at + 3 * HOURS
    terms = quicker(version, 5 * HOUR)
    publishing.save_draft(policy=policy, terms=terms, now=later, by=None)
    before = {clock.pk: clock.due_at for clock in Clock.objects.all()}

    foretold = {move.clock.pk: (move.before, move.after) for move in moves(policy, terms, later)}
    assert {clock.pk: clock.due_at for clock in Clock.objects.all()} == before
    publishing.publish_draft(policy=policy, applies_to="new_and_open", now=later, by=None)

    happened = {
        clock.pk: (before[clock.pk], clock.due_at) for clock in Clock.objects.all() if clock.due_at != before[clock.pk]
    }
    assert foretold == happened
    assert len(happened) == 1


def test_the_same_terms_move_nothing(policy, version, open_ticket, at):
    open_ticket()

    assert moves(policy, terms_of(version), at + HOURS) == []


def test_a_move_that_makes_a_ticket_late_at_once_says_so(policy, version, open_ticket, at):
    open_ticket()
    later = at + 3 * HOURS

    (move,) = moves(policy, quicker(version, HOUR), later)

    assert move.after == later
    assert move.is_late(later)


@pytest.mark.once
def test_looking_at_what_moves_costs_the_same_for_one_ticket_and_for_many(
    policy, version, open_ticket, at, django_assert_num_queries
):
    terms = quicker(version, HOUR)
    for number in range(3):
        open_ticket(subject=f"Payout {number}")

    with django_assert_num_queries(1):
        assert len(moves(policy, terms, at + HOURS)) == 3


def test_a_new_promise_is_made_to_open_tickets_from_now_on_and_a_dropped_one_is_cancelled(
    policy, version, open_ticket, at
):
    ticket = open_ticket()
    terms = terms_of(version)
    update = TargetSpec("periodic_update", "normal", 2 * HOUR)
    kept = tuple(spec for spec in terms.targets if spec.metric != "first_response")
    publishing.save_draft(policy=policy, terms=replace(terms, targets=(*kept, update)), now=at, by=None)

    publishing.publish_draft(policy=policy, applies_to="new_and_open", now=at + HOURS, by=None)

    assert ticket.clocks.get(metric="periodic_update").due_at == at + 3 * HOURS
    assert ticket.clocks.get(metric="first_response").state == "cancelled"


def test_a_change_by_the_api_leaves_a_draft_that_waits_its_own(policy, version, at):
    draft = publishing.save_draft(policy=policy, terms=quicker(version, HOUR), now=at, by=None)

    changed = publishing.change_policy(policy=policy, now=at, severities={"urgent": 2})
    draft.refresh_from_db()

    assert (changed.number, draft.number) == (2, 3)
    assert draft.is_draft


def test_going_back_makes_a_new_version_of_the_old_terms(policy, version, at):
    publishing.change_policy(policy=policy, now=at, severities={"urgent": 2}, valid_until=at + 9 * HOURS)

    back = publishing.return_to(policy=policy, number=1, now=at + HOURS, by=None)

    assert back.number == 3
    assert difference(terms_of(version), terms_of(back)) == []
    with pytest.raises(InvalidInput, match="no such version"):
        publishing.return_to(policy=policy, number=9, now=at, by=None)


def test_a_discarded_draft_leaves_what_is_in_force_and_a_policy_that_never_was_goes_with_it(policy, version, at):
    publishing.save_draft(policy=policy, terms=quicker(version, HOUR), now=at, by=None)
    never = publishing.draft_policy(name="Never", terms=terms_of(version), now=at, by=None)

    publishing.discard_draft(policy=policy)
    publishing.discard_draft(policy=never.policy)

    assert list(Policy.objects.all()) == [policy]
    assert policy.versions.get() == version
    with pytest.raises(NotAllowedNow, match="no draft"):
        publishing.publish_draft(policy=policy, applies_to="new", now=at, by=None)


def test_a_target_may_be_counted_round_the_clock_whatever_the_calendar_says(open_ticket, payments, at):
    nights = create_calendar(
        name="Nights",
        time_zone="UTC",
        periods=[{"weekday": day, "start": "22:00", "end": "23:00"} for day in range(7)],
        holidays=[],
        now=at,
    )
    policy = make_policy(at, calendar=nights)
    terms = terms_of(policy.versions.get())
    always = tuple(replace(spec, round_the_clock=spec.metric == "resolution") for spec in terms.targets)
    publishing.save_draft(policy=policy, terms=replace(terms, targets=always), now=at, by=None)
    publishing.publish_draft(policy=policy, applies_to="new", now=at, by=None)

    ticket = open_ticket()

    assert ticket.clocks.get(metric="resolution").due_at == at + 24 * HOURS
    assert ticket.clocks.get(metric="first_response").due_at == at.replace(hour=23) + 5 * 24 * HOURS


def test_a_policy_is_asked_only_while_it_is_valid(open_ticket, payments, at):
    make_policy(at, name="Autumn", order=1, resolution=HOUR, valid_until=at + HOURS, valid_from=at - HOURS)
    make_policy(at, name="Always", order=2)

    inside = open_ticket()
    after = open_ticket(now=at + HOURS)

    assert inside.clocks.get(metric="resolution").policy_version.policy.name == "Autumn"
    assert after.clocks.get(metric="resolution").policy_version.policy.name == "Always"


def test_a_policy_that_ends_before_it_begins_is_refused(db, at):
    with pytest.raises(InvalidInput, match="end after it begins"):
        make_policy(at, valid_from=at, valid_until=at)


def test_the_difference_is_said_in_words(policy, version, at):
    terms = terms_of(version)
    changed = replace(
        quicker(version, 90 * 60),
        conditions={"tier": ["enterprise"]},
        severities={**terms.severities, "low": 3},
    )
    without = tuple(spec for spec in changed.targets if (spec.metric, spec.priority) != ("first_response", "low"))

    said = difference(terms, replace(changed, targets=without))

    assert "Resolve, Urgent: 24 h to 1 h 30 min" in said
    assert "First reply, Low removed, was 6 h" in said
    assert "Condition added: customer tier is Enterprise" in said
    assert "Severity of Low: 4 to 3" in said
    assert difference(terms, terms) == []
