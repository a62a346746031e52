"""What other help desks got wrong about clocks, and the test here that shows what must hold instead.

`SHOWN_BY` has a line for each row of that corpus. Where a test stood in its own place already it is named there;
those that belonged nowhere else are in this file.
"""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from calendars.actions import create_calendar
from common.errors import NotAllowedNow
from escalation import sweep as rounds
from escalation.models import Escalation
from sla import services, sweep
from sla.enums import ClockState, Metric
from sla.models import Breach, Clock, Policy, PolicyVersion, Target
from sla.publishing import create_policy
from tests.conftest import AT
from tests.factories.sla import HOUR, make_policy, same_for_all, target
from tests.house.shown import not_there
from tickets import actions as tickets

ONE_HOUR = timedelta(hours=1)
HERE = "sla/test_field_bugs.py"

SHOWN_BY = {
    "Detection costs what is due, not what is open; the due time is in an indexed column": {
        "sla/test_clocks.py": ["test_detection_costs_what_is_due_and_not_what_is_open"],
        HERE: ["test_due_clocks_are_found_by_the_index"],
    },
    "What fired leaves the due set": {
        "sla/test_clocks.py": ["test_what_fired_leaves_the_due_set"],
        "sla/test_ledger.py": ["test_what_fired_does_not_come_again"],
    },
    "No silent cap per run; oldest first; a backlog is caught up": {
        "escalation/test_sweep.py": ["test_six_hours_of_outage_are_caught_up_oldest_first_without_a_cap"],
    },
    "The next step lives in the database, never only in the broker": {
        "config/test_up.py": ["test_the_sweep_goes_on_when_the_broker_is_frozen_and_the_page_stays_quick"],
        "config/test_vigil.py": ["test_the_watchdog_does_the_round_that_nobody_did"],
    },
    "Exactly once, with two workers": {
        "escalation/test_at_once.py": ["test_four_sweeps_at_once_open_one_escalation_per_breach_and_alert_once"],
        "escalation/test_sweep.py": ["test_the_database_itself_refuses_a_second_escalation_for_a_breach"],
    },
    "State is checked again under the claim, just before acting": {
        HERE: ["test_a_clock_that_was_answered_after_it_was_found_due_is_left_alone"],
    },
    "Work time is arithmetic on UTC instants, on the days when the clocks change too": {
        "calendars/test_worktime.py": [
            "test_a_target_of_four_hours_takes_four_real_working_hours_on_the_day_the_clocks_change",
        ],
        "calendars/test_worktime_oracle.py": [
            "test_a_due_time_is_where_the_minutes_have_been_counted",
            "test_the_oracle_finds_the_slip",
        ],
    },
    "Several periods a day, a lunch break, a shift past midnight": {
        "calendars/test_worktime.py": [
            "test_a_lunch_break_does_not_count",
            "test_a_shift_past_midnight_runs_on_into_the_next_day_and_the_next_week",
            "test_a_due_time_at_closing_time_is_closing_time_and_not_the_next_morning",
        ],
    },
    "A calendar with no working time is refused; the walk is bounded": {
        "calendars/test_worktime.py": [
            "test_a_calendar_without_working_time_is_refused",
            "test_a_calendar_closed_for_years_gives_up_instead_of_searching_for_ever",
        ],
        "calendars/test_actions.py": ["test_holidays_that_leave_no_working_time_for_a_year_are_refused"],
    },
    "Holidays lengthen a wait": {
        "calendars/test_worktime.py": ["test_a_holiday_lengthens_the_wait"],
        "sla/test_ledger.py": ["test_a_holiday_inside_a_running_clock_counts_nothing"],
    },
    "A pause is measured in work time, and survives priority, policy, solving, reopening, merging": {
        "sla/test_clocks.py": [
            "test_a_pause_is_measured_in_work_time",
            "test_a_pause_survives_a_change_of_priority",
            "test_paused_then_solved_then_reopened_counts_neither_the_pause_nor_the_solved_time",
        ],
        "sla/test_ledger.py": ["test_a_pause_survives_a_change_of_policy_and_calendar"],
        "sla/test_ledger_oracle.py": ["test_the_hand_finds_the_slip"],
        "tickets/test_merging.py": ["test_a_paused_clock_comes_back_paused_with_what_was_left"],
    },
    "An agent's answer stops the response clock at once": {
        "escalation/test_sweep.py": ["test_an_answer_in_time_stops_the_first_reply_clock_at_once"],
        "sla/test_ledger.py": ["test_an_answer_stops_the_clock_at_once"],
    },
    "One clock does not overrule another: the next due is the earliest of the running ones": {
        "sla/test_clocks.py": ["test_one_clock_does_not_overrule_another"],
        HERE: ["test_the_next_due_goes_back_and_forth_with_the_earliest_clock_that_runs"],
    },
    "A deactivated policy leaves no ticket escalated": {
        HERE: ["test_a_policy_switched_off_for_open_tickets_too_leaves_none_of_them_due_or_escalated"],
    },
    "An edit of a policy applies to new tickets, or to new and open ones, as was chosen, and says to how many": {
        "sla/test_clocks.py": [
            "test_an_edit_for_new_tickets_leaves_the_open_ones_alone_and_history_keeps_its_version",
            "test_an_edit_for_new_and_open_tickets_moves_their_due_times",
        ],
        "sla/test_publishing.py": ["test_what_publishing_would_move_is_what_it_moves"],
    },
    "History keeps the version of the policy under which it happened": {
        "sla/test_ledger.py": [
            "test_history_keeps_the_policy_under_which_it_happened",
            "test_time_used_under_a_calendar_stays_measured_by_it",
        ],
    },
    "A clock closed by solving does not run on": {
        "sla/test_clocks.py": ["test_a_clock_closed_by_solving_does_not_run_on"],
        "sla/test_ledger.py": ["test_a_clock_closed_by_solving_does_not_run_on_when_the_customer_writes"],
    },
    "An explanation of any due time is there for agent, admin and customer, and its numbers add up": {
        "api/test_check_ledger.py": ["test_the_ledger_of_any_history_adds_up_and_any_change_to_it_is_found"],
        "desk/test_ledger.py": ["test_each_interval_each_pause_and_what_is_left_add_up_to_the_second"],
        "portal/test_counting.py": ["test_a_customer_reads_how_a_promise_adds_up_and_nothing_internal"],
        "sla/test_statement.py": ["test_the_lines_add_up_to_the_second_whatever_the_fractions"],
    },
    "No calendar chosen means what the screen says it means": {
        "sla/test_ledger.py": ["test_no_calendar_but_round_the_clock_counts_the_night"],
        "portal/test_counting.py": ["test_a_promise_in_working_hours_and_one_round_the_clock_say_so"],
    },
    "Warnings at several percentages before the breach": {
        "sla/test_clocks.py": ["test_warnings_come_at_several_percentages_each_once"],
    },
    "Every setting changes a result": {
        HERE: ["test_every_setting_changes_what_is_promised", "test_no_setting_is_without_its_proof"],
    },
}


@pytest.mark.once
@pytest.mark.parametrize("row", SHOWN_BY)
def test_each_row_names_tests_that_there_are(row):
    assert not_there(SHOWN_BY[row]) == []


def test_due_clocks_are_found_by_the_index(db, at):
    if connection.vendor == "postgresql":
        # A few rows are quicker read as they lie; a million are not.
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )

    assert "clock_next_moment" in Clock.every.with_moment_due(at).values("pk")[:200].explain()


def test_a_clock_that_was_answered_after_it_was_found_due_is_left_alone(policy, open_ticket, anna, time, at):
    ticket = open_ticket()
    found = list(Clock.every.with_moment_due(at + 25 * ONE_HOUR).values_list("pk", flat=True))

    tickets.reply(ticket=ticket, author=anna, body="Here.", now=at + ONE_HOUR)
    tickets.change_status(ticket=ticket, verb="solve", now=at + 2 * ONE_HOUR, by=anna)

    assert len(found) == 2
    assert sweep._handle(found, at + 25 * ONE_HOUR) == 0
    assert not Breach.objects.exists()


def test_the_next_due_goes_back_and_forth_with_the_earliest_clock_that_runs(payments, open_ticket, anna, cora, at):
    targets = same_for_all("next_response", 3 * HOUR) + same_for_all("resolution", 24 * HOUR)
    create_policy(name="Both", targets=targets, now=at)
    ticket = open_ticket()
    seen = []

    tickets.reply(ticket=ticket, author=anna, body="a", now=at)
    for act in (
        lambda: tickets.customer_wrote(ticket=ticket, author=cora, body="And?", now=at + ONE_HOUR),
        lambda: tickets.change_status(ticket=ticket, verb="wait", now=at + 2 * ONE_HOUR, by=anna),
        lambda: tickets.change_status(ticket=ticket, verb="resume", now=at + 4 * ONE_HOUR, by=anna),
        lambda: tickets.reply(ticket=ticket, author=anna, body="b", now=at + 5 * ONE_HOUR),
    ):
        act()
        ticket.refresh_from_db()
        seen.append(ticket.next_due_at and (ticket.next_due_at - at) / ONE_HOUR)

    assert seen == [4, None, 6, 26]


def test_a_policy_switched_off_for_open_tickets_too_leaves_none_of_them_due_or_escalated(
    policy, open_ticket, anna, adam, time, at
):
    late = open_ticket()
    tickets.reply(ticket=late, author=anna, body="Late.", now=at + 7 * ONE_HOUR)
    running, paused = open_ticket(now=at + 7 * ONE_HOUR), open_ticket(now=at + 7 * ONE_HOUR)
    tickets.change_status(ticket=paused, verb="wait", now=at + 7 * ONE_HOUR, by=anna)
    time.move_to(at + 8 * ONE_HOUR)
    rounds.run()

    ended = services.switch(user=adam, policy=policy, is_enabled=False, now=time.now, applies_to="new_and_open")
    time.move_to(at + 400 * ONE_HOUR)
    rounds.run()

    assert ended == 3
    assert not Clock.objects.ticking().exists()
    assert not Clock.objects.filter(next_moment__isnull=False).exists()
    assert set(type(running).objects.values_list("next_due_at", flat=True)) == {None}
    # What had been missed before stays missed, and nothing else is.
    assert list(Breach.objects.values_list("ticket", "metric")) == [(late.number, Metric.FIRST_RESPONSE)]
    assert Escalation.objects.get().ticket_id == late.number
    assert Clock.objects.get(ticket=late, metric=Metric.FIRST_RESPONSE).state == ClockState.BREACHED


def test_a_policy_switched_off_for_new_tickets_only_keeps_what_it_promised(policy, open_ticket, adam, at):
    old = open_ticket()

    assert services.switch(user=adam, policy=policy, is_enabled=False, now=at) == 0

    assert Clock.objects.ticking().filter(ticket=old).count() == 2
    assert not Clock.objects.filter(ticket=open_ticket()).exists()


# A setting, and what is given for it; beside it what is given in both cases, where the setting needs company.
PLAIN = target("first_response", 4 * HOUR)
SETTINGS = {
    "Policy.is_enabled": ({}, {"is_enabled": False}),
    "Policy.order": ({}, {"order": 90}),
    "PolicyVersion.conditions": ({}, {"conditions": {"priority": ["urgent"]}}),
    "PolicyVersion.severities": ({}, {"severities": {"normal": 1}}),
    "PolicyVersion.calendar": ({}, {"calendar": True}),
    "PolicyVersion.obligations": ({}, {"obligations": [{"fact": "answer", "before": "solve"}]}),
    "PolicyVersion.pauses": ({}, {"pauses": {}}),
    "PolicyVersion.valid_from": ({}, {"valid_from": AT + timedelta(days=1)}),
    "PolicyVersion.valid_until": ({}, {"valid_until": AT - timedelta(days=1)}),
    "Target.metric": ({}, {"targets": [{**PLAIN, "metric": "resolution"}]}),
    "Target.priority": ({}, {"targets": [{**PLAIN, "priority": "low"}]}),
    "Target.seconds": ({}, {"targets": [{**PLAIN, "seconds": HOUR}]}),
    "Target.thresholds": ({}, {"targets": [{**PLAIN, "thresholds": [25]}]}),
    "Target.round_the_clock": ({"calendar": True}, {"targets": [{**PLAIN, "round_the_clock": True}]}),
}
# Names, numbers and who did what when: they are told, and decide nothing.
TOLD = {"id", "policy", "version", "name", "number", "created_at", "created_by", "published_at", "applied_to"}


@pytest.fixture
def promised(open_ticket, anna, at):
    """What a policy of these settings promises to a ticket, with another policy behind it that takes every ticket."""

    def make(**given) -> object:
        is_enabled = given.pop("is_enabled", True)
        with transaction.atomic():
            if given.pop("calendar", False):
                week = [{"weekday": day, "start": "09:00", "end": "12:00"} for day in range(5)]
                given["calendar"] = create_calendar(name="Mornings", time_zone="UTC", periods=week, holidays=[], now=at)
            policy = create_policy(name="P", now=at, **{"order": 10, "targets": [PLAIN], **given})
            Policy.objects.filter(pk=policy.pk).update(is_enabled=is_enabled)
            make_policy(at, name="Behind", order=50)
            found = _promises(open_ticket(), anna, at)
            transaction.set_rollback(True)
        return found

    return make


def _promises(ticket, anna, at) -> object:
    clocks = [
        (clock.policy_version.policy.name, clock.metric, clock.due_at, clock.next_moment)
        for clock in ticket.clocks.order_by("metric")
    ]
    tickets.change_status(ticket=ticket, verb="wait", now=at, by=anna)
    tickets.change_status(ticket=ticket, verb="resume", now=at + ONE_HOUR, by=anna)
    clocks += ticket.clocks.order_by("metric").values_list("metric", "due_at")
    sweep.collect(at + 200 * ONE_HOUR)
    severities = list(Breach.objects.order_by("metric").values_list("severity", flat=True))
    try:
        tickets.change_status(ticket=ticket, verb="solve", now=at + 200 * ONE_HOUR, by=anna)
    except NotAllowedNow as refusal:
        return clocks, severities, str(refusal)
    return clocks, severities, ""


@pytest.mark.once
@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_changes_what_is_promised(setting, promised):
    company, given = SETTINGS[setting]

    assert promised(**company) != promised(**{**company, **given})


@pytest.mark.once
def test_no_setting_is_without_its_proof():
    there = {
        f"{model.__name__}.{field.name}"
        for model in (Policy, PolicyVersion, Target)
        for field in model._meta.concrete_fields
        if field.name not in TOLD
    }

    assert there == set(SETTINGS)
