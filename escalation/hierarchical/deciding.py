"""Asking for a decision and making it (R2, R3): it has a clock, moves up when that runs out, and is made once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow, Refused
from common.money import read_amount
from common.text import many_lines
from escalation.actions import go, lock_escalation, meet_deadlines, not_now
from escalation.alerting import alerts
from escalation.attention import refresh_attention
from escalation.deadlines.arming import arm, asks_for_updates, deadline
from escalation.deadlines.promises import FIRST_HOUR, promise
from escalation.enums import AskedAs, AskEnd, Audience, DeadlineKind, Decision, Origin, State
from escalation.hierarchical.authorities import authorities_of, missing_agreements, next_to_ask
from escalation.models import Approval, Ask, Escalation
from escalation.recording import record_step
from notifications.actions import notify
from people.authority import Limits, Sum
from people.chain import leads_of
from people.models import User

DECISION_WITHIN = timedelta(hours=2)
GRANTING = (Decision.APPROVE, Decision.EXCEPTION)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody decides. `amount` is in the words of the form; `valid_until` ends an exception."""

    decision: str
    note: str = ""
    amount: str = ""
    valid_until: date | None = None
    resources: str = ""


def decision_due(wanted_by: datetime | None, now: datetime) -> datetime:
    """When somebody who is asked now has to have decided: in time for whoever asked, and within the desk's promise."""
    latest = now + DECISION_WITHIN
    return min(wanted_by, latest) if wanted_by and wanted_by > now else latest


def ask(escalation: Escalation, person: User, asked_as: str, now: datetime) -> Ask:
    """Put the request before somebody, with a clock of its own; the caller holds the lock."""
    due_at = decision_due(escalation.wanted_by, now)
    made = Ask.objects.create(escalation=escalation, person=person, asked_as=asked_as, asked_at=now, due_at=due_at)
    escalation.decider = person
    escalation.save(update_fields=["decider"])
    escalation.deadlines.running().filter(kind=DeadlineKind.APPROVAL).update(cancelled_at=now, next_moment=None)
    deadline(escalation, DeadlineKind.APPROVAL, due_at).save()
    notify(
        recipients=[person],
        compose=partial(alerts.asked_to_decide, made),
        dedupe=f"escalation:{escalation.number}:ask:{made.pk}",
        now=now,
    )
    return made


def move_decision_up(escalation: Escalation, *, now: datetime) -> None:
    """Nobody decided in time: the next authority is asked; approvals cannot stall."""
    following = next_to_ask(escalation, now)
    waiting = escalation.asks.waiting().first()
    following = following or (waiting.person if waiting else None)
    if following is None:
        return
    _end(waiting, AskEnd.EXPIRED, now)
    ask(escalation, following, AskedAs.NEXT, now)


@transaction.atomic
def pass_over(number: int, *, now: datetime) -> bool:
    """Whoever is asked has left or is away by now: a deputy or the next is asked. False if nobody is there."""
    escalation = lock_escalation(number)
    waiting = escalation.asks.waiting().of_the_absent(now).first()
    following = next_to_ask(escalation, now)
    if escalation.state != State.REQUESTED or waiting is None or following is None:
        return False
    _end(waiting, AskEnd.AWAY, now)
    ask(escalation, following, AskedAs.NEXT, now)
    return True


@transaction.atomic
def pass_on(*, number: int, by: User, to: User | None, note: str, now: datetime) -> Escalation:
    """To another who may decide; without a name to the next up the chain. The note says why and stays on record."""
    note = many_lines(note, field="note", limit=2000)
    escalation = lock_escalation(number)
    if escalation.state != State.REQUESTED:
        raise _not_asked_any_more(escalation)
    able = [one.person for one in authorities_of(escalation, now)]
    if to is not None and to not in able:
        raise InvalidInput.of("to", _("%(name)s may not decide this.") % {"name": to.name})
    waiting = escalation.asks.waiting().first()
    following = to or next_to_ask(escalation, now)
    if following is None or (waiting is not None and waiting.person == following):
        raise NotAllowedNow(_("There is nobody else who may decide this."))
    _end(waiting, AskEnd.PASSED, now, note)
    ask(escalation, following, AskedAs.PASSED, now)
    record_step(escalation, "passed_on", by=by, now=now, to=following.name, note=note[:300])
    return escalation


@transaction.atomic
def decide(*, number: int, by: User, verdict: Verdict, now: datetime) -> Escalation:
    """Approve, approve with an exception, grant resources, or decline (R3). The first decision is the decision.

    Where the procedure wants more than one to agree, an agreement asks the next of them, and the last one decides;
    a single refusal declines.
    """
    verdict = _checked(verdict, now)
    escalation = lock_escalation(number)
    if escalation.state != State.REQUESTED:
        raise _not_asked_any_more(escalation)
    if escalation.asks.filter(person=by, end=AskEnd.AGREED).exists():
        raise NotAllowedNow(_("You have agreed already; somebody else must as well."))
    granted = _granted(escalation, by, verdict)
    if verdict.decision != Decision.DECLINE and missing_agreements(escalation, now) > 1:
        return _agree(escalation, by, verdict, now)
    verb = "decline" if verdict.decision == Decision.DECLINE else "approve"
    go(escalation, verb, now)
    escalation.initiated_at = None if verb == "decline" else now
    escalation.end_reason = verdict.note if verb == "decline" else ""
    escalation.save(update_fields=["state", "step_since", "initiated_at", "end_reason"])
    escalation.approval = Approval.objects.create(
        escalation=escalation,
        decision=verdict.decision,
        note=verdict.note,
        amount=verdict.amount,
        granted=granted,
        valid_until=verdict.valid_until,
        resources=verdict.resources,
        by=by,
        at=now,
    )
    _answered(escalation, by, AskEnd.DECIDED, verdict, now)
    meet_deadlines(escalation, DeadlineKind.APPROVAL, now)
    if verb == "approve":
        arm([escalation], now)
        _promise_the_customer(escalation, now)
    what = "declined" if verb == "decline" else "approved"
    record_step(escalation, what, by=by, now=now, decision=verdict.decision, note=verdict.note[:300])
    refresh_attention(escalation.ticket, now)
    _tell_of_decision(escalation, by, now)
    return escalation


def _not_asked_any_more(escalation: Escalation) -> NotAllowedNow:
    made = Approval.objects.select_related("by").filter(escalation=escalation).first()
    if made is None:
        return not_now(escalation)
    known = {"name": made.by, "decision": made.get_decision_display()}
    return NotAllowedNow(_("%(name)s has decided it meanwhile: %(decision)s.") % known)


def _checked(verdict: Verdict, now: datetime) -> Verdict:
    if verdict.decision not in Decision.values:
        known = ", ".join(Decision.values)
        raise InvalidInput.of("decision", _("A decision is one of %(known)s.") % {"known": known})
    if verdict.decision == Decision.APPROVE:
        return verdict
    note = many_lines(verdict.note, field="note", limit=5000)
    if verdict.decision == Decision.RESOURCES and not verdict.resources.strip():
        raise InvalidInput.of("resources", _("Say which people, or how many hours."))
    if verdict.valid_until is not None and verdict.valid_until < localtime(now).date():
        raise InvalidInput.of("valid_until", _("This lies in the past."))
    return Verdict(verdict.decision, note, verdict.amount, verdict.valid_until, verdict.resources)


def _granted(escalation: Escalation, by: User, verdict: Verdict) -> Decimal | None:
    """The sum that the verdict lets through, which is never above the limit of whoever grants it (R67)."""
    asked = escalation.sum
    if asked is None or verdict.decision not in GRANTING:
        return None
    amount = asked.amount if verdict.decision == Decision.APPROVE else read_amount(verdict.amount, field="amount")
    limit = Limits(asked.currency).of(by)
    if amount > limit:
        raise Refused(
            _("You may grant up to %(limit)s: pass it on, or approve with an exception of at most that.")
            % {"limit": Sum(limit, asked.currency)}
        )
    return amount


def _agree(escalation: Escalation, by: User, verdict: Verdict, now: datetime) -> Escalation:
    """One of those who must; the next is asked."""
    _answered(escalation, by, AskEnd.AGREED, verdict, now)
    record_step(escalation, "agreed", by=by, now=now, note=verdict.note[:300])
    following = next_to_ask(escalation, now)
    if following is not None:
        ask(escalation, following, AskedAs.SECOND, now)
    return escalation


def _answered(escalation: Escalation, by: User, end: str, verdict: Verdict, now: datetime) -> None:
    """The answer of whoever was asked, or of another who may: then nobody needs to be asked any more."""
    waiting = escalation.asks.waiting().first()
    if waiting is not None and waiting.person_id != by.pk:
        _end(waiting, AskEnd.VOID, now)
        waiting = None
    if waiting is None:
        waiting = Ask(escalation=escalation, person=by, asked_as=AskedAs.VOLUNTEER, asked_at=now, due_at=now)
    waiting.ended_at, waiting.end, waiting.note = now, end, verdict.note
    waiting.save()


def _end(waiting: Ask | None, end: str, now: datetime, note: str = "") -> None:
    if waiting is not None:
        waiting.ended_at, waiting.end, waiting.note = now, end, note
        waiting.save(update_fields=["ended_at", "end", "note"])


def _promise_the_customer(escalation: Escalation, now: datetime) -> None:
    """Who asked himself sees when he hears first (R8), also where his matter is too small for a first hour."""
    if escalation.origin == Origin.CUSTOMER and not asks_for_updates(escalation.procedure):
        promise(escalation, Audience.CUSTOMERS, now + FIRST_HOUR, now)


def told_of_decision(escalation: Escalation, by: User, now: datetime) -> list[User]:
    """Whoever asked; where a customer did, or a rule, whose the ticket is, else who speaks for its team."""
    requester, owner = escalation.requester, escalation.ticket.assignee
    if requester is not None and requester.is_agent:
        return [requester]
    told = [owner] if owner is not None else leads_of(escalation.ticket.team, now)
    return [person for person in told if person.pk != by.pk]


def _tell_of_decision(escalation: Escalation, by: User, now: datetime) -> None:
    notify(
        recipients=told_of_decision(escalation, by, now),
        compose=partial(alerts.decided, escalation),
        dedupe=f"escalation:{escalation.number}:decided",
        now=now,
    )
