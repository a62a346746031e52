"""What begins and ends with the last two steps: what rings no more, who is asked to verify, what must not grow old."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from escalation.alerting import alerts
from escalation.deadlines.arming import deadline
from escalation.enums import LIVE_STATES, OPEN_STATES, DeadlineKind, Duty, RungState, State
from escalation.holders import holder_of, who_answers, with_managers
from escalation.models import Deadline, Escalation, HandOff, TrackedAction
from escalation.parties.forces import call_back, suspend
from escalation.recording import record_step
from notifications.actions import notify
from people.models import User

# How long a resolved escalation may wait for its close, by severity (R55); then its people hear of it every day.
CLOSE_WITHIN = {1: timedelta(days=1), 2: timedelta(days=2), 3: timedelta(days=3), 4: timedelta(days=5)}
REMIND_EVERY = timedelta(days=1)
VERIFY_WITHIN = timedelta(hours=4)

# An analysis is owed after the close too, a review only then; what was decided is owed whatever comes after it.
_LIVE_FOR: dict[str, tuple[str, ...]] = {
    DeadlineKind.ANALYSIS: (*LIVE_STATES, State.CLOSED),
    DeadlineKind.REVIEW: (State.CLOSED,),
    DeadlineKind.ACTION: tuple(State),
    DeadlineKind.WIDEN: OPEN_STATES,
}
_OUTLASTING = (DeadlineKind.ANALYSIS, DeadlineKind.ACTION)
_DUTY_OF: dict[str, str] = {DeadlineKind.VERIFY: Duty.ARCHITECT, DeadlineKind.ANALYSIS: Duty.COORDINATOR}


def stop_ladder(escalation: Escalation) -> None:
    """What was still to come is not needed, and nothing is repeated."""
    rungs = escalation.rungs.all()
    rungs.filter(state=RungState.WAITING).update(state=RungState.STOPPED)
    rungs.exclude(next_moment=None).update(next_moment=None)


def wind_down(escalation: Escalation, now: datetime) -> None:
    """Nothing rings any more: ladder, promised updates and other deadlines end, and the task force."""
    stop_ladder(escalation)
    cancel_deadlines(escalation, now)
    escalation.next_update_by = None
    escalation.save(update_fields=["next_update_by"])
    if suspend(escalation, now):
        record_step(escalation, "force_suspended", by=None, now=now)


def cancel_deadlines(escalation: Escalation, now: datetime) -> None:
    """All but what is owed whatever becomes of it; whoever was to take it over has nothing to say to it any more."""
    drop_hand_over(escalation, now)
    HandOff.objects.waiting().filter(escalation=escalation).update(dropped_at=now)
    running = escalation.deadlines.running().exclude(kind__in=_OUTLASTING)
    running.update(cancelled_at=now, next_moment=None)


def drop_hand_over(escalation: Escalation, now: datetime) -> None:
    given = escalation.hand_overs.waiting().first()
    if given is None:
        return
    given.dropped_at = now
    given.save(update_fields=["dropped_at"])
    escalation.deadlines.unanswered().filter(pk=given.deadline_id).update(cancelled_at=now, next_moment=None)


def begin_verification(escalation: Escalation, now: datetime) -> None:
    """Declared resolved: the architect is asked to verify (R24), and the close gets a time (R55)."""
    deadline(escalation, DeadlineKind.CLOSING, now + CLOSE_WITHIN[escalation.severity]).save()
    if "verified" not in escalation.procedure.conditions.get(State.RESOLVED, []):
        return
    deadline(escalation, DeadlineKind.VERIFY, now + VERIFY_WITHIN).save()
    notify(
        recipients=who_answers(escalation, Duty.ARCHITECT, now),
        compose=partial(alerts.to_verify, escalation),
        dedupe=f"escalation:{escalation.number}:verify:{now.isoformat()}",
        now=now,
    )


def back_to_work(escalation: Escalation, by: User, reason: str, now: datetime) -> None:
    """Reopened: nobody has to verify or to close it any more, its task force is called back, and its people hear of it.

    They are its managers, whose ticket it is, and who verifies and asks the customers.
    """
    cancel_deadlines(escalation, now)
    holders = (holder_of(escalation, duty) for duty in (Duty.ARCHITECT, Duty.ENGAGEMENT))
    told = with_managers([escalation.manager, escalation.ticket.assignee, *holders], escalation, now)
    notify(
        recipients=[person for person in told if person != by],
        compose=partial(alerts.reopened, escalation, by, reason),
        dedupe=f"escalation:{escalation.number}:reopened:{now.isoformat()}",
        now=now,
    )
    if call_back(escalation):
        record_step(escalation, "force_called_back", by=by, now=now)


def is_owed(missed: Deadline, escalation: Escalation) -> bool:
    """Whether a promise still matters at the state at which its escalation is.

    An action is done with its task, under the lock of that alone: a clock may have been set running meanwhile.
    """
    if missed.kind == DeadlineKind.ACTION and not TrackedAction.objects.filter(deadline=missed, done_at=None).exists():
        return False
    return escalation.state in _LIVE_FOR.get(missed.kind, LIVE_STATES)


def who_is_late(missed: Deadline, escalation: Escalation, now: datetime) -> list[User]:
    """Whose duty it was; of other promises the escalation manager is told anyway."""
    if missed.kind == DeadlineKind.HAND_NOTE:
        return _between_levels(missed, escalation, now)
    if missed.kind in _OWNED:
        return with_managers(_OWNED[missed.kind](missed), escalation, now)
    duty = _DUTY_OF.get(missed.kind)
    return list(who_answers(escalation, duty, now)) if duty else []


def _between_levels(missed: Deadline, escalation: Escalation, now: datetime) -> list[User]:
    """Who was to acknowledge, who gave it and still has it, and the managers above (R42)."""
    given = missed.hand_over
    return with_managers([given.receiver, given.giver, escalation.manager], escalation, now)


# What somebody owns; of an action that was taken away nobody does.
_OWNED: dict[str, Callable[[Deadline], list[User | None]]] = {
    DeadlineKind.REVIEW: lambda missed: [missed.escalation.review.owner],
    DeadlineKind.ACTION: lambda missed: [missed.tracked.owner],
}


def remind_again(missed: Deadline, escalation: Escalation, now: datetime) -> None:
    """What is resolved and not closed is said once a day (R55), however long it takes."""
    if missed.kind == DeadlineKind.CLOSING:
        deadline(escalation, DeadlineKind.CLOSING, now + REMIND_EVERY).save()
