"""The review of an escalation: written by its owner, finished; what was decided is tracked until it is done (R92)."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines, one_line
from escalation.actions import lock_escalation, not_now
from escalation.alerting import learning_letters
from escalation.deadlines.reviews import arm_action, call_for, set_done, tell_owner, terms, who_speaks_for
from escalation.duties import find_colleague
from escalation.enums import Avoidable, DeadlineKind, LearnedIn, State
from escalation.models import Escalation, Review, TrackedAction
from escalation.permissions import who_see
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User

TEXT_LIMIT = 20_000
LESSONS_FOR_LIMIT = 200
REASON_LIMIT = 2000
SHOWN_OF_REASON = 300
MOST_ACTIONS = 50
TEXTS = ("went_well", "went_badly", "next_contact")


def review_of(escalation: Escalation) -> Review | None:
    return Review.objects.select_related("owner", "done_by", "waived_by").filter(escalation=escalation).first()


@transaction.atomic
def call_for_review(*, number: int, by: User, now: datetime) -> Review:
    """By hand, of what the desk's terms do not ask for; or once more of what was reviewed, or waived."""
    escalation = lock_escalation(number)
    review = review_of(escalation)
    if escalation.state != State.CLOSED:
        raise not_now(escalation)
    if review is not None and review.done_at is None and review.waived_at is None:
        raise NotAllowedNow(_("The review of %(ref)s is called for already.") % {"ref": escalation.reference})
    return call_for(escalation, review, by, now, terms())


@transaction.atomic
def write_review(*, number: int, by: User, now: datetime, given: Mapping[str, Any]) -> Review:
    """Of the answers those that are given."""
    escalation, review = _open(number)
    for name in (name for name in TEXTS if name in given):
        text = str(given[name])
        setattr(review, name, many_lines(text, field=name, limit=TEXT_LIMIT) if text.strip() else "")
    if "lessons_for" in given:
        said = str(given["lessons_for"])
        review.lessons_for = one_line(said, field="lessons_for", limit=LESSONS_FOR_LIMIT) if said.strip() else ""
    if "avoidable" in given:
        review.avoidable = _avoidable(str(given["avoidable"]))
    review.save(update_fields=[*TEXTS, "lessons_for", "avoidable"])
    record_step(escalation, "review_written", by=by, now=now)
    return review


@transaction.atomic
def finish_review(*, number: int, by: User, now: datetime) -> Review:
    """Its questions are answered, but for who should know, which may be nobody else."""
    escalation, review = _open(number)
    asked = (*TEXTS, "avoidable")
    missing = [str(Review._meta.get_field(name).verbose_name) for name in asked if not getattr(review, name)]  # type: ignore[union-attr] # plain fields
    if missing:
        raise NotAllowedNow(_("The review lacks an answer: %(what)s.") % {"what": ", ".join(missing)})
    review.done_at, review.done_by = now, by
    review.save(update_fields=["done_at", "done_by"])
    escalation.deadlines.unanswered().filter(kind=DeadlineKind.REVIEW).update(met_at=now, next_moment=None)
    record_step(escalation, "review_done", by=by, now=now)
    return review


@transaction.atomic
def waive_review(*, number: int, by: User, reason: str, now: datetime) -> Review:
    """It is owed no more, for a reason that stays; what was written and decided in it stays too. Its owner is told."""
    reason = many_lines(reason, field="reason", limit=REASON_LIMIT)
    escalation, review = _open(number)
    review.waived_at, review.waived_by, review.waive_reason = now, by, reason
    review.save(update_fields=["waived_at", "waived_by", "waive_reason"])
    escalation.deadlines.unanswered().filter(kind=DeadlineKind.REVIEW).update(cancelled_at=now, next_moment=None)
    record_step(escalation, "review_waived", by=by, now=now, reason=reason[:SHOWN_OF_REASON])
    notify(
        recipients=[review.owner] if review.owner is not None and review.owner != by else [],
        compose=partial(learning_letters.review_waived, review),
        dedupe=f"review:{review.pk}:waived:{now.isoformat()}",
        now=now,
    )
    return review


@transaction.atomic
def give_review(*, number: int, by: User, to: str, now: datetime) -> Review:
    """Another owner, who sees the escalation already; he is told."""
    escalation, review = _open(number)
    review.owner = find_colleague(escalation, to, "owner")
    review.save(update_fields=["owner"])
    record_step(escalation, "review_given", by=by, now=now, whom=review.owner.name)
    tell_owner(review, by, now)
    return review


@transaction.atomic
def add_action(*, number: int, by: User, title: str, owner: str, due_at: datetime, now: datetime) -> TrackedAction:
    """Also after the review is done: what comes of it may come later."""
    escalation = lock_escalation(number)
    review = review_of(escalation)
    if review is None:
        raise _none_called(escalation)
    if review.actions.count() >= MOST_ACTIONS:
        raise InvalidInput.of("title", _("A review has at most %(count)d actions.") % {"count": MOST_ACTIONS})
    action = TrackedAction.objects.create(
        escalation=escalation,
        learned_in=LearnedIn.REVIEW,
        title=one_line(title, field="title"),
        owner=find_colleague(escalation, owner, "owner"),
        due_at=_to_come(due_at, now),
    )
    arm_action(action)
    record_step(escalation, "action_named", by=by, now=now, title=action.title, whom=str(action.owner))
    _tell(action, by, now)
    return action


@transaction.atomic
def change_action(*, pk: int, by: User, owner: str, due_at: datetime | None, now: datetime) -> TrackedAction:
    """Somebody else, or another day: a new clock runs towards it, and what the old one said stays said.

    Without a day it keeps the one that it has.
    """
    action = _lock(pk)
    escalation = action.escalation
    if action.done_at is not None:
        raise NotAllowedNow(_("“%(title)s” is done.") % {"title": action.title})
    person = find_colleague(escalation, owner, "owner")
    is_given, is_moved = person.pk != action.owner_id, due_at is not None and due_at != action.due_at
    action.owner = person
    if due_at is not None and is_moved:
        action.due_at = _to_come(due_at, now)
    action.save(update_fields=["owner", "due_at"])
    if is_moved:
        escalation.deadlines.filter(tracked=action).update(cancelled_at=now, next_moment=None)
        arm_action(action)
    if is_given or is_moved:
        record_step(escalation, "action_changed", by=by, now=now, title=action.title, whom=person.name)
    if is_given:
        _tell(action, by, now)
    return action


@transaction.atomic
def finish_action(*, pk: int, by: User, done: bool, now: datetime) -> TrackedAction:
    """Tick what was decided, or take the tick back. A second time changes nothing."""
    action = _lock(pk)
    if (action.done_at is not None) == done:
        return action
    set_done(action, done=done, now=now)
    what = "action_done" if done else "action_undone"
    record_step(action.escalation, what, by=by, now=now, title=action.title)
    return action


@transaction.atomic
def hand_on_reviews(*, person: User, successor: User | None, by: User, now: datetime) -> None:
    """He leaves: what he owes goes to his successor where that one may see it, else to who speaks for the team."""
    for number in Review.objects.open().filter(owner=person).order_by("pk").values_list("escalation_id", flat=True):
        escalation, review = _open(number)
        review.owner = _next_owner(escalation, successor, now)
        review.save(update_fields=["owner"])
        record_step(escalation, "review_given", by=by, now=now, whom=str(review.owner or ""))
        tell_owner(review, by, now)
    for pk in TrackedAction.objects.open().filter(owner=person).order_by("pk").values_list("pk", flat=True):
        action = _lock(pk)
        action.owner = _next_owner(action.escalation, successor, now)
        action.save(update_fields=["owner"])
        record_step(
            action.escalation, "action_changed", by=by, now=now, title=action.title, whom=str(action.owner or "")
        )
        _tell(action, by, now)


def _next_owner(escalation: Escalation, successor: User | None, now: datetime) -> User | None:
    if successor is not None and who_see(escalation).filter(pk=successor.pk).exists():
        return successor
    return who_speaks_for(escalation, now)


def _open(number: int) -> tuple[Escalation, Review]:
    escalation = lock_escalation(number)
    review = review_of(escalation)
    if review is None:
        raise _none_called(escalation)
    if review.done_at is not None:
        raise NotAllowedNow(_("The review of %(ref)s is done.") % {"ref": escalation.reference})
    if review.waived_at is not None:
        raise NotAllowedNow(_("The review of %(ref)s is waived.") % {"ref": escalation.reference})
    if escalation.state != State.CLOSED:
        raise not_now(escalation)
    review.escalation = escalation
    return escalation, review


def _lock(pk: int) -> TrackedAction:
    """The action as it is now, its escalation locked before it."""
    escalation = lock_escalation(TrackedAction.objects.values_list("escalation_id", flat=True).get(pk=pk))
    action = TrackedAction.objects.select_related("owner").get(pk=pk)
    action.escalation = escalation
    return action


def _avoidable(said: str) -> str:
    if said and said not in Avoidable.values:
        raise InvalidInput.of(
            "avoidable", _("The answer is one of %(known)s.") % {"known": ", ".join(Avoidable.values)}
        )
    return said


def _to_come(due_at: datetime, now: datetime) -> datetime:
    if due_at <= now:
        raise InvalidInput.of("due_at", _("This lies in the past."))
    return due_at


def _none_called(escalation: Escalation) -> NotAllowedNow:
    return NotAllowedNow(_("No review of %(ref)s is called for.") % {"ref": escalation.reference})


def _tell(action: TrackedAction, by: User, now: datetime) -> None:
    notify(
        recipients=[action.owner] if action.owner is not None and action.owner != by else [],
        compose=partial(learning_letters.action_given, action),
        dedupe=f"action:{action.pk}:{now.isoformat()}",
        now=now,
    )
