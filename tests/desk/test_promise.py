"""The promise of the next update in the composer: kept, sent, read, and refused where it cannot be meant."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.desk.helpers import get, post, signed_in, words
from tickets import sending


@pytest.fixture
def ticket(policy, open_ticket):
    return open_ticket()


@pytest.fixture
def pass_by(time):
    """Time passes, and the round comes by."""

    def wait(seconds):
        time.move_to(time.now + timedelta(seconds=seconds))
        sending.run()

    return wait


def test_a_promise_is_kept_with_the_draft_sent_with_the_reply_and_read_by_the_customer(ticket, anna, cora, pass_by):
    by = "2026-11-18T12:00"
    post(anna, "desk:ticket_draft", ticket.number, kind="reply", body="Soon", next_update_by=by)
    drafted = words(get(anna, "desk:ticket", ticket.number))

    post(anna, "desk:ticket_write", ticket.number, kind="reply", body="Soon.", next_update_by=by)
    on_its_way = words(get(anna, "desk:ticket", ticket.number))
    pass_by(10)
    page = words(get(anna, "desk:ticket", ticket.number))
    theirs = words(signed_in(cora).get(reverse("portal:request", args=[ticket.number])))

    assert f'value="{by}"' in drafted
    assert "<b data-promise-words>12:00</b>" in drafted
    assert "Next update promised by 12:00" in on_its_way
    assert "Next update promised by 12:00" in page
    assert "Promised update" in page
    assert "Next update by 12:00" in theirs
    assert "Next update from us" in theirs


def test_a_promise_of_the_past_is_refused_and_nothing_is_lost(ticket, anna):
    answer = post(
        anna, "desk:ticket_write", ticket.number, kind="reply", body="Soon.", next_update_by="2026-11-18T09:00"
    )

    page = words(answer)
    assert answer.status_code == 422
    assert "The next update lies in the past." in page
    assert 'value="2026-11-18T09:00"' in page
    assert ">Soon.</textarea>" in page
