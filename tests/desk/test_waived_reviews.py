"""A review is waived on its page, seen as such in list and room, and taken up again (R92)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from escalation.models import Escalation, Review
from escalation.procedures.procedures import all_procedures
from tests.desk.helpers import get, post, queries, signed_in, words

DAY = timedelta(days=1)
WHY = "The same outage as last week."


@pytest.fixture
def reviewed(open_ticket, mona, at):
    """Closed a day ago, its review owed by Mona since an hour."""

    def make() -> Review:
        ticket = open_ticket()
        common = {"kind": "automatic", "origin": "sla", "severity": 1, "reason": "promise", "summary": "Payouts stuck"}
        times = {"opened_at": at - 2 * DAY, "step_since": at - DAY, "closed_at": at - DAY}
        escalation = Escalation.objects.create(
            ticket=ticket, team=ticket.team, state="closed", procedure=all_procedures()[0], **common, **times
        )
        return Review.objects.create(escalation=escalation, owner=mona, called_at=at - DAY, due_at=at - DAY / 24)

    return make


def test_r92_a_manager_waives_it_with_a_reason_that_list_and_room_show(reviewed, mona, anna):
    number = reviewed().escalation_id
    assert get(mona, "desk:reviews").context["rail"]["counts"]["reviews"] == 1

    answer = post(mona, "desk:review_waive", number, reason=WHY)

    assert answer.status_code == 302 and answer["Location"] == reverse("desk:review", args=[number])
    assert get(mona, "desk:reviews").context["rail"]["counts"]["reviews"] == 0
    assert "Payouts stuck" not in words(get(anna, "desk:reviews"))
    for shown in (
        words(get(anna, "desk:reviews", look="waived")),
        words(get(anna, "desk:review", number)),
        words(get(anna, "desk:escalation", number)),
    ):
        assert WHY in shown and "waived" in shown and "Take it up again" not in shown
    shown = words(get(mona, "desk:review", number))
    assert "Save and finish" not in shown and "What went well" not in shown
    Review.objects.update(went_badly="Nobody had its number.")
    assert "Nobody had its number." in words(get(mona, "desk:review", number))


def test_r92_it_is_taken_up_again_from_its_page(reviewed, mona):
    number = reviewed().escalation_id
    post(mona, "desk:review_waive", number, reason=WHY)
    assert "Take it up again" in words(get(mona, "desk:review", number))

    post(mona, "desk:escalation_verb", number, "call-review")

    assert Review.objects.get().waived_at is None
    assert "Save and finish" in words(get(mona, "desk:review", number))


def test_r92_without_a_reason_it_says_so_and_shows_the_form_again(reviewed, mona):
    number = reviewed().escalation_id

    answer = post(mona, "desk:review_waive", number, reason=" ")

    assert answer.status_code == 422 and "Say why; it stays on record." in words(answer)
    assert Review.objects.get().waived_at is None


def test_r92_whoever_does_not_run_it_is_offered_no_waiver_and_refused_one(reviewed, anna):
    number = reviewed().escalation_id
    assert "Waive the review" not in words(get(anna, "desk:review", number))

    assert post(anna, "desk:review_waive", number, reason=WHY).status_code == 403


def test_r92_a_second_press_of_an_old_page_says_that_it_is_waived(reviewed, mona):
    number = reviewed().escalation_id
    post(mona, "desk:review_waive", number, reason=WHY)

    answer = post(mona, "desk:review_waive", number, reason="Once more")

    assert answer.status_code == 409 and "is waived" in words(answer)
    assert Review.objects.get().waive_reason == WHY


@pytest.mark.each
def test_the_list_of_what_is_waived_asks_the_same_at_one_and_five(reviewed, mona, anna, time):
    browser, asked = signed_in(anna), []
    for more in (1, 4):
        for _one in range(more):
            review = reviewed()
            Review.objects.filter(pk=review.pk).update(waived_at=time.now, waived_by=mona, waive_reason=WHY)
        asked.append(queries(browser, reverse("desk:reviews") + "?look=waived"))

    assert asked[0] == asked[1]
