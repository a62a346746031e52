"""The front doors' way in: sight of the escalation, then the right to the verb, then the action."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from escalation import actions
from escalation import permissions as may
from escalation.automatic.proposing import prefilled
from escalation.close import causes
from escalation.communicate import announcing
from escalation.enums import ByHand, Decision, Kind
from escalation.functional import hand_offs
from escalation.hierarchical import deciding
from escalation.hierarchical.deciding import Verdict
from escalation.initiate import raising
from escalation.initiate.describing import describe as describe  # one of the four steps' verbs
from escalation.initiate.describing import details_at_opening
from escalation.initiate.eligibility import why_not
from escalation.models import Escalation
from escalation.resolve import planning, ticking
from escalation.services import communicating
from escalation.services.affected import confirm_access as confirm_access  # one of the four steps' verbs
from escalation.services.criteria import access_proposal
from escalation.services.resolving import verify as verify  # one of the four steps' verbs
from people.authority import Sum, read_sum
from people.models import User
from tickets.permissions import access_ticket
from tickets.services import find_team

# What is told has a file of its own; whoever walks an escalation finds every verb here.
communicate = communicating.communicate
send_summary = communicating.send_summary
hand_over = communicating.hand_over
acknowledge_hand_over = communicating.acknowledge_hand_over


@transaction.atomic
def escalate(
    *,
    user: User,
    ticket_number: int,
    kind: str,
    severity: int,
    reason: str,
    summary: str,
    now: datetime,
    tried: str = "",
    wanted_by: datetime | None = None,
    team_slug: str = "",
    amount: str = "",
    currency: str = "",
    steps: Sequence[int] = (),
    guide: int | None = None,
    proposal: int | None = None,
    evidence: hand_offs.Evidence = hand_offs.NO_EVIDENCE,
    exception: str = "",
    impact: str = "",
    fields: Mapping[str, Any] | None = None,
) -> Escalation:
    """By an agent as `ByHand` says, by a customer on his own ticket to a manager (R8); of both, the hand-over.

    `steps` of the guide that an agent has taken already are ticked, and `guide` is the version that he saw (R70).
    `proposal` is what a criterion proposed, where this accepts it; `exception` says why no procedure fits (R15).
    `impact` is what it harms, `fields` what was asked of the desk's own (R22); None where nobody was asked.
    """
    ticket = access_ticket(user, ticket_number)
    if user.is_customer and (refused := why_not(user, ticket, now)):
        raise NotAllowedNow(refused)
    asked: dict[str, Any] = {
        "ticket": ticket,
        "by": user,
        "severity": severity,
        "reason": reason,
        "summary": summary,
        "tried": tried,
        "wanted_by": wanted_by,
        "now": now,
    }
    more = raising.More(
        access_proposal(user, proposal) if proposal else None,
        raising.checked_exception(exception) if kind == ByHand.EXCEPTION else "",
        details_at_opening(impact, fields, by=user),
    )
    made = _raise(user, kind, team_slug, read_sum(amount, currency), evidence, {**asked, "more": more})
    ticking.begin(made, steps if user.is_agent else (), user, now, guide)
    return made


def asked_beside(escalation: Escalation) -> Escalation | None:
    """Of a hand-over that was raised together with a request (R6), the request."""
    if escalation.kind != Kind.FUNCTIONAL:
        return None
    of_it = Escalation.objects.filter(ticket=escalation.ticket_id, kind=Kind.HIERARCHICAL)
    return of_it.filter(requester=escalation.requester_id, opened_at=escalation.opened_at).first()


def accept_proposal(*, user: User, pk: int, now: datetime, **given: Any) -> Escalation:
    """What a criterion proposed becomes an escalation; what is not given is as it was proposed."""
    proposal = access_proposal(user, pk)
    known = prefilled(proposal)
    known["team_slug"] = known.pop("team")
    return escalate(user=user, ticket_number=proposal.ticket_id, now=now, **{**known, **given})


def _raise(
    user: User, kind: str, team_slug: str, sum_: Sum | None, evidence: hand_offs.Evidence, asked: dict[str, Any]
) -> Escalation:
    if kind == ByHand.HIERARCHICAL:
        return raising.raise_hierarchical(asked=sum_, **asked)
    may.check(user.is_agent, _("Only agents may do this."))
    if kind == ByHand.EXCEPTION:
        return raising.raise_hierarchical(asked=sum_, **asked)
    if kind not in ByHand.values:
        raise InvalidInput.of("kind", _("By hand it is one of %(known)s.") % {"known": ", ".join(ByHand.values)})
    if not team_slug:
        raise InvalidInput.of("team", _("A functional escalation needs a team."))
    team = find_team(team_slug)
    if kind == ByHand.BOTH:
        return raising.raise_both(team=team, asked=sum_, evidence=evidence, **asked)[0]
    return raising.raise_functional(team=team, evidence=evidence, **asked)


def decide(
    *,
    user: User,
    number: int,
    decision: str,
    now: datetime,
    note: str = "",
    amount: str = "",
    valid_until: date | None = None,
    resources: str = "",
    cause: str = "",
) -> Escalation:
    """`cause` may be named where it is declined: what was at the root of the request (R84)."""
    verdict = Verdict(decision, note, amount, valid_until, resources)
    _check_decides(user, may.access_escalation(user, number))
    decide_it = partial(deciding.decide, number=number, by=user, verdict=verdict, now=now)
    return _with_cause(user, cause if decision == Decision.DECLINE else "", decide_it, now)


def pass_on(*, user: User, number: int, note: str, now: datetime, to: str = "") -> Escalation:
    """`to` is an address; empty for the next up the chain."""
    escalation = may.access_escalation(user, number)
    _check_decides(user, escalation)
    person = User.objects.active().staff().at_address(to).first() if to else None
    if to and person is None:
        raise InvalidInput.of("to", _("Nobody at the desk has the address “%(email)s”.") % {"email": to[:80]})
    return deciding.pass_on(number=number, by=user, to=person, note=note, now=now)


def acknowledge(*, user: User, number: int, now: datetime) -> Escalation:
    escalation = may.access_escalation(user, number)
    may.check(may.was_alerted(user, escalation), _("Only somebody who was alerted, or who works on it, may do this."))
    return actions.acknowledge(number=number, by=user, now=now)


def begin_communication(*, user: User, number: int, now: datetime, override_reason: str = "") -> Escalation:
    """The first word goes out with it where the procedure has one prepared (R35)."""
    escalation = may.access_to_run(user, number)
    right: dict[str, Any] = {"override_reason": override_reason, "may_override": may.may_override(user, escalation)}
    return announcing.begin_communication(number=number, by=user, now=now, **right)


def begin_resolution(*, user: User, number: int, now: datetime, override_reason: str = "") -> Escalation:
    return _move_on(user, may.access_to_run(user, number), "begin_resolution", now, override_reason)


def resolve(*, user: User, number: int, now: datetime, override_reason: str = "") -> Escalation:
    """Declare it resolved (R46)."""
    return _declare(user, number, "resolve", now, override_reason)


def close(*, user: User, number: int, now: datetime, override_reason: str = "") -> Escalation:
    return _declare(user, number, "close", now, override_reason)


def plan(
    *,
    user: User,
    number: int,
    tasks: Sequence[Mapping[str, Any]],
    now: datetime,
    reason: str = "",
    based_on: int | None = None,
) -> Escalation:
    """A new version of the plan, with the reason for it from the second on (R44)."""
    may.access_to_work(user, number)
    return planning.plan(number=number, by=user, tasks=tasks, now=now, reason=reason, based_on=based_on)


def create_plan(*, user: User, number: int, now: datetime) -> Escalation:
    """The first version, from the templates that fit (R41)."""
    may.access_to_work(user, number)
    return planning.create_plan(number=number, by=user, now=now)


def finish_task(*, user: User, number: int, task_id: int, done: bool, now: datetime) -> Escalation:
    may.access_to_work(user, number)
    return planning.finish_task(number=number, by=user, task_id=task_id, done=done, now=now)


def tick_step(*, user: User, number: int, step: int, done: bool, now: datetime) -> Escalation:
    """A step of its guide, by those who work on it and by whoever raised it (R70)."""
    escalation = may.access_escalation(user, number)
    may.check(may.may_tick(user, escalation), _("Only those who work on it may do this."))
    return ticking.tick(number=number, by=user, step=step, done=done, now=now)


def choose_cause(*, user: User, number: int, cause: str, now: datetime) -> Escalation:
    may.access_to_work(user, number)
    return causes.choose_cause(number=number, by=user, cause=cause, now=now)


def withdraw(*, user: User, number: int, reason: str, now: datetime, cause: str = "") -> Escalation:
    """By whoever asked, who need not see it any more, or by a manager."""
    escalation = may.access_to_withdraw(user, number)
    may.check(may.may_withdraw(user, escalation), _("Only whoever asked, or a manager, may withdraw it."))
    return _end(user, number, "withdraw", reason, cause, now)


def return_to_sender(*, user: User, number: int, reason: str, now: datetime, cause: str = "") -> Escalation:
    escalation = may.access_escalation(user, number)
    may.check(may.received(user, escalation), _("Only the receiving team may return it."))
    return_it = partial(hand_offs.return_to_sender, number=number, by=user, reason=reason, now=now)
    return _with_cause(user, cause, return_it, now)


def accept(*, user: User, number: int, now: datetime) -> Escalation:
    """The receiving team takes a hand-off; nobody takes what he sent himself, unless he is of that team, too."""
    escalation = may.access_escalation(user, number)
    may.check(may.may_accept(user, escalation), _("Only the receiving team may accept it."))
    return hand_offs.accept(number=number, by=user, now=now)


def deescalate(*, user: User, number: int, reason: str, now: datetime, cause: str = "") -> Escalation:
    _check_declares(user, number)
    return _end(user, number, "deescalate", reason, cause, now)


def reopen(*, user: User, number: int, reason: str, now: datetime) -> Escalation:
    _check_declares(user, number)
    return actions.reopen(number=number, by=user, reason=reason, now=now)


def _declare(user: User, number: int, verb: str, now: datetime, override_reason: str) -> Escalation:
    return _move_on(user, _check_declares(user, number), verb, now, override_reason)


def _move_on(user: User, escalation: Escalation, verb: str, now: datetime, override_reason: str) -> Escalation:
    return actions.move_on(
        number=escalation.number,
        verb=verb,
        by=user,
        now=now,
        override_reason=override_reason,
        may_override=may.may_override(user, escalation),
    )


def _end(user: User, number: int, verb: str, reason: str, cause: str, now: datetime) -> Escalation:
    end_it = partial(actions.end, number=number, verb=verb, by=user, reason=reason, now=now)
    return _with_cause(user, cause, end_it, now)


@transaction.atomic
def _with_cause(user: User, cause: str, act: Callable[[], Escalation], now: datetime) -> Escalation:
    """What ended otherwise than by its close had a cause too, where somebody knows it (R84)."""
    ended = act()
    return causes.choose_cause(number=ended.number, by=user, cause=cause, now=now) if cause else ended


def _check_decides(user: User, escalation: Escalation) -> None:
    may.check(user.pk != escalation.requester_id, _("Nobody decides on his own request."))
    may.check(may.may_decide(user, escalation), _WHO_DECIDES[escalation.procedure.is_exception]())


_WHO_DECIDES: dict[bool, Callable[[], str]] = {
    False: lambda: _("Only a manager may decide this."),
    True: lambda: _("Only a senior manager may decide on an exception."),
}


def _check_declares(user: User, number: int) -> Escalation:
    escalation = may.access_escalation(user, number)
    may.check(may.may_declare(user, escalation), _("Only a manager may do this."))
    return escalation
