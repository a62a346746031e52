"""The review on its page, its register, and the list of what was decided (R92)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.models import ConfigurationChange
from escalation.models import Escalation, Recommendation, Review, ReviewTerms, TrackedAction
from escalation.procedures.procedures import all_procedures
from escalation.services import reviewing
from people.enums import Role
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_user
from tickets.models import Ticket

DAY = timedelta(days=1)
ANSWERS = {
    "went_well": "The second bank took over.",
    "went_badly": "Nobody had its number.",
    "next_contact": "Keep the number in the guide.",
    "avoidable": "partly",
    "lessons_for": "",
}


@pytest.fixture
def reviewed(open_ticket, mona, at):
    """Closed a day ago, its review to be written by this person."""

    def make(owner=mona, *, due=DAY, ticket: Ticket | None = None) -> Review:
        common = {"kind": "automatic", "origin": "sla", "severity": 1, "reason": "promise", "summary": "Payouts stuck"}
        times = {"opened_at": at - 2 * DAY, "step_since": at - DAY, "closed_at": at - DAY}
        ticket = ticket or open_ticket()
        escalation = Escalation.objects.create(
            ticket=ticket, team=ticket.team, state="closed", procedure=all_procedures()[0], **common, **times
        )
        return Review.objects.create(escalation=escalation, owner=owner, called_at=at - DAY, due_at=at + due)

    return make


def test_r92_the_owner_answers_saves_and_finishes(reviewed, mona, time):
    number = reviewed().escalation_id
    assert "Write the review" in words(get(mona, "desk:escalation", number))
    post(mona, "desk:review_write", number, went_well="It ended.")
    answer = post(mona, "desk:review_write", number, **{**ANSWERS, "avoidable": ""}, finish="1")
    assert answer.status_code == 409 and "The review lacks an answer: was it avoidable?" in words(answer)
    assert Review.objects.get().went_badly == ANSWERS["went_badly"]

    post(mona, "desk:review_write", number, **ANSWERS, finish="1")

    assert Review.objects.get().done_at == time.now
    shown = words(get(mona, "desk:review", number))
    assert "Nobody had its number." in shown and "Partly" in shown and "Save and finish" not in shown
    assert "Read the review" in words(get(mona, "desk:escalation", number))


def test_r92_what_is_wrong_keeps_every_word_and_stores_nothing(reviewed, mona):
    number = reviewed().escalation_id

    answer = post(mona, "desk:review_write", number, **{**ANSWERS, "avoidable": "perhaps"})

    assert answer.status_code == 422 and "Nobody had its number." in words(answer)
    assert Review.objects.get().went_badly == ""
    action = post(mona, "desk:review_action", number, title="Call", owner=mona.email, due_at="2026-11-01T10:00")
    assert action.status_code == 422 and "This lies in the past." in words(action)
    nobody = post(mona, "desk:review_action", number, title="Call", owner="", due_at="soon")
    assert nobody.status_code == 422 and not TrackedAction.objects.exists()


def test_r92_an_action_is_named_ticked_changed_and_given(reviewed, mona, anna, time):
    number = reviewed().escalation_id
    post(mona, "desk:review_action", number, title="Ask the bank", owner=anna.email, due_at="2026-11-20T10:00")
    action = TrackedAction.objects.get()
    assert "Ask the bank" in words(get(anna, "desk:tracked"))
    assert "Ask the bank" not in words(get(mona, "desk:tracked"))
    assert "Ask the bank" in words(get(mona, "desk:tracked", look="all"))

    post(anna, "desk:tracked_tick", action.pk, done="1")
    assert "Ask the bank" in words(get(anna, "desk:tracked", look="done"))
    post(anna, "desk:tracked_tick", action.pk)
    refused = post(anna, "desk:tracked_change", action.pk, owner="", due_at="2026-11-20T10:00")
    assert refused.status_code == 422
    post(anna, "desk:tracked_change", action.pk, owner=mona.email, due_at="2026-11-25T10:00")

    action.refresh_from_db()
    assert (action.owner, action.done_at, action.due_at.day) == (mona, None, 25)
    post(mona, "desk:review_give", number, owner=anna.email)
    assert Review.objects.get().owner == anna
    assert post(mona, "desk:review_give", number, owner="stan@elsewhere.example").status_code == 422


def test_r92_one_press_makes_the_lesson_a_recommendation_and_another_a_training(reviewed, mona):
    number = reviewed().escalation_id
    assert post(mona, "desk:review_recommend", number, about="process").status_code == 409
    post(mona, "desk:review_write", number, **ANSWERS)

    for about in ("process", "training"):
        post(mona, "desk:review_recommend", number, about=about)
    again = post(mona, "desk:review_recommend", number, about="training")

    assert set(Recommendation.objects.values_list("about", "title")) == {
        ("process", ANSWERS["next_contact"]),
        ("training", ANSWERS["next_contact"]),
    }
    assert again.status_code == 409 and "already" in words(again)


def test_r92_the_register_says_what_is_due_overdue_and_done(reviewed, mona, anna, open_ticket, time):
    late, due, done = reviewed(due=-timedelta(hours=1)), reviewed(ticket=open_ticket()), reviewed(ticket=open_ticket())
    Review.objects.filter(pk=done.pk).update(done_at=time.now, done_by=mona, avoidable="no")
    late.escalation.actions.create(title="Ask", learned_in="review", done_at=time.now)
    late.escalation.actions.create(title="Call", learned_in="review")

    shown = words(get(anna, "desk:reviews"))

    assert shown.index(late.escalation.reference) < shown.index(due.escalation.reference)
    assert "overdue since" in shown and "1 of 2" in shown and done.escalation.reference not in shown
    assert done.escalation.reference in words(get(anna, "desk:reviews", look="done"))


def test_r92_the_rail_counts_what_is_overdue_of_mine(reviewed, mona, anna, time):
    review = reviewed(due=-timedelta(hours=1))
    review.escalation.actions.create(title="A", learned_in="review", owner=mona, due_at=time.now - DAY)
    review.escalation.actions.create(title="B", learned_in="review", owner=mona, due_at=time.now + DAY)
    review.escalation.actions.create(title="C", learned_in="review", owner=anna, due_at=time.now - DAY)

    counted = {person.name: get(person, "desk:tracked").context["rail"]["counts"]["reviews"] for person in (mona, anna)}

    assert counted == {"Mona Farias": 2, "Anna Lindqvist": 1}


def test_r92_a_review_is_called_for_from_the_room(reviewed, mona, anna):
    number = reviewed().escalation_id
    Review.objects.all().delete()
    assert "Call for a review" not in words(get(anna, "desk:escalation", number))

    answer = post(mona, "desk:escalation_verb", number, "call-review")

    assert answer["Location"].endswith("#review") and Review.objects.get().owner is not None


def test_r92_its_terms_are_set_where_the_steps_are_and_the_trail_says_so(adam):
    answer = post(adam, "desk:steps", severity="1", days="10", calendar="")
    assert answer.status_code == 302
    assert post(adam, "desk:steps", severity="1", days="0", calendar="").status_code == 422

    assert ReviewTerms.objects.values_list("severity", "days").get() == (1, 10)
    assert ConfigurationChange.objects.latest("pk").model == "escalation.reviewterms"


@pytest.mark.each
@pytest.mark.parametrize("name", ["desk:reviews", "desk:tracked"])
def test_a_list_asks_the_same_at_one_three_and_fifty(name, reviewed, open_ticket, anna, time):
    """As somebody who manages nothing, each of another escalation."""
    asked = []
    browser = signed_in(anna)
    for more in (1, 2, 47):
        for _one in range(more):
            review = reviewed(owner=anna, ticket=open_ticket())
            review.escalation.actions.create(title="Call", learned_in="review", due_at=time.now + DAY)
        asked.append(queries(browser, reverse(name) + "?look=all"))

    assert asked[0] == asked[1] == asked[2]


def test_a_strange_look_or_page_of_a_list_is_the_first(anna, reviewed):
    reviewed()

    for name in ("desk:reviews", "desk:tracked"):
        for query in ({"look": "x\x00"}, {"page": "-1"}, {"page": "9" * 30}):
            assert get(anna, name, **query).status_code == 200


def test_somebody_who_only_reads_changes_nothing(reviewed, payments, mona, time):
    olga = make_user("Olga Outside", Role.AGENT)
    number = reviewed().escalation_id
    action = reviewing.add_action(
        user=mona, number=number, title="Ask", owner=mona.email, due_at=time.now + DAY, now=time.now
    )
    assert "Name the action" not in words(get(olga, "desk:review", number))

    assert post(olga, "desk:review_write", number, **ANSWERS).status_code == 403
    given = {"title": "x", "owner": mona.email, "due_at": "2026-11-30T10:00"}
    assert post(olga, "desk:review_action", number, **given).status_code == 403
    assert post(olga, "desk:tracked_tick", action.pk, done="1").status_code == 404

    assert Review.objects.get().went_well == "" and TrackedAction.objects.get().done_at is None
