"""A task force as it stands: whose it is, what its experts say, and how it ends and comes back with its escalation."""

from datetime import datetime

from chat import actions as chat
from escalation.enums import Verdict
from escalation.models import Escalation, PlanReview, TaskForce, TechnicalPlan
from people.models import User

PREFIX = "TF-"


def room_of(escalation: Escalation) -> str:
    """The subject of its room."""
    return f"{PREFIX}{escalation.number}"


def force_of(escalation: Escalation) -> TaskForce | None:
    return getattr(escalation, "task_force", None)


def is_member(user: User, escalation: Escalation) -> bool:
    force = force_of(escalation)
    return force is not None and any(one.person_id == user.pk for one in force.members.all())


def is_expert(user: User, escalation: Escalation) -> bool:
    force = force_of(escalation)
    return force is not None and any(one.person_id == user.pk and one.is_expert for one in force.members.all())


def newest_plan(force: TaskForce) -> TechnicalPlan | None:
    return next(iter(force.plans.all()), None)


def last_words(plan: TechnicalPlan) -> dict[int, PlanReview]:
    """By expert: of several reviews the last one counts."""
    return {review.expert_id: review for review in sorted(plan.reviews.all(), key=lambda one: (one.at, one.pk))}


def is_accepted(force: TaskForce) -> bool:
    """Its newest plan has been read by an expert at least, and none of them wants it changed."""
    plan = newest_plan(force)
    verdicts = {review.verdict for review in last_words(plan).values()} if plan else set()
    return verdicts == {Verdict.ACCEPT}


def suspend(escalation: Escalation, now: datetime) -> bool:
    """Its work is done: everybody is free, and in its room nobody writes any more. False where there is none."""
    force = force_of(escalation)
    if force is None or force.suspended_at is not None:
        return False
    force.suspended_at = now
    force.save(update_fields=["suspended_at"])
    force.members.filter(freed_at=None).update(freed_at=now)
    chat.close_room(room=force.room, now=now)
    return True


def call_back(escalation: Escalation) -> bool:
    """It was not over: whoever was on it when it was suspended is on it again."""
    force = force_of(escalation)
    if force is None or force.suspended_at is None:
        return False
    force.members.filter(freed_at=force.suspended_at).update(freed_at=None)
    force.suspended_at = None
    force.save(update_fields=["suspended_at"])
    chat.reopen_room(room=force.room)
    return True
