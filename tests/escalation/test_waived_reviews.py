"""A review that nobody would learn from is waived for a reason, and can be taken up again (R92)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import forgetting, services
from escalation.enums import DeadlineKind, ReviewState
from escalation.models import Escalation, Review
from escalation.services import reviewing
from notifications.models import Alert
from tests.escalation.conftest import REASON, asked, run, told_of_late
from tickets.models import Event

DAY = timedelta(days=1)
WHY = "The same outage as last week: its review says it all."


@pytest.fixture
def closed_one(resolved_one, mona, time) -> Escalation:
    """Severity 1, led by Rosa and closed by Mona; its review is due in five days."""
    return close(resolved_one, mona, time)


@pytest.fixture
def waived(closed_one, mona, time) -> Escalation:
    reviewing.waive_review(**asked(mona, closed_one, time), reason=WHY)
    return closed_one


def close(escalation: Escalation, mona, time) -> Escalation:
    known = asked(mona, escalation, time)
    services.choose_cause(**known, cause="product")
    services.close(**known, override_reason=REASON)
    return Escalation.objects.get(pk=escalation.pk)


def test_r92_it_rings_for_nobody_and_says_who_waived_it_and_why(waived, mona, rosa, time):
    run(time, 9 * DAY)

    review = Review.objects.get()
    assert told_of_late("the review") == []
    assert (review.waived_by, review.waive_reason, review.standing(time.now)) == (mona, WHY, ReviewState.WAIVED)
    assert Event.objects.get(kind="escalation.review_waived").data["reason"] == WHY
    assert Alert.objects.filter(recipient=rosa, title__endswith="you owe no review of it any more").count() == 1
    assert not Review.objects.open().exists() and list(Review.objects.waived()) == [review]


def test_r92_a_waiver_after_its_day_ends_the_clock_and_leaves_that_it_was_late(closed_one, mona, time):
    run(time, 5 * DAY)

    reviewing.waive_review(**asked(mona, closed_one, time), reason=WHY)

    clock = closed_one.deadlines.get(kind=DeadlineKind.REVIEW)
    assert clock.missed_at is not None and clock.cancelled_at == time.now


def test_r92_a_waived_review_holds_no_words_back(closed_one, mona, time):
    old = time.now + 400 * DAY
    assert not forgetting.ended_before(old).exists()

    reviewing.waive_review(**asked(mona, closed_one, time), reason=WHY)

    assert list(forgetting.ended_before(old)) == [closed_one]


def test_r92_taken_up_again_it_is_owed_anew_with_what_was_written(closed_one, mona, rosa, time):
    reviewing.write_review(**asked(mona, closed_one, time), went_badly="Nobody had its number.")
    reviewing.waive_review(**asked(mona, closed_one, time), reason=WHY)
    time.move_to(time.now + 9 * DAY)

    review = reviewing.call_for_review(**asked(mona, closed_one, time))

    assert (review.owner, review.due_at, review.waived_at, review.waive_reason) == (rosa, time.now + 5 * DAY, None, "")
    assert review.went_badly == "Nobody had its number."
    run(time, 5 * DAY)
    assert told_of_late("the review is overdue") == ["Mona Farias", "Rosa Quiroga"]


def test_r92_what_was_waived_is_owed_again_after_the_next_close(waived, mona, time):
    services.reopen(**asked(mona, waived, time), reason="It came back.")
    services.resolve(**asked(mona, waived, time), override_reason=REASON)

    close(waived, mona, time)

    assert Review.objects.get().standing(time.now) == ReviewState.DUE


def test_r92_what_is_waived_is_neither_written_nor_finished_nor_given_nor_waived_twice(waived, mona, time):
    known = asked(mona, waived, time)
    for attempt in (
        lambda: reviewing.write_review(**known, went_well="It ended."),
        lambda: reviewing.finish_review(**known),
        lambda: reviewing.give_review(**known, owner=mona.email),
        lambda: reviewing.waive_review(**known, reason="Twice"),
    ):
        with pytest.raises(NotAllowedNow, match="is waived"):
            attempt()

    assert Review.objects.get().waive_reason == WHY


def test_r92_what_is_done_or_not_called_for_is_not_waived(closed_one, mona, time):
    known = asked(mona, closed_one, time)
    Review.objects.update(done_at=time.now, done_by=mona)
    with pytest.raises(NotAllowedNow, match="is done"):
        reviewing.waive_review(**known, reason=WHY)
    Review.objects.all().delete()
    with pytest.raises(NotAllowedNow, match="No review"):
        reviewing.waive_review(**known, reason=WHY)


def test_r92_its_owner_alone_does_not_waive_what_he_owes(closed_one, mona, anna, time):
    reviewing.give_review(**asked(mona, closed_one, time), owner=anna.email)

    with pytest.raises(Refused):
        reviewing.waive_review(**asked(anna, closed_one, time), reason=WHY)

    assert Review.objects.get().waived_at is None


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 2001, "a\x00b"])
def test_r92_a_waiver_without_a_readable_reason_changes_nothing(reason, closed_one, mona, time):
    with pytest.raises(InvalidInput) as refused:
        reviewing.waive_review(**asked(mona, closed_one, time), reason=reason)

    assert list(refused.value.errors) == ["reason"] and Review.objects.get().waived_at is None


def test_r92_the_database_keeps_no_waiver_without_its_reason(closed_one, time):
    for wrong in ({"waived_at": time.now}, {"waive_reason": WHY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Review.objects.update(**wrong)
