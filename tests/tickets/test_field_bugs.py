"""What other help desks got wrong about tickets and mail, and the tests here that show what must hold instead."""

import pytest

from tests.house.shown import not_there

SHOWN_BY = {
    "What an agent typed survives another's change": {
        "desk/test_composer.py": ["test_what_is_typed_is_there_again_after_others_have_changed_the_ticket"],
        "tickets/test_sending.py": ["test_taking_back_puts_the_text_before_what_was_begun_meanwhile"],
    },
    "No mail loop; no auto-reply to an auto-reply": {
        "mailroom/test_loops.py": [
            "test_automatic_answers_reports_and_bulk_mail_are_told_apart",
            "test_a_mail_that_runs_in_circles_is_an_echo",
        ],
        "mailroom/test_intake.py": [
            "test_who_must_not_be_answered_gets_a_ticket_and_no_receipt",
            "test_receipts_to_one_address_are_capped",
        ],
    },
    "A reply lands on its own ticket: by signed token or Message-ID, never by subject alone": {
        "mailroom/test_threads.py": [
            "test_the_customers_answer_finds_its_ticket",
            "test_a_subject_alone_leads_nowhere",
            "test_a_guessed_token_leads_nowhere",
        ],
        "mailroom/test_intake.py": ["test_a_mail_with_the_same_subject_is_a_new_ticket"],
    },
    "Merging can be undone; a message can be split out": {
        "tickets/test_merging.py": ["test_a_merge_taken_apart_leaves_both_as_they_were"],
        "tickets/test_splitting.py": ["test_a_message_becomes_a_ticket_with_its_own_promises"],
    },
    "Lists and counts stay fast at a million tickets": {
        "tickets/test_queue.py": [
            "test_every_segment_is_a_walk_along_an_index_and_nothing_is_sorted",
            "test_a_page_is_one_query_however_many_rows",
            "test_a_tally_stops_behind_its_limit",
        ],
    },
}


@pytest.mark.parametrize("row", SHOWN_BY)
def test_each_row_names_tests_that_there_are(row):
    assert not_there(SHOWN_BY[row]) == []
