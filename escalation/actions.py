"""The verbs of an escalation: lock, act, save named fields, record (DESIGN §4).

Every verb locks the ticket and then the escalation, in this order. Permissions are `services`' business; exit
conditions are checked here, so that page, API and import meet the same ones.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from common.errors import InvalidInput, NotAllowedNow
from common.rows import insert
from common.text import many_lines
from escalation.attention import refresh_attention
from escalation.deadlines import rounds
from escalation.deadlines.arming import asks_for_updates
from escalation.deadlines.promises import first_hours
from escalation.deadlines.reviews import begin_review
from escalation.deadlines.winding import back_to_work, begin_verification, cancel_deadlines, wind_down
from escalation.enums import LIVE_STATES, DeadlineKind, Kind, State
from escalation.models import Deadline, Escalation, Override
from escalation.parties import asking
from escalation.parties.customers import open_access_again
from escalation.procedures import conditions
from escalation.recording import record_step
from escalation.spells import leave
from people.models import User
from tickets import actions as tickets

SHORTEST_REASON = 20
REOPEN_WITHIN = timedelta(days=14)


def lock_escalation(number: int) -> Escalation:
    """The escalation as it is now, its ticket locked before it.

    Nobody changes its key, so rows that name it are made meanwhile: a task that is opened again takes its action back
    under the lock of the task alone.
    """
    ticket_number = Escalation.objects.values_list("ticket_id", flat=True).get(number=number)
    ticket = tickets.lock_ticket(ticket_number)
    escalation = Escalation.objects.with_people().select_for_update(of=("self",), no_key=True).get(number=number)
    escalation.ticket = ticket
    return escalation


@transaction.atomic
def acknowledge(*, number: int, by: User, now: datetime) -> Escalation:
    """Somebody has seen it and takes it on: the ladder stops, the lifecycle goes on. A second time changes nothing.

    Of a hand-off it says that somebody looks at it; to take it is an act of its own (`hand_offs.accept`).
    Where a promise was missed since, the ladder has started again, and this stops its new round.
    """
    escalation = lock_escalation(number)
    if escalation.state not in LIVE_STATES:
        raise not_now(escalation)
    take_on(escalation, by, now)
    return escalation


def take_on(escalation: Escalation, by: User, now: datetime) -> None:
    """Under the lock: somebody has it, so nobody has to be alerted any more. A second time changes nothing."""
    if escalation.is_acknowledged:
        return
    rounds.hold(escalation, by, now)
    record_step(escalation, "acknowledged", by=by, now=now)


@transaction.atomic
def move_on(
    *, number: int, verb: str, by: User, now: datetime, override_reason: str = "", may_override: bool = False
) -> Escalation:
    """A step forward along the four: begin_communication, begin_resolution, resolve or close.

    Raises NotAllowedNow with the checklist while an exit condition is unmet. An override sets the unmet ones
    aside, each on record for ever, and needs the right to it and a reason of at least 20 characters.
    """
    escalation = lock_escalation(number)
    if not _can(escalation, verb):
        raise not_now(escalation)
    missing = conditions.unmet(escalation)
    if missing:
        _override_or_refuse(escalation, missing, by, now, override_reason, may_override)
    go(escalation, verb, now)
    _STAMPS.get(verb, _no_stamp)(escalation, by, now)
    escalation.save(update_fields=["state", "step_since", "resolved_at", "resolved_by", "closed_at", "next_update_by"])
    record_step(escalation, _EVENTS[verb], by=by, now=now)
    refresh_attention(escalation.ticket, now)
    return escalation


@transaction.atomic
def end(*, number: int, verb: str, by: User, reason: str, now: datetime) -> Escalation:
    """Off the four steps: withdraw or deescalate, with a reason that stays."""
    reason = many_lines(reason, field="reason", limit=2000)
    escalation = lock_escalation(number)
    go(escalation, verb, now)
    escalation.end_reason = reason
    escalation.closed_at = now
    escalation.save(update_fields=["state", "step_since", "end_reason", "closed_at"])
    wind_down(escalation, now)
    record_step(escalation, _EVENTS[verb], by=by, now=now, reason=reason[:300])
    refresh_attention(escalation.ticket, now)
    return escalation


@transaction.atomic
def reopen(*, number: int, by: User, reason: str, now: datetime) -> Escalation:
    """It was not resolved after all: back to Resolve, within 14 days of its close; what was verified no longer is.

    The ladder starts again, and everybody is to hear of it within an hour.
    """
    reason = many_lines(reason, field="reason", limit=2000)
    escalation = lock_escalation(number)
    if escalation.closed_at is not None and now - escalation.closed_at > REOPEN_WITHIN:
        raise NotAllowedNow(
            _("It was closed more than %(days)d days ago: escalate anew.") % {"days": REOPEN_WITHIN.days}
        )
    _refuse_second(escalation)
    go(escalation, "reopen", now)
    cleared = ["resolved_at", "resolved_by", "verified_at", "verified_by"]
    cleared += ["access_confirmed_at", "access_confirmed_by", "closed_at"]
    for name in cleared:
        setattr(escalation, name, None)
    escalation.access_open = open_access_again(escalation)
    escalation.save(update_fields=["state", "step_since", "access_open", *cleared])
    # An override was for the step as it stood then; the step is walked anew.
    escalation.overrides.filter(condition__in=_names_from(escalation, State.RESOLVING), lapsed_at=None).update(
        lapsed_at=now
    )
    record_step(escalation, "reopened", by=by, now=now, reason=reason[:300])
    back_to_work(escalation, by, reason, now)
    rounds.begin(escalation, now)
    insert(Deadline, first_hours(escalation, now) if asks_for_updates(escalation.procedure) else [])
    refresh_attention(escalation.ticket, now)
    return escalation


def _refuse_second(escalation: Escalation) -> None:
    """What was escalated by hand anew since its close is not reopened beside it; what is resolved is live already."""
    if escalation.state != State.CLOSED or escalation.kind == Kind.AUTOMATIC:
        return
    same = Escalation.objects.live().filter(ticket=escalation.ticket_id, kind=escalation.kind)
    live = same.exclude(pk=escalation.pk).first()
    if live is not None:
        raise NotAllowedNow(_("%(ref)s is under way for this ticket already.") % {"ref": live.reference})


@transaction.atomic
def verify(*, number: int, by: User, now: datetime, note: str = "") -> Escalation:
    """The architect has seen that it holds (R24, R47)."""
    escalation = lock_escalation(number)
    if escalation.state != State.RESOLVED:
        raise not_now(escalation)
    escalation.verified_at, escalation.verified_by = now, by
    escalation.save(update_fields=["verified_at", "verified_by"])
    meet_deadlines(escalation, DeadlineKind.VERIFY, now)
    record_step(escalation, "verified", by=by, now=now, note=note[:300])
    _ask_customers(escalation, now)
    return escalation


def check_live(escalation: Escalation) -> None:
    """Is in one of the four steps, and not closed."""
    if escalation.state not in LIVE_STATES or escalation.state == State.REQUESTED:
        raise not_now(escalation)


def meet_deadlines(escalation: Escalation, kind: str, now: datetime) -> None:
    escalation.deadlines.running().filter(kind=kind).update(met_at=now, next_moment=None)


def go(escalation: Escalation, verb: str, now: datetime) -> None:
    """Run a transition of the state machine on an escalation just fetched under its lock."""
    transition: Callable[[], None] = getattr(escalation, verb)
    left = escalation.state
    try:
        transition()
    except TransitionNotAllowed as error:
        raise not_now(escalation) from error
    leave(escalation, left, now)
    escalation.step_since = now


def _can(escalation: Escalation, verb: str) -> bool:
    return any(step.name == verb for step in escalation.get_available_state_transitions())  # type: ignore[attr-defined] # made by FSMField


def not_now(escalation: Escalation) -> NotAllowedNow:
    return NotAllowedNow(
        _("%(ref)s is at “%(state)s”: this step is not open.")
        % {"ref": escalation.reference, "state": escalation.get_state_display()},
        conditions.checklist(escalation),
    )


def _override_or_refuse(
    escalation: Escalation,
    missing: Sequence[Any],
    by: User,
    now: datetime,
    reason: str,
    may_override: bool,
) -> None:
    checklist = conditions.checklist(escalation)
    if not conditions.can_be_set_aside(missing):
        raise NotAllowedNow(
            _("%(ref)s is not closed without its cause: choose it first.") % {"ref": escalation.reference}, checklist
        )
    if not (reason.strip() and may_override):
        raise NotAllowedNow(
            _("%(ref)s cannot move on yet: %(count)d of %(all)d conditions are open.")
            % {"ref": escalation.reference, "count": len(missing), "all": len(checklist)},
            checklist,
        )
    if len(reason.strip()) < SHORTEST_REASON:
        raise InvalidInput.of(
            "override_reason",
            _("An override needs a reason of at least %(count)d characters.") % {"count": SHORTEST_REASON},
        )
    for condition in missing:
        Override.objects.create(
            escalation=escalation, condition=condition.name, reason=reason.strip()[:2000], by=by, at=now
        )
        record_step(escalation, "overridden", by=by, now=now, condition=condition.name, reason=reason.strip()[:300])


def _resolved(escalation: Escalation, by: User, now: datetime) -> None:
    escalation.resolved_at = now
    escalation.resolved_by = by
    wind_down(escalation, now)
    begin_verification(escalation, now)
    _ask_customers(escalation, now)


def _ask_customers(escalation: Escalation, now: datetime) -> None:
    """Whether they can work again, once we think so (R48)."""
    if conditions.asks_customers(escalation):
        asking.ask(escalation, now)


def _closed(escalation: Escalation, by: User, now: datetime) -> None:
    escalation.closed_at = now
    meet_deadlines(escalation, DeadlineKind.CLOSING, now)
    cancel_deadlines(escalation, now)
    begin_review(escalation, by, now)


def _no_stamp(escalation: Escalation, by: User, now: datetime) -> None:
    """Most steps leave nothing behind but the state."""


def _names_from(escalation: Escalation, *states: str) -> list[str]:
    wanted = [*states, State.RESOLVED]
    return [name for state in wanted for name in escalation.procedure.conditions.get(state, [])]


_STAMPS: dict[str, Callable[[Escalation, User, datetime], None]] = {"resolve": _resolved, "close": _closed}
_EVENTS = {
    "begin_communication": "communication_begun",
    "begin_resolution": "resolution_begun",
    "resolve": "resolved",
    "close": "closed",
    "withdraw": "withdrawn",
    "deescalate": "deescalated",
}
