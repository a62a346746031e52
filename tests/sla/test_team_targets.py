"""Internal targets: what a team uses is counted by a clock of its own, and is no promise to anybody outside (R42)."""

from datetime import timedelta
from random import Random

import pytest

from calendars.actions import create_calendar
from escalation.models import Escalation
from notifications.models import Alert, Delivery
from people.enums import Role
from sla import sweep
from sla.difference import difference
from sla.enums import ClockState
from sla.explain import account_of
from sla.matching import current_versions, team_targets_for
from sla.models import Breach, Clock, TeamTarget
from sla.moving import end_promises
from sla.policies import terms_of
from sla.publishing import change_policy, create_policy, publish_draft, return_to, save_draft
from sla.rehours import move_clocks
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user
from tests.factories.sla import HOUR, make_policy, same_for_all
from tickets import actions, merging, trash
from tickets.enums import Priority
from tickets.models import Event

HOURS = timedelta(hours=1)


def own(team: str, hours: int, priority: str = "normal", **flags) -> dict:
    return {"team": team, "priority": priority, "seconds": hours * HOUR, **flags}


@pytest.fixture
def risk(rosa, mona, anna):
    return make_team("Risk", lead=rosa, managers=[mona], members=[anna])


@pytest.fixture
def policy(payments, risk, at):
    return make_policy(at, team_targets=[own("payments", 2), own("risk", 4), own("payments", 1, "high")])


def clock_of(ticket, team) -> Clock:
    return Clock.every.internal().get(ticket=ticket, responsible_team=team)


def used(clock: Clock, now) -> timedelta:
    clock.refresh_from_db()
    return clock.used + (clock.hours.worked(clock.running_since, now) if clock.running_since else timedelta())


def test_the_team_that_gets_a_ticket_has_a_clock_and_no_other_team(policy, open_ticket, payments, at):
    ticket = open_ticket()

    (clock,) = Clock.every.internal()
    assert (clock.responsible_team, clock.target_seconds, clock.due_at) == (payments, 2 * HOUR, at + 2 * HOURS)
    assert [line.kind for line in clock.entries.all()] == ["started"]
    assert clock.name == "Internal, Payments"
    ticket.refresh_from_db()
    assert ticket.next_due_at == at + 6 * HOURS


def test_without_internal_targets_there_is_no_internal_clock(db, at, open_ticket):
    make_policy(at)
    open_ticket()

    assert not Clock.every.internal().exists()


def test_handing_over_stops_one_teams_clock_and_starts_the_others(policy, open_ticket, payments, risk, anna, at):
    ticket = open_ticket()

    actions.assign(ticket=ticket, team=risk, now=at + HOURS, by=anna)

    first, second = clock_of(ticket, payments), clock_of(ticket, risk)
    assert (first.state, first.used, first.met_at) == (ClockState.MET, HOURS, at + HOURS)
    assert (second.state, second.started_at, second.cycle) == (ClockState.RUNNING, at + HOURS, 2)
    assert second.due_at == at + 5 * HOURS


def test_a_team_that_gets_it_back_goes_on_with_what_it_had_used(policy, open_ticket, payments, risk, anna, at):
    ticket = open_ticket()
    actions.assign(ticket=ticket, team=risk, now=at + HOURS, by=anna)

    actions.assign(ticket=ticket, team=payments, now=at + 3 * HOURS, by=anna)

    clock = clock_of(ticket, payments)
    assert (clock.state, clock.used, clock.due_at) == (ClockState.RUNNING, HOURS, at + 4 * HOURS)
    assert account_of(clock, at + 3 * HOURS).due_at == at + 4 * HOURS
    assert used(clock_of(ticket, risk), at + 9 * HOURS) == 2 * HOURS


def test_a_team_without_a_target_is_not_counted(policy, open_ticket, payments, anna, at):
    ticket = open_ticket()
    actions.assign(ticket=ticket, team=make_team("Finance"), now=at + HOURS, by=anna)

    assert [clock.responsible_team for clock in Clock.every.internal()] == [payments]
    assert clock_of(ticket, payments).is_stopped


def test_it_waits_while_the_customer_has_to_answer_and_a_new_team_waits_too(
    policy, open_ticket, payments, risk, anna, at
):
    ticket = open_ticket()
    actions.change_status(ticket=ticket, verb="wait", now=at + HOURS, by=anna)
    actions.assign(ticket=ticket, team=risk, now=at + 2 * HOURS, by=anna)
    assert clock_of(ticket, risk).state == ClockState.PAUSED

    actions.customer_wrote(ticket=ticket, author=ticket.requester, body="So.", now=at + 5 * HOURS)

    assert clock_of(ticket, risk).due_at == at + 9 * HOURS
    assert used(clock_of(ticket, payments), at + 9 * HOURS) == HOURS


def test_solving_stops_it_and_reopening_lets_the_team_that_has_it_go_on(policy, open_ticket, payments, anna, at):
    ticket = open_ticket()
    actions.change_status(ticket=ticket, verb="solve", now=at + HOURS, by=anna)
    assert clock_of(ticket, payments).state == ClockState.MET

    actions.change_status(ticket=ticket, verb="reopen", now=at + 9 * HOURS, by=anna)

    assert clock_of(ticket, payments).due_at == at + 10 * HOURS


def test_another_priority_is_another_target_and_none_where_the_policy_has_none(policy, open_ticket, payments, anna, at):
    ticket = open_ticket()
    actions.set_priority(ticket=ticket, priority=Priority.HIGH, now=at + HOURS / 2, by=anna)
    assert clock_of(ticket, payments).due_at == at + HOURS

    actions.set_priority(ticket=ticket, priority=Priority.LOW, now=at + HOURS * 3 / 4, by=anna)
    assert clock_of(ticket, payments).state == ClockState.CANCELLED

    actions.set_priority(ticket=ticket, priority=Priority.NORMAL, now=at + HOURS, by=anna)
    assert used(clock_of(ticket, payments), at + HOURS) == HOURS * 3 / 4
    assert clock_of(ticket, payments).due_at == at + HOURS * 9 / 4


def test_a_ticket_that_is_put_away_or_merged_counts_on_when_it_is_back(policy, open_ticket, payments, mona, at):
    ticket, other = open_ticket(), open_ticket()
    trash.put_away(ticket=ticket, what="trash", now=at + HOURS / 2, by=mona)
    assert clock_of(ticket, payments).is_stopped
    trash.bring_back(ticket=ticket, now=at + HOURS, by=mona)
    assert clock_of(ticket, payments).due_at == at + 2 * HOURS

    merging.merge(source=ticket, target=other, now=at + HOURS, by=mona)
    assert clock_of(ticket, payments).is_stopped


# What comes of missing it.


def test_missing_it_alerts_lead_and_managers_once_and_opens_no_escalation(
    policy, open_ticket, rosa, mona, payments, at
):
    ticket = open_ticket()

    for late in (2, 3, 4):
        sweep.collect(at + late * HOURS)

    told = Alert.objects.exclude(kind="warning")
    assert sorted(told.values_list("recipient__name", flat=True)) == ["Mona Farias", "Rosa Quiroga"]
    assert Delivery.objects.filter(subject__contains="has used up its time").count() == 2
    assert told[0].title == f"Payments has used up its time for #{ticket.number}"
    assert not Breach.objects.exists()
    assert not Escalation.objects.exists()
    assert Event.objects.get(ticket=ticket, kind="sla.internal_missed").data["team"] == "Payments"
    assert not Event.objects.filter(kind="sla.breached").exists()
    clock = clock_of(ticket, payments)
    assert (clock.state, clock.breached_at) == (ClockState.BREACHED, at + 2 * HOURS)
    ticket.organisation.refresh_from_db()
    assert ticket.organisation.breach_count == 0


def test_a_late_hand_over_before_a_late_sweep_is_missed_all_the_same(policy, open_ticket, payments, risk, anna, at):
    ticket = open_ticket()

    actions.assign(ticket=ticket, team=risk, now=at + 3 * HOURS, by=anna)
    sweep.collect(at + 3 * HOURS)

    assert clock_of(ticket, payments).breached_at == at + 2 * HOURS
    assert Alert.objects.exclude(kind="warning").count() == 2


def test_before_it_is_missed_the_owner_is_warned_and_without_one_the_teams_lead(
    policy, open_ticket, anna, rosa, payments, at
):
    mine, nobodys = open_ticket(), open_ticket()
    actions.assign(ticket=mine, team=payments, assignee=anna, now=at, by=anna)
    unwarned = create_policy(
        name="Urgent",
        conditions={"priority": ["urgent"]},
        order=1,
        targets=same_for_all("resolution", 9 * HOUR),
        team_targets=[own("payments", 2, "urgent", warn_at=None)],
        now=at,
    )
    open_ticket(priority="urgent")

    sweep.collect(at + HOURS * 3 / 2 - timedelta(seconds=1))
    before = Alert.objects.exists()
    sweep.collect(at + HOURS * 3 / 2)
    sweep.collect(at + HOURS * 7 / 4)

    assert not before
    assert set(Alert.objects.filter(kind="warning").values_list("recipient", "title")) == {
        (anna.pk, f"Payments has until 12:00 for #{mine.number}"),
        (rosa.pk, f"Payments has until 12:00 for #{nobodys.number}"),
    }
    assert clock_of(mine, payments).fired == ["75%"]
    assert Event.objects.get(ticket=mine, kind="sla.warned").data == {"metric": "internal", "percent": 75}
    assert clock_of(unwarned.versions.get().clocks.first().ticket, payments).fired == []


def test_where_the_policy_says_so_missing_it_escalates_and_nobody_is_alerted_twice(payments, open_ticket, at):
    make_policy(at, team_targets=[own("payments", 2, escalates=True)])
    ticket = open_ticket()

    sweep.collect(at + 2 * HOURS)

    letter = Breach.objects.get()
    assert (letter.ticket, letter.metric, letter.responsible_team) == (ticket, "internal", payments)
    assert not Alert.objects.exclude(kind="warning").exists()


def test_a_missed_team_that_pauses_and_comes_back_is_counted_without_its_pauses(
    policy, open_ticket, payments, risk, anna, at
):
    ticket = open_ticket()
    sweep.collect(at + 2 * HOURS)
    actions.change_status(ticket=ticket, verb="wait", now=at + 3 * HOURS, by=anna)
    actions.change_status(ticket=ticket, verb="resume", now=at + 5 * HOURS, by=anna)
    actions.assign(ticket=ticket, team=risk, now=at + 6 * HOURS, by=anna)
    actions.assign(ticket=ticket, team=payments, now=at + 7 * HOURS, by=anna)

    clock = clock_of(ticket, payments)
    assert used(clock, at + 8 * HOURS) == 5 * HOURS == account_of(clock, at + 8 * HOURS).used
    assert account_of(clock, at + 8 * HOURS).due_at == clock.due_at == at + 2 * HOURS
    sweep.collect(at + 8 * HOURS)
    assert Alert.objects.exclude(kind="warning").count() == 2


# The sums.


@pytest.mark.parametrize("seed", range(3))
def test_the_teams_times_add_up_to_the_time_that_the_ticket_was_in_hand(seed, payments, risk, open_ticket, anna, at):
    """Over hand-overs, pauses, returns, solving and reopening: against a customer's clock that never runs out."""
    chance = Random(seed)
    office = create_calendar(
        name="Office",
        time_zone="America/Sao_Paulo",
        periods=[{"weekday": day, "start": "09:00", "end": "18:00"} for day in range(5)],
        holidays=[],
        now=at,
    )
    teams = [payments, risk, make_team("Settlement"), make_team("Integrations")]
    create_policy(
        name="Office hours",
        calendar=office,
        targets=same_for_all("resolution", 5000 * HOUR),
        team_targets=[own(team.slug, 1 + place, p) for place, team in enumerate(teams) for p in Priority.values],
        pauses={"customer": ["resolution", "first_response"], "supplier": ["resolution"], "colleagues": []},
        now=at,
    )
    ticket, now = open_ticket(), at
    for _step in range(25):
        now += timedelta(minutes=chance.randrange(1, 600), microseconds=chance.randrange(1_000_000))
        deed = chance.choice(
            ["assign", "assign", "wait", "hold", "hold:colleagues", "resume", "solve", "reopen", "sweep", "priority"]
        )
        ticket.refresh_from_db()
        try:
            if deed == "sweep":
                sweep.collect(now)
            elif deed == "assign":
                actions.assign(ticket=ticket, team=chance.choice(teams), now=now, by=anna)
            elif deed == "priority":
                actions.set_priority(ticket=ticket, priority=chance.choice(Priority.values), now=now, by=anna)
            else:
                verb, _colon, waits_for = deed.partition(":")
                actions.change_status(ticket=ticket, verb=verb, waits_for=waits_for, now=now, by=anna)
        except Exception as error:
            if "NotAllowed" not in type(error).__name__:
                raise

        whole = used(ticket.clocks.get(metric="resolution"), now)
        internal = list(Clock.every.internal().filter(ticket=ticket))
        assert sum((used(clock, now) for clock in internal), timedelta()) == whole
        assert sum((account_of(clock, now).used for clock in internal), timedelta()) == whole
        assert sum(clock.running_since is not None for clock in internal) <= 1
    assert any(clock.breached_at for clock in internal)


# Versions.


def test_a_version_keeps_its_internal_targets_like_its_targets(policy, payments, adam, at):
    first = policy.versions.get()
    second = change_policy(policy=policy, team_targets=[own("risk", 5, escalates=True)], now=at, by=adam)
    third = change_policy(policy=policy, name="Other", now=at, by=adam)
    back = return_to(policy=policy, number=first.number, now=at, by=adam)

    assert first.team_targets.count() == 3
    assert [str(one) for one in second.team_targets.all()] == ["risk normal: 18000 s, escalates"]
    assert terms_of(third).team_targets == terms_of(second).team_targets
    assert terms_of(back) == terms_of(first)


def test_what_a_version_changes_in_them_is_said_in_words(policy, at):
    before = policy.versions.get()
    after = change_policy(
        policy=policy,
        team_targets=[own("payments", 3, escalates=True), own("risk", 4, round_the_clock=True)],
        now=at,
    )

    assert difference(terms_of(before), terms_of(after)) == [
        "Internal, Payments, High removed, was 1 h",
        "Internal, Payments, Normal: 2 h to 3 h, escalates when missed",
        "Internal, Risk, Normal: 4 h to 4 h round the clock",
    ]


def test_publishing_for_open_tickets_moves_starts_and_ends_internal_clocks(
    policy, open_ticket, payments, risk, anna, at
):
    ticket, elsewhere = open_ticket(), open_ticket()
    actions.assign(ticket=elsewhere, team=risk, now=at, by=anna)
    change_policy(policy=policy, team_targets=[own("payments", 5)], applies_to="new_and_open", now=at + HOURS)

    assert clock_of(ticket, payments).due_at == at + 5 * HOURS
    assert clock_of(ticket, payments).policy_version.number == 2
    assert clock_of(elsewhere, risk).state == ClockState.CANCELLED

    save_draft(policy=policy, terms=terms_of(policy.versions.get(number=1)), now=at, by=None)
    publish_draft(policy=policy, applies_to="new_and_open", now=at + 2 * HOURS, by=None)
    assert clock_of(elsewhere, risk).due_at == at + 5 * HOURS
    assert used(clock_of(elsewhere, risk), at + 2 * HOURS) == HOURS


def test_open_tickets_keep_the_targets_under_which_they_were_opened(policy, open_ticket, risk, anna, at):
    ticket = open_ticket()
    change_policy(policy=policy, team_targets=[own("risk", 9)], now=at)

    actions.assign(ticket=ticket, team=risk, now=at + HOURS, by=anna)

    assert clock_of(ticket, risk).target_seconds == 4 * HOUR


def test_a_policy_that_ends_for_open_tickets_ends_internal_clocks_too(policy, open_ticket, payments, risk, anna, at):
    ticket = open_ticket()
    end_promises(policy, now=at + HOURS, by=None)
    assert clock_of(ticket, payments).state == ClockState.CANCELLED

    actions.assign(ticket=ticket, team=risk, now=at + HOURS, by=anna)
    assert Clock.every.internal().count() == 1


def test_they_follow_a_calendar_that_changes(payments, open_ticket, at):
    calendar = make_calendar(at)
    make_policy(at, calendar=calendar, team_targets=[own("payments", 9)])
    ticket = open_ticket()
    version = calendar.versions.create(
        number=2,
        time_zone="UTC",
        periods=[{"weekday": day, "start": "00:00", "end": "00:00"} for day in range(7)],
        created_at=at,
    )

    move_clocks(version, now=at, by=None)

    assert clock_of(ticket, payments).due_at == at + 9 * HOURS


def test_opening_a_ticket_under_a_policy_without_them_costs_no_query_more(
    payments, open_ticket, at, django_assert_num_queries
):
    policy = make_policy(at)
    open_ticket()

    (version,) = current_versions()
    with django_assert_num_queries(0):
        assert team_targets_for(version, "normal") == {}
    assert TeamTarget.objects.filter(version__policy=policy).count() == 0


def test_who_may_see_a_ticket_and_works_here_sees_them_and_nobody_else(policy, open_ticket, anna, cora):
    open_ticket()

    assert Clock.every.visible_to(anna).filter(metric="internal").exists()
    assert not Clock.every.visible_to(cora).filter(metric="internal").exists()
    assert not Clock.objects.filter(metric="internal").exists()
    assert make_user("Vera", Role.MANAGER).is_agent
