"""The review that the close of a severe escalation calls for (R92), and the clocks of what was decided.

All of it happens in the transaction of the close, under the ticket's lock: there is one review for an escalation,
by constraint, and whatever crashes it is there if and only if the close is.
"""

from collections.abc import Collection, Iterator
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from calendars.worktime import ALWAYS
from escalation.alerting import learning_letters
from escalation.deadlines.arming import deadline
from escalation.enums import DeadlineKind
from escalation.models import Deadline, Escalation, Review, ReviewTerms, TrackedAction
from escalation.permissions import hearing_of
from escalation.recording import record_step
from notifications.actions import notify
from people.chain import leads_of
from people.models import User


def terms() -> ReviewTerms:
    return ReviewTerms.objects.select_related("calendar").first() or ReviewTerms()


def is_called_for(escalation: Escalation, rules: ReviewTerms) -> bool:
    return rules.severity is not None and escalation.severity <= rules.severity


def due_after(closed_at: datetime, rules: ReviewTerms) -> datetime:
    hours = ALWAYS if rules.calendar is None else rules.calendar.current.work_calendar()
    return hours.days_after(closed_at, rules.days)


def begin_review(escalation: Escalation, by: User, now: datetime) -> None:
    """At the close. One that was done or waived before the escalation was reopened is owed again, its words kept."""
    rules = terms()
    review = Review.objects.filter(escalation=escalation).first()
    if review is not None or is_called_for(escalation, rules):
        call_for(escalation, review, by, now, rules)


def call_for(escalation: Escalation, review: Review | None, by: User, now: datetime, rules: ReviewTerms) -> Review:
    """The caller holds the lock. Its owner is who managed the escalation, else who speaks for its team; he is told."""
    review = review or Review(escalation=escalation)
    if review.owner is None or not review.owner.is_active:
        review.owner = who_speaks_for(escalation, now)
    review.called_at, review.due_at, review.done_at, review.done_by = now, due_after(now, rules), None, None
    review.waived_at, review.waived_by, review.waive_reason = None, None, ""
    review.save()
    deadline(escalation, DeadlineKind.REVIEW, review.due_at).save()
    record_step(escalation, "review_called", by=by, now=now, owner=str(review.owner or ""))
    tell_owner(review, by, now)
    return review


def tell_owner(review: Review, by: User, now: datetime) -> None:
    notify(
        recipients=[review.owner] if review.owner is not None and review.owner != by else [],
        compose=partial(learning_letters.review_called, review),
        dedupe=f"review:{review.pk}:{now.isoformat()}",
        now=now,
    )


def arm_action(action: TrackedAction) -> None:
    """From now on it is owed; one without a due time is owed by nobody's clock."""
    if action.due_at is not None:
        action.deadline = deadline(action.escalation, DeadlineKind.ACTION, action.due_at)
        action.deadline.save()
        action.save(update_fields=["deadline"])


def set_done(action: TrackedAction, *, done: bool, now: datetime) -> None:
    """Its clock is met with it; taken back, it runs again towards a time of which nobody was told yet.

    Done before it was owed it has none: it gets one when it is taken back after that.
    """
    action.done_at = now if done else None
    action.save(update_fields=["done_at"])
    clock = Deadline.objects.filter(tracked=action, cancelled_at=None)
    if done:
        clock.update(met_at=now, next_moment=None)
    elif clock.update(met_at=None):
        clock.filter(missed_at=None).update(next_moment=action.due_at)
    elif TrackedAction.objects.decided().filter(pk=action.pk).exists():
        arm_action(action)


def calendars_in_use(calendars: Collection[int]) -> Iterator[tuple[int, str]]:
    """See `calendars.usage`."""
    for key in ReviewTerms.objects.filter(calendar__in=calendars).values_list("calendar_id", flat=True):
        if key is not None:
            yield key, _("the reviews after severe escalations")


def who_speaks_for(escalation: Escalation, now: datetime) -> User | None:
    """Its manager, else the lead of its team, else who manages that; nobody only on a desk without administrators."""
    manager = escalation.manager
    if manager is not None and manager.is_active:
        return manager
    return next(iter(leads_of(escalation.team or escalation.ticket.team, now, hearing_of(escalation))), None)
