"""Reviews and what was decided in them, by programs (R92)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from escalation.models import Escalation, Review, ReviewTerms, TrackedAction
from escalation.procedures.procedures import all_procedures
from people.enums import Role
from tests.factories.people import make_user

DAY = timedelta(days=1)
ANSWERS = {
    "went_well": "The second bank took over.",
    "went_badly": "Nobody had its number.",
    "next_contact": "Keep the number in the guide.",
    "avoidable": "partly",
    "lessons_for": "",
}


@pytest.fixture
def closed(open_ticket, payments, mona, time) -> int:
    """Severity 1, closed a day ago, its review Mona's."""
    known = {"kind": "automatic", "origin": "sla", "severity": 1, "reason": "promise", "summary": "Payouts stuck"}
    times = {"opened_at": time.now - 2 * DAY, "step_since": time.now - DAY, "closed_at": time.now - DAY}
    ticket, procedure = open_ticket(), all_procedures()[0]
    one = Escalation.objects.create(
        ticket=ticket, team=payments, state="closed", procedure=procedure, manager=mona, **known, **times
    )
    Review.objects.create(escalation=one, owner=mona, called_at=time.now - DAY, due_at=time.now + DAY)
    return one.number


def test_r92_a_program_writes_finishes_and_lists_reviews(calling, closed, mona, anna):
    written = calling(mona).post(f"escalations/{closed}/review/", ANSWERS)
    assert written.status_code == 200 and written.json()["state"] == "due"
    assert calling(anna).post(f"escalations/{closed}/review/", ANSWERS).status_code == 403
    listed = calling(anna).get("reviews/").json()["results"]
    assert listed == [written.json()] == [calling(anna).get(f"escalations/{closed}/review/").json()]

    done = calling(mona).post(f"escalations/{closed}/finish-review/", {})

    assert (done.json()["state"], done.json()["done_by"]) == ("done", mona.email)
    assert calling(anna).get("reviews/").json()["results"] == []
    assert calling(anna).get("reviews/?state=done").json()["results"] == [done.json()]
    again = calling(mona).post(f"escalations/{closed}/call-review/", {})
    assert (again.json()["state"], again.json()["went_badly"]) == ("due", ANSWERS["went_badly"])
    assert calling(mona).post(f"escalations/{closed}/give-review/", {"owner": anna.email}).json()["owner"] == anna.email


def test_r92_a_program_waives_one_for_a_reason_lists_it_and_takes_it_up_again(calling, closed, mona, anna):
    address = f"escalations/{closed}/waive-review/"
    assert calling(anna).post(address, {"reason": "No"}).status_code == 403
    assert list(calling(mona).post(address, {"reason": ""}).json()["errors"]) == ["reason"]
    assert calling(mona).post(address, {"reason": "Known", "why": "x"}).status_code == 400

    waived = calling(mona).post(address, {"reason": "The same outage."})

    told = waived.json()
    assert (told["state"], told["waive_reason"], told["waived_by"]) == ("waived", "The same outage.", mona.email)
    assert calling(anna).get("reviews/").json()["results"] == []
    assert calling(anna).get("reviews/?state=waived").json()["results"] == [told]
    assert calling(mona).post(address, {"reason": "Twice"}).status_code == 409
    again = calling(mona).post(f"escalations/{closed}/call-review/", {}).json()
    assert (again["state"], again["waived_at"], again["waive_reason"]) == ("due", None, "")


@pytest.mark.once
def test_r92_reviews_that_are_done_cost_the_same_for_one_and_for_three(calling, closed, mona, anna, rosa, time):
    """Each was finished by somebody else."""
    caller, counts = calling(mona), []

    for person in (mona, anna, rosa):
        one = Escalation.objects.get(pk=closed)
        one.pk = one.number = None
        one.save(force_insert=True)
        Review.objects.create(
            escalation=one, owner=person, called_at=time.now, due_at=time.now, done_at=time.now, done_by=person
        )
        with CaptureQueriesContext(connection) as captured:
            assert caller.get("reviews/?state=done").status_code == 200
        counts.append(len(captured))

    assert counts[1] == counts[2]


def test_r92_a_program_tracks_actions_until_they_are_done(calling, closed, mona, anna, time):
    due_at = (time.now + DAY).isoformat()
    given = {"title": "Ask the bank", "owner": anna.email, "due_at": due_at}
    made = calling(mona).post(f"escalations/{closed}/review/actions/", given)
    assert made.status_code == 201 and made.json()["learned_in"] == "review"
    assert calling(anna).get(f"actions/?whose=mine&escalation={closed}").json()["results"] == [made.json()]
    assert calling(mona).get("actions/?whose=mine").json()["results"] == []
    key = made.json()["id"]

    later = (time.now + 2 * DAY).isoformat()
    moved = calling(anna).call("PATCH", f"actions/{key}/", {"due_at": later, "owner": mona.email})
    ticked = calling(mona).call("PATCH", f"actions/{key}/", {"done": True})

    assert (moved.json()["owner"], TrackedAction.objects.get().due_at) == (mona.email, time.now + 2 * DAY)
    assert ticked.json()["done_at"] is not None
    assert calling(mona).get("actions/?state=done").json()["results"] == [ticked.json()]
    assert calling(mona).call("PATCH", f"actions/{key}/", {"owner": anna.email}).status_code == 409


def test_r92_what_is_wrong_with_an_action_is_one_sentence_and_changes_nothing(calling, closed, mona, anna, time):
    address, due_at = f"escalations/{closed}/review/actions/", (time.now + DAY).isoformat()
    fine = {"title": "Ask", "owner": anna.email, "due_at": due_at}
    for wrong in ({"owner": "nobody@meridiano.example"}, {"due_at": time.now.isoformat()}, {"title": ""}):
        answer = calling(mona).post(address, {**fine, **wrong})
        assert answer.status_code == 400 and list(answer.json()["errors"]) == list(wrong)
    key = calling(mona).post(address, fine).json()["id"]

    late = calling(mona).call("PATCH", f"actions/{key}/", {"done": True, "due_at": time.now.isoformat()})

    assert late.status_code == 400 and TrackedAction.objects.get().done_at is None


def test_r92_a_lesson_becomes_a_recommendation_once(calling, closed, mona):
    calling(mona).post(f"escalations/{closed}/review/", ANSWERS)

    made = [calling(mona).post(f"escalations/{closed}/recommend-lesson/", {"about": "training"}) for _ in range(2)]

    assert [one.status_code for one in made] == [201, 409]
    assert (made[0].json()["title"], made[0].json()["escalation"]) == (ANSWERS["next_contact"], closed)


def test_r92_the_terms_are_read_and_set_by_whoever_sets_the_rules(calling, mona, db):
    stella = make_user("Stella Steward", Role.STEWARD)
    assert calling(stella).get("escalation/review-terms/").json() == {"severity": 2, "days": 5, "calendar": None}
    assert calling(mona).post("escalation/review-terms/", {"severity": 1}).status_code == 403

    set_ = calling(stella).post("escalation/review-terms/", {"severity": None, "days": 10})

    assert set_.json() == {"severity": None, "days": 10, "calendar": None}
    for wrong in ({"days": 0}, {"severity": 5}, {"calendar": 999_998}):
        assert calling(stella).post("escalation/review-terms/", wrong).status_code == 400
    assert ReviewTerms.objects.get().days == 10
