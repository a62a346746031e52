"""After a severe escalation its people look back on it, and what they decide is tracked until it is done (R92)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput, NotAllowedNow, NotFound, Refused
from common.failpoints import Point
from escalation import forgetting, leaving, services, sweep
from escalation.enums import DeadlineKind
from escalation.models import Deadline, Escalation, Recommendation, Review, ReviewTerms, TrackedAction
from escalation.services import reviewing
from notifications.enums import DeliveryState
from notifications.models import Alert, Delivery
from people.enums import Role
from people.models import User
from tests.escalation.conftest import REASON, asked, run, told_of_late
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team, make_user
from tickets.models import Event

DAY = timedelta(days=1)
ANSWERS = {
    "went_well": "The second bank took over within the hour.",
    "went_badly": "Nobody had its number.",
    "next_contact": "Keep the number in the guide.\nCall before writing.",
    "avoidable": "partly",
    "lessons_for": "Payments, night shift",
}


@pytest.fixture
def closed_one(resolved_one, mona, time) -> Escalation:
    """Severity 1, led by Rosa and closed by Mona at 16 h on a Wednesday; its review is due in five days."""
    return close(resolved_one, mona, time)


def close(escalation: Escalation, mona: User, time) -> Escalation:
    known = {"user": mona, "number": escalation.number, "now": time.now}
    services.choose_cause(**known, cause="product")
    services.close(**known, override_reason=REASON)
    return Escalation.objects.get(pk=escalation.pk)


def test_r92_the_close_of_a_severe_escalation_calls_for_a_review_by_its_manager(closed_one, rosa, time):
    review = closed_one.review

    assert (review.owner, review.due_at, review.done_at) == (rosa, time.now + 5 * DAY, None)
    assert closed_one.deadlines.get(kind=DeadlineKind.REVIEW).due_at == review.due_at
    assert Event.objects.filter(kind="escalation.review_called").count() == 1
    assert Alert.objects.get(recipient=rosa, kind="handed").title.endswith("closed, its review is yours")


@pytest.mark.parametrize(("down_to", "is_called"), [(1, False), (2, True), (None, False)])
def test_r92_which_grades_call_for_one_is_set(down_to, is_called, ask_by_hand, mona, adam, time):
    escalation = ask_by_hand(severity=2)
    reviewing.set_terms(user=adam, severity=down_to, days=3, calendar=None)
    services.decide(user=mona, number=escalation.number, decision="approve", now=time.now)
    for verb in ("begin_communication", "begin_resolution", "resolve"):
        getattr(services, verb)(user=mona, number=escalation.number, now=time.now, override_reason=REASON)
    close(escalation, mona, time)

    assert list(Review.objects.values_list("due_at", flat=True)) == [time.now + 3 * DAY] * is_called


def test_r92_it_is_due_at_the_end_of_the_last_working_day(closed_one, mona, time):
    """Five days after a Wednesday: the holiday on Friday does not count, nor does the weekend."""
    hours = make_calendar(time.now)
    ReviewTerms.objects.create(calendar=hours)
    services.reopen(**asked(mona, closed_one, time), reason="It came back.")
    services.resolve(**asked(mona, closed_one, time), override_reason=REASON)

    close(closed_one, mona, time)

    assert Review.objects.get().due_at.isoformat() == "2026-11-26T21:00:00+00:00"


def test_r92_an_overdue_review_alerts_its_owner_and_the_managers_once(closed_one, mona, anna, time):
    reviewing.give_review(**asked(mona, closed_one, time), owner=anna.email)
    run(time, 5 * DAY - timedelta(seconds=1))
    assert told_of_late("the review is overdue") == []

    run(time, timedelta(seconds=1))
    run(time, 3 * DAY)

    assert told_of_late("the review is overdue") == ["Anna Lindqvist", "Mona Farias"]


@pytest.mark.each
@pytest.mark.parametrize("point", [Point.AFTER_CLAIM, Point.BEFORE_COMMIT, Point.AFTER_COMMIT])
def test_r92_a_sweep_that_dies_over_an_overdue_review_tells_of_it_once(point, crash_at, closed_one, mona, time):
    time.move_to(time.now + 5 * DAY)
    with crash_at(point):
        sweep.check_deadlines(time.now)

    sweep.check_deadlines(time.now)

    assert told_of_late("the review is overdue") == ["Mona Farias", "Rosa Quiroga"]
    assert Deadline.objects.get(kind=DeadlineKind.REVIEW).missed_at == time.now


def test_r92_it_is_done_when_its_questions_are_answered(closed_one, mona, time):
    known = asked(mona, closed_one, time)
    reviewing.write_review(**known, **{**ANSWERS, "avoidable": "", "went_well": " "})
    with pytest.raises(NotAllowedNow, match="what went well, was it avoidable"):
        reviewing.finish_review(**known)
    with pytest.raises(InvalidInput):
        reviewing.write_review(**known, avoidable="perhaps")
    reviewing.write_review(**known, **ANSWERS)

    reviewing.finish_review(**known)
    run(time, 9 * DAY)

    assert (Review.objects.get().done_by, told_of_late("the review")) == (mona, [])
    with pytest.raises(NotAllowedNow, match="is done"):
        reviewing.write_review(**known, went_well="More.")


def test_r92_what_is_reopened_is_not_reviewed_and_is_when_it_is_closed_again(closed_one, mona, time):
    known = asked(mona, closed_one, time)
    reviewing.write_review(**known, **ANSWERS)
    reviewing.finish_review(**known)
    services.reopen(**known, reason="It came back.")
    run(time, 9 * DAY)
    with pytest.raises(NotAllowedNow):
        reviewing.call_for_review(**asked(mona, closed_one, time))
    services.resolve(**asked(mona, closed_one, time), override_reason=REASON)

    close(closed_one, mona, time)

    review = Review.objects.get()
    assert (review.done_at, review.went_badly) == (None, ANSWERS["went_badly"])
    assert review.due_at == time.now + 5 * DAY
    assert told_of_late("the review") == []
    run(time, 5 * DAY)
    assert told_of_late("the review") == ["Mona Farias", "Rosa Quiroga"]


def test_r92_a_second_close_finds_it_closed_and_calls_for_nothing(closed_one, mona, time):
    with pytest.raises(NotAllowedNow):
        services.close(**asked(mona, closed_one, time), override_reason=REASON)
    with pytest.raises(NotAllowedNow, match="called for already"):
        reviewing.call_for_review(**asked(mona, closed_one, time))

    assert Deadline.objects.filter(kind=DeadlineKind.REVIEW).count() == 1


def test_r92_a_small_matter_is_reviewed_when_somebody_calls_for_it(closed_one, mona, rosa, anna, time):
    Review.objects.all().delete()
    with pytest.raises(Refused):
        reviewing.call_for_review(**asked(anna, closed_one, time))

    review = reviewing.call_for_review(**asked(mona, closed_one, time))

    assert (review.owner, review.due_at) == (rosa, time.now + 5 * DAY)


def test_r92_an_action_has_an_owner_and_a_day_and_is_tracked_until_it_is_done(closed_one, payments, mona, anna, time):
    action = reviewing.add_action(
        **asked(mona, closed_one, time), title="Ask the bank for a number", owner=anna.email, due_at=time.now + 2 * DAY
    )
    assert Alert.objects.get(recipient=anna, kind="handed").title.endswith("Ask the bank for a number")
    run(time, 2 * DAY)
    run(time, DAY)
    assert told_of_late("Ask the bank") == ["Anna Lindqvist", "Mona Farias"]

    reviewing.change_action(user=mona, pk=action.pk, owner=anna.email, due_at=time.now + DAY, now=time.now)
    run(time, DAY)
    assert told_of_late("Ask the bank") == ["Anna Lindqvist", "Anna Lindqvist", "Mona Farias", "Mona Farias"]
    reviewing.finish_action(user=anna, pk=action.pk, done=True, now=time.now)

    action.refresh_from_db()
    assert (action.done_at, action.deadline.met_at) == (time.now, time.now)


def test_r92_a_tick_that_is_taken_back_after_its_day_is_told_of_like_any_other(closed_one, mona, anna, time):
    known = asked(mona, closed_one, time)
    action = reviewing.add_action(**known, title="Write the guide", owner=anna.email, due_at=time.now + DAY)
    reviewing.finish_action(user=anna, pk=action.pk, done=True, now=time.now)
    run(time, 2 * DAY)
    assert told_of_late("Write the guide") == []

    reviewing.finish_action(user=anna, pk=action.pk, done=False, now=time.now)
    run(time, timedelta(seconds=1))

    assert told_of_late("Write the guide") == ["Anna Lindqvist", "Mona Farias"]


def test_r92_bad_actions_get_one_sentence_and_leave_nothing(closed_one, mona, anna, cora, time):
    known = asked(mona, closed_one, time)
    wrong = [
        ({"title": " "}, "title"),
        ({"owner": cora.email}, "owner"),
        ({"owner": ""}, "owner"),
        ({"due_at": time.now}, "due_at"),
    ]
    for given, field in wrong:
        fine = {"title": "Write the guide", "owner": anna.email, "due_at": time.now + DAY}
        with pytest.raises(InvalidInput) as refused:
            reviewing.add_action(**known, **{**fine, **given})
        assert list(refused.value.errors) == [field]

    assert not TrackedAction.objects.exists()


def test_r92_a_lesson_is_in_the_register_of_recommendations_with_one_press(closed_one, mona, rosa, time):
    known = asked(mona, closed_one, time)
    with pytest.raises(NotAllowedNow, match="next contact"):
        reviewing.recommend_lesson(**known, about="process")
    reviewing.write_review(**known, **ANSWERS)
    reviewing.give_review(**known, owner=rosa.email)

    made = reviewing.recommend_lesson(**asked(rosa, closed_one, time), about="training")
    with pytest.raises(NotAllowedNow, match="already"):
        reviewing.recommend_lesson(**known, about="training")
    reviewing.recommend_lesson(**known, about="process")
    with pytest.raises(InvalidInput):
        reviewing.recommend_lesson(**known, about="nothing")

    assert (made.title, made.escalation, made.made_by) == ("Keep the number in the guide.", closed_one, rosa)
    assert Recommendation.objects.count() == 2


def test_r92_its_owner_and_whoever_runs_the_escalation_write_it_and_whoever_sees_it_reads(
    closed_one, payments, mona, anna, cora, time
):
    reader, outsider = make_user("Olga Outside"), make_user("Otto Else")
    payments.restricted = True
    payments.save()
    make_team("Else", lead=None, managers=[], members=[outsider])
    payments.members.add(reader)
    for person in (anna, reader):
        with pytest.raises(Refused):
            reviewing.write_review(**asked(person, closed_one, time), **ANSWERS)
    for person in (outsider, cora):
        with pytest.raises(NotFound):
            reviewing.write_review(**asked(person, closed_one, time), **ANSWERS)
    with pytest.raises(InvalidInput, match="may not see"):
        reviewing.give_review(**asked(mona, closed_one, time), owner=outsider.email)

    reviewing.give_review(**asked(mona, closed_one, time), owner=anna.email)
    reviewing.write_review(**asked(anna, closed_one, time), **ANSWERS)

    assert Review.objects.get().lessons_for == ANSWERS["lessons_for"]


def test_r92_whoever_is_to_do_it_ticks_it_though_he_sees_the_escalation_no_more(closed_one, payments, mona, time):
    olga, otto = make_user("Olga Outside"), make_user("Otto Else")
    known = asked(mona, closed_one, time)
    action = reviewing.add_action(**known, title="Write the guide", owner=olga.email, due_at=time.now + DAY)
    payments.restricted = True
    payments.save()
    with pytest.raises(NotFound):
        reviewing.finish_action(user=otto, pk=action.pk, done=True, now=time.now)

    reviewing.finish_action(user=olga, pk=action.pk, done=True, now=time.now)

    assert TrackedAction.objects.get().done_at == time.now


def test_r92_what_a_leaver_owes_goes_to_his_successor_or_to_who_speaks_for_the_team(
    closed_one, payments, mona, adam, rosa, time
):
    nora, otto = make_user("Nora New", Role.MANAGER), make_user("Otto Else")
    payments.managers.add(nora)
    known = asked(mona, closed_one, time)
    for owner in (rosa, otto):
        reviewing.add_action(**known, title=f"Of {owner.name}", owner=owner.email, due_at=time.now + DAY)
    left = leaving.left_with(rosa, time.now)
    assert (left.reviews, [one.title for one in left.actions]) == ([closed_one.number], ["Of Rosa Quiroga"])

    leaving.switch_off(user=adam, person=rosa, successor=nora, now=time.now)
    leaving.switch_off(user=adam, person=otto, successor=None, now=time.now)

    owners = TrackedAction.objects.order_by("pk").values_list("owner__name", flat=True)
    assert (Review.objects.get().owner, list(owners)) == (nora, ["Nora New", "Nora New"])
    assert Alert.objects.filter(recipient=nora, title__contains="review").exists()


def test_r92_what_a_leaver_owes_stays_with_those_who_see_the_escalation(closed_one, payments, mona, adam, anna, time):
    otto = make_user("Otto Else")
    payments.restricted = True
    payments.save()
    known = asked(mona, closed_one, time)
    reviewing.give_review(**known, owner=anna.email)
    reviewing.add_action(**known, title="Write the guide", owner=anna.email, due_at=time.now + DAY)
    Delivery.objects.update(state=DeliveryState.SENT)

    leaving.switch_off(user=adam, person=anna, successor=otto, now=time.now)

    assert (Review.objects.get().owner, TrackedAction.objects.get().owner) == (closed_one.manager, closed_one.manager)
    assert not Alert.objects.filter(recipient=otto, path__startswith="/escalations/").exists()


def test_r92_words_of_what_is_not_reviewed_yet_do_not_go_for_their_age(closed_one, mona, time):
    old = time.now + 400 * DAY
    assert not forgetting.ended_before(old).exists()

    known = asked(mona, closed_one, time)
    reviewing.write_review(**known, **ANSWERS)
    reviewing.finish_review(**known)
    forgetting.forget([closed_one.pk], now=old)

    assert Review.objects.get().went_badly == ANSWERS["went_badly"]


def test_r92_a_review_that_waits_for_a_close_that_does_not_come_holds_no_words_back(closed_one, mona, time):
    known = asked(mona, closed_one, time)
    services.reopen(**known, reason="It came back.")
    services.deescalate(**known, reason="It works again.")

    found = forgetting.ended_before(time.now + 400 * DAY)

    assert list(found) == [closed_one]


def test_r92_its_terms_are_checked_and_set_by_whoever_sets_the_rules(adam, mona):
    with pytest.raises(Refused):
        reviewing.set_terms(user=mona, severity=1)
    for wrong in ({"days": 0}, {"days": 61}, {"severity": 5}):
        with pytest.raises(InvalidInput):
            reviewing.set_terms(user=adam, **wrong)

    reviewing.set_terms(user=adam, severity=1, days=10)

    assert ReviewTerms.objects.values_list("severity", "days").get() == (1, 10)
