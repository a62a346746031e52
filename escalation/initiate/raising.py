"""Escalating by hand: to a team with the skill, or to someone with the authority (R1, R2, R8)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines, one_line
from escalation.actions import SHORTEST_REASON, lock_escalation
from escalation.attention import refresh_attention
from escalation.automatic import proposing
from escalation.deadlines.arming import arm, deadline
from escalation.enums import LIVE_STATES, AskedAs, DeadlineKind, Kind, Origin, Reason, State
from escalation.functional import hand_off_letters as letters
from escalation.functional.hand_offs import NO_EVIDENCE, Evidence, send
from escalation.functional.leads import inform_the_lead
from escalation.hierarchical.authorities import authorities
from escalation.hierarchical.deciding import ask
from escalation.initiate.describing import NO_DETAILS, Details
from escalation.initiate.opening import count_for_customer
from escalation.models import Escalation, Proposal
from escalation.models.channels import is_closed
from escalation.parties.customers import begin_with_requesters
from escalation.procedures.guides import guide_for
from escalation.procedures.procedures import all_procedures, choose, choose_exception
from escalation.recording import record_step
from notifications.actions import notify
from people.authority import UNLIMITED, Limits, Sum
from people.chain import leads_of
from people.models import Team, User
from tickets import actions as tickets
from tickets import snoozing
from tickets.models import Ticket

HAND_OFF_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class More:
    """What else is known of it: the proposal that it comes of, why no procedure fits, what it harms."""

    proposal: Proposal | None = None
    exception: str = ""
    details: Details = NO_DETAILS

    @property
    def columns(self) -> dict[str, object]:
        kept = {"impact": self.details.impact, "fields": dict(self.details.fields)}
        return {"proposal": self.proposal, "exception_reason": self.exception, **kept}


NO_MORE = More()


@transaction.atomic
def raise_functional(
    *,
    ticket: Ticket,
    by: User | None,
    team: Team,
    severity: int,
    reason: str,
    summary: str,
    now: datetime,
    tried: str = "",
    wanted_by: datetime | None = None,
    more: More = NO_MORE,
    evidence: Evidence = NO_EVIDENCE,
) -> Escalation:
    """To a team with the skill: the ticket moves there with its history, and remembers where it came from.

    `by` is None where a criterion or a rule opens it.
    """
    ticket = _checked(ticket, severity, reason, wanted_by, now)
    if ticket.team_id == team.pk:
        raise InvalidInput.of("team", _("The ticket is with %(team)s already.") % {"team": team.name})
    _refuse_second(ticket, Kind.FUNCTIONAL)
    proposing.claim(more.proposal, ticket)
    escalation = Escalation.objects.create(
        **_common(ticket, by, Kind.FUNCTIONAL, severity, reason, summary, tried, wanted_by, now, more),
        state=State.INITIATED,
        initiated_at=now,
        team=team,
        from_team=ticket.team,
        from_assignee=ticket.assignee,
        manager=team.lead,
    )
    hand_off = send(escalation, evidence, now)
    arm([escalation], now)
    due_at = now + HAND_OFF_WITHIN
    deadline(escalation, DeadlineKind.HAND_OFF, due_at).save()
    record_step(escalation, "opened", by=by, now=now, team=team.name, severity=severity)
    tickets.assign(ticket=ticket, now=now, by=by, team=team)
    _finish(escalation)
    notify(
        recipients=leads_of(team, now),
        compose=partial(letters.handed_over, hand_off, due_at),
        dedupe=f"escalation:{escalation.number}:handed-over",
        now=now,
    )
    return escalation


@transaction.atomic
def raise_hierarchical(
    *,
    ticket: Ticket,
    by: User | None,
    severity: int,
    reason: str,
    summary: str,
    now: datetime,
    tried: str = "",
    wanted_by: datetime | None = None,
    asked: Sum | None = None,
    more: More = NO_MORE,
) -> Escalation:
    """To someone with the authority: waits for a decision, which is never the requester's own (R2).

    `asked` is the sum to be granted, where it is about money; what the requester may grant himself is not asked (R67).
    """
    ticket = _checked(ticket, severity, reason, wanted_by, now)
    _refuse_second(ticket, Kind.HIERARCHICAL)
    proposing.claim(more.proposal, ticket)
    _refuse_what_needs_no_asking(by, asked)
    able = authorities(by, ticket.team, asked, now, exception=bool(more.exception))
    if not able and more.exception:
        raise NotAllowedNow(_("Nobody but you could decide on an exception: make a manager senior first."))
    if not able:
        raise NotAllowedNow(_("Nobody but you could decide this: make somebody a manager first."))
    escalation = Escalation.objects.create(
        **_common(ticket, by, Kind.HIERARCHICAL, severity, reason, summary, tried, wanted_by, now, more),
        state=State.REQUESTED,
        team=ticket.team,
        amount=asked.amount if asked else None,
        currency=asked.currency if asked else "",
        manager=ticket.team.lead if ticket.team else None,
    )
    record_step(escalation, "requested", by=by, now=now, decider=able[0].person.name, severity=severity)
    ask(escalation, able[0].person, AskedAs.FIRST, now)
    inform_the_lead(escalation, now)
    _finish(escalation)
    return escalation


def raise_both(
    *, team: Team, asked: Sum | None, evidence: Evidence, more: More, **common: Any
) -> tuple[Escalation, Escalation]:
    """Two records in one act (R6): the hand-over, and the decision; a refusal of one undoes both.

    The decision is asked first, while the chain of command is still that of the team that has the ticket.
    """
    of_team = more.proposal is not None and more.proposal.escalate_as == Kind.FUNCTIONAL
    rest = replace(more, proposal=None)
    first, second = (rest, more) if of_team else (more, rest)
    with transaction.atomic():
        decision = raise_hierarchical(asked=asked, more=first, **common)
        handed = raise_functional(team=team, evidence=evidence, more=second, **common)
    return handed, decision


def checked_exception(reason: str) -> str:
    """Why no procedure fits, at a length that says something (R15)."""
    reason = many_lines(reason, field="exception", limit=2000)
    if len(reason) < SHORTEST_REASON:
        sentence = _("Say in at least %(count)d characters why no procedure fits.")
        raise InvalidInput.of("exception", sentence % {"count": SHORTEST_REASON})
    return reason


def _refuse_what_needs_no_asking(by: User | None, asked: Sum | None) -> None:
    if asked is None or by is None or by.is_customer:
        return
    limit = Limits(asked.currency).of(by)
    if limit != UNLIMITED and asked.amount <= limit:
        raise InvalidInput.of(
            "amount",
            _("You may grant up to %(limit)s yourself: no decision is needed.") % {"limit": Sum(limit, asked.currency)},
        )


def _checked(ticket: Ticket, severity: int, reason: str, wanted_by: datetime | None, now: datetime) -> Ticket:
    if severity not in range(1, 5):
        raise InvalidInput.of("severity", _("A severity is 1, 2, 3 or 4."))
    if reason not in Reason.values:
        raise InvalidInput.of("reason", _("A reason is one of %(known)s.") % {"known": ", ".join(Reason.values)})
    if wanted_by is not None and wanted_by <= now:
        raise InvalidInput.of("wanted_by", _("This lies in the past."))
    ticket = tickets.lock_workable(ticket.number)
    if ticket.is_done:
        raise NotAllowedNow(_("#%(number)d is solved: reopen it to escalate it.") % {"number": ticket.number})
    if is_closed(ticket.channel):
        known = {"channel": ticket.get_channel_display()}
        raise NotAllowedNow(_("What came by this channel is not escalated: %(channel)s.") % known)
    return ticket


def _refuse_second(ticket: Ticket, kind: str) -> None:
    """One live escalation of a kind: a second person pressing the button sees the first one's."""
    live = Escalation.objects.filter(ticket=ticket, kind=kind, state__in=LIVE_STATES).first()
    if live is not None:
        raise NotAllowedNow(_("%(ref)s is under way for this ticket already.") % {"ref": live.reference})


def _common(
    ticket: Ticket,
    by: User | None,
    kind: str,
    severity: int,
    reason: str,
    summary: str,
    tried: str,
    wanted_by: datetime | None,
    now: datetime,
    more: More,
) -> dict[str, object]:
    known = all_procedures()
    procedure = choose_exception(known, severity) if more.exception else choose(known, kind, severity)
    return {
        "kind": kind,
        "origin": _origin(by, more),
        "severity": severity,
        "ticket": ticket,
        "reason": reason,
        "summary": one_line(summary, field="summary", limit=300),
        "tried": tried.strip()[:5000],
        "wanted_by": wanted_by,
        "requester": by,
        "procedure": procedure,
        "guide": guide_for(procedure),
        "opened_at": now,
        "step_since": now,
        **more.columns,
    }


def _origin(by: User | None, more: More) -> Origin:
    if by is None or more.proposal is not None:
        return Origin.RULE
    return Origin.CUSTOMER if by.is_customer else Origin.AGENT


def _finish(escalation: Escalation) -> None:
    """Under the same lock: the badge on the ticket, which no longer sleeps, and the customer's counter."""
    ticket = lock_escalation(escalation.number).ticket
    begin_with_requesters([escalation], escalation.opened_at)
    refresh_attention(ticket, escalation.opened_at)
    snoozing.wake(ticket, now=escalation.opened_at, by=escalation.requester, reason=gettext_noop("it was escalated"))
    proposing.become(escalation, escalation.requester, escalation.opened_at)
    count_for_customer([escalation])
