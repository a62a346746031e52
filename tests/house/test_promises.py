"""What must always be true (DESIGN §3, docs/architecture.md), and the tests that would fail if it were not.

A table, so that no invariant loses its last test unseen: whoever renames or removes one finds its row here.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from escalation import sweep
from tests.house.shown import not_there

SHOWN_BY = {
    "1 every clock past due is found, oldest first, without a cap, at the cost of what is due": {
        "escalation/test_sweep.py": [
            "test_six_hours_of_outage_are_caught_up_oldest_first_without_a_cap",
            "test_a_round_asks_as_often_for_many_as_for_one",
        ],
        "sla/test_clocks.py": ["test_detection_costs_what_is_due_and_not_what_is_open"],
        "sla/test_field_bugs.py": ["test_due_clocks_are_found_by_the_index"],
    },
    "1 a watchdog does the round that nobody did for ten seconds": {
        "config/test_vigil.py": [
            "test_the_watchdog_does_the_round_that_nobody_did",
            "test_a_round_is_silent_after_ten_seconds_and_when_its_clock_was_set_back",
        ],
        "config/test_up.py": ["test_the_sweep_goes_on_when_the_broker_is_frozen_and_the_page_stays_quick"],
    },
    "2 exactly one escalation per breach": {
        "escalation/test_sweep.py": [
            "test_r4_six_hours_and_one_second_without_a_reply_is_one_automatic_escalation_that_names_the_target",
            "test_the_database_itself_refuses_a_second_escalation_for_a_breach",
        ],
        "escalation/test_at_once.py": ["test_four_sweeps_at_once_open_one_escalation_per_breach_and_alert_once"],
        "journeys/test_any_sequence.py": [
            "every_breach_has_at_most_one_escalation_and_none_waits_after_a_round",
        ],
    },
    "2 a clock stopped after its due time is a breach all the same": {
        "escalation/test_sweep.py": ["test_a_late_answer_before_a_late_sweep_is_a_breach_all_the_same"],
        "tickets/test_merging.py": ["test_a_clock_past_due_is_broken_before_it_is_set_aside"],
    },
    "2 an escalation's own deadlines alert and open nothing": {
        "escalation/test_four_steps.py": [
            "test_r35_the_first_hour_alerts_when_it_is_missed_and_opens_nothing",
            "test_a_promised_update_that_does_not_come_alerts_the_manager",
        ],
        "escalation/test_by_hand.py": ["test_a_hand_over_that_nobody_acknowledges_alerts"],
    },
    "3 every manager is alerted, and never nobody": {
        "notifications/test_passing.py": [
            "test_what_was_held_for_somebody_who_is_switched_off_meanwhile_goes_to_the_deputy",
            "test_without_anybody_else_the_fallback_team_and_then_the_administrators_are_told",
        ],
        "escalation/test_sweep.py": [
            "test_r5_each_manager_of_the_responsible_team_gets_one_alert_and_one_mail_and_no_other_team_s_manager_any",
            "test_a_team_without_a_manager_falls_back_to_the_fallback_team_and_then_to_the_admins",
            "test_an_absent_manager_is_replaced_by_the_deputy",
        ],
        "sla/test_clocks.py": ["test_running_clocks_follow_the_ticket_to_its_new_team"],
    },
    "4 a delivery is finished only by a recorded success": {
        "notifications/test_delivery.py": [
            "test_a_deliverer_that_dies_while_sending_delays_a_mail_by_a_lease_and_loses_none",
            "test_a_failure_backs_off_longer_each_time_and_is_never_given_up",
            "test_after_five_failures_the_administrators_see_it_on_their_page_once",
            "test_the_message_id_stays_the_same_over_all_tries",
            "test_two_deliverers_at_once_never_send_the_same_mail",
        ],
        "notifications/test_backend.py": ["test_a_password_reset_goes_through_the_outbox"],
    },
    "5 one bad row stops nobody": {
        "escalation/test_sweep.py": ["test_one_bad_row_stops_nobody_and_is_set_aside_in_the_end"],
        "notifications/test_delivery.py": ["test_a_poisoned_row_is_not_sent_and_stops_nobody"],
        "notifications/test_routing.py": ["test_whose_wishes_cannot_be_read_is_mailed_at_once_and_holds_up_nobody"],
        "common/test_setbacks.py": ["test_the_oldest_that_fail_do_not_fill_the_batch"],
        "escalation/test_telling.py": ["test_an_event_that_cannot_be_told_holds_up_no_other_and_is_told_later"],
        "mailroom/test_intake.py": ["test_an_error_of_the_program_quarantines_the_one_mail_and_delays_no_other"],
        "tickets/test_sending.py": ["test_one_reply_that_meets_an_error_holds_up_no_other"],
    },
    "6 the next rung counts from when this one was sent": {
        "escalation/test_sweep.py": ["test_the_next_rung_counts_from_when_this_one_was_sent"],
    },
    "7 somebody notices when the engine is dead": {
        "desk/test_health.py": [
            "test_a_silent_engine_is_a_problem_whoever_was_meant_to_sweep",
            "test_the_probes_answer_over_http_with_the_reasons",
        ],
    },
    "8 inbound mail is neither lost nor doubled": {
        "mailroom/test_any_mail.py": ["test_every_mail_is_filed_or_quarantined_and_never_lost"],
        "mailroom/test_intake.py": [
            "test_the_same_mail_from_four_servers_at_once_is_one_ticket",
            "test_a_crash_between_keeping_and_filing_loses_nothing",
            "test_a_crash_while_filing_leaves_no_half_ticket",
            "test_another_mail_that_bears_the_same_message_id_is_not_lost",
        ],
    },
    "9 clocks are a ledger": {
        "sla/test_clocks.py": [
            "test_a_ledger_line_is_never_edited_nor_deleted",
            "test_an_edit_for_new_tickets_leaves_the_open_ones_alone_and_history_keeps_its_version",
        ],
        "sla/test_ledger_oracle.py": ["test_an_account_is_what_a_clock_wound_by_hand_shows"],
        "journeys/test_any_sequence.py": ["the_summary_of_each_clock_is_what_its_ledger_says"],
    },
    "10 rules live in one place, and states change only through transitions": {
        "house/test_source.py": ["test_states_change_only_through_transitions"],
        "house/test_promises.py": ["test_the_maintenance_door_shows_states_and_changes_none"],
        "escalation/test_four_steps.py": ["test_two_stale_copies_cannot_both_pass_a_transition"],
        "journeys/test_any_sequence.py": ["every_step_of_an_escalation_was_an_allowed_one"],
    },
    "11 one guarded way to a record": {
        "desk/test_doors.py": [
            "test_a_door_opens_for_those_who_may",
            "test_every_address_has_a_row_and_every_row_an_address",
            "test_what_is_absent_answers_like_what_is_foreign",
        ],
        "api/test_matrix.py": ["test_who_may_call_what", "test_every_address_and_method_has_a_row"],
    },
    "12 nothing internal reaches a customer": {
        "portal/test_canary.py": [
            "test_no_page_shows_a_customer_what_was_said_among_colleagues",
            "test_no_call_gives_a_customers_program_what_was_said_among_colleagues",
            "test_no_mail_and_no_alert_tells_a_customer_what_was_said_among_colleagues",
            "test_live_updates_tell_a_customer_nothing_of_what_is_internal",
            "test_the_canaries_sing_where_colleagues_are",
        ],
    },
    "13 one source of time": {
        "house/test_source.py": ["test_time_comes_from_one_source"],
        "common/test_clock.py": [
            "test_the_time_is_the_databases",
            "test_a_difference_above_two_seconds_is_an_alarm",
            "test_outside_of_demo_mode_nobody_moves_the_time",
        ],
    },
}


@pytest.mark.parametrize("invariant", SHOWN_BY)
def test_each_invariant_names_tests_that_there_are(invariant):
    assert not_there(SHOWN_BY[invariant]) == []


def test_none_of_the_thirteen_is_without_a_test():
    assert {int(row.split()[0]) for row in SHOWN_BY} == set(range(1, 14))


@pytest.mark.parametrize("model", ["tickets_ticket", "escalation_escalation", "sla_clock", "sla_policyversion"])
def test_the_maintenance_door_shows_states_and_changes_none(model, client, adam, policy, open_ticket, time, at):
    """DESIGN §3.10: in the admin a state can be looked at."""
    open_ticket()
    time.move_to(at + timedelta(hours=7))
    sweep.run()
    row = apps.get_model(*model.split("_")).objects.first()
    client.force_login(adam)
    page = reverse(f"admin:{model}_change", args=[row.pk])

    shown, changed = client.get(page), client.post(page, {"status": "closed", "state": "closed"})

    assert shown.status_code == 200
    assert not shown.context["adminform"].form.fields
    assert changed.status_code == 403
