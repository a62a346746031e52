"""Decisions that wait, and the evidence for one of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from desk.looks.customers.customer import customer_facts
from desk.looks.settings.own_fields import said_of
from desk.looks.ticket.conversation import MessageLook, last_messages
from desk.templatetags.desk_time import clock_text, words
from escalation.enums import DeadlineKind, Kind, State
from escalation.hierarchical.authorities import Authority, authorities_of, missing_agreements
from escalation.hierarchical.deciding import told_of_decision
from escalation.models import Approval, Ask, Deadline, Escalation
from escalation.permissions import may_decide
from people.authority import UNLIMITED, Limits
from people.authority import Sum as Money
from people.models import User

MOST = 200
SIMILAR = 5
YEAR = timedelta(days=365)
SOON = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One request in the list."""

    escalation: Escalation
    asked_by: str
    customer: str
    due: datetime | None
    left: str
    late: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class AuthorityLook:
    """One who may decide, by what right, and how he stands to this request."""

    name: str
    why: str
    stands: str
    is_asked: bool


@dataclass(frozen=True, slots=True)
class DecisionLook:
    escalation: Escalation
    due: datetime | None
    left: str
    tone: str
    asked_by: str
    told: str
    """Who hears of it when it is decided."""
    who: str
    customer: list[tuple[str, str]]
    details: list[tuple[str, Any]]
    """What the desk's own fields say of it."""
    messages: list[MessageLook]
    similar: list[Approval]
    authorities: list[AuthorityLook]
    asks: list[Ask]
    agreement: str
    budget: str
    """What the reader has granted this month in the currency that is asked for, and what it comes to with this."""
    others: list[Authority]
    may_decide: bool
    decided: Approval | None
    """Only where somebody else was quicker: what is decided is looked at in its room."""
    is_own: bool


def waiting(user: User, now: datetime) -> tuple[list[Waiting], list[Waiting]]:
    """Those that the reader is asked to decide, then the others that he may see; most severe first."""
    found = [_waiting(escalation, user, now) for escalation in _requested(user)]
    return [one for one in found if one.mine], [one for one in found if not one.mine]


def decision_look(escalation: Escalation, user: User, now: datetime) -> DecisionLook:
    due = _due(escalation.deadlines.all(), escalation) if escalation.state == State.REQUESTED else None
    ticket = escalation.ticket
    asks = list(escalation.asks.select_related("person"))
    able = authorities_of(escalation, now)
    return DecisionLook(
        escalation=escalation,
        due=due,
        left=left(due, now),
        tone=_tone(due, now),
        asked_by=_asked_by(escalation),
        told=", ".join(person.name for person in told_of_decision(escalation, user, now)),
        who=ticket.organisation.name if ticket.organisation else ticket.requester.name,
        customer=customer_facts(ticket),
        details=said_of(escalation),
        messages=last_messages(ticket, now),
        similar=_similar(escalation, user, now),
        authorities=[_authority(one, escalation, asks) for one in able],
        asks=[ask for ask in asks if ask.ended_at is not None],
        agreement=_agreement(escalation, now),
        budget=_budget(escalation, user, now),
        others=[one for one in able if one.person.pk != escalation.decider_id],
        may_decide=escalation.state == State.REQUESTED and may_decide(user, escalation),
        decided=Approval.objects.filter(escalation=escalation).select_related("by").first(),
        is_own=escalation.requester_id == user.pk,
    )


def left(due: datetime | None, now: datetime) -> str:
    """“Wanted by 11:30, 48 min left”."""
    if due is None:
        return ""
    known = {"at": clock_text(due, now), "time": words(due - now)}
    if due < now:
        return _("Wanted by %(at)s, %(time)s over") % known
    return _("Wanted by %(at)s, %(time)s left") % known


def _requested(user: User) -> Iterable[Escalation]:
    found = (
        Escalation.objects.visible_to(user).requested().with_people().select_related("decider", "proposal__criterion")
    )
    running = Prefetch("deadlines", queryset=Deadline.objects.running())
    return found.prefetch_related(running).order_by("severity", "opened_at")[:MOST]


def _waiting(escalation: Escalation, user: User, now: datetime) -> Waiting:
    due = _due(escalation.deadlines.all(), escalation)
    ticket = escalation.ticket
    return Waiting(
        escalation=escalation,
        asked_by=_asked_by(escalation),
        customer=ticket.organisation.name if ticket.organisation else ticket.requester.name,
        due=due,
        left=left(due, now),
        late=due is not None and due < now,
        mine=escalation.decider_id == user.pk,
    )


def _asked_by(escalation: Escalation) -> str:
    """A person, or what was set up: the criterion or the rule."""
    if escalation.requester is not None:
        return escalation.requester.name
    return f"“{escalation.proposal.source}”" if escalation.proposal else "—"


def _due(deadlines: Iterable[Deadline], escalation: Escalation) -> datetime | None:
    """What the requester wants, at the latest what the desk promises."""
    promised = [one.due_at for one in deadlines if one.kind == DeadlineKind.APPROVAL]
    return min(promised) if promised else escalation.wanted_by


def _tone(due: datetime | None, now: datetime) -> str:
    if due is None or due - now > SOON:
        return ""
    return "warn" if due > now else "breach"


def _authority(one: Authority, escalation: Escalation, asks: Sequence[Ask]) -> AuthorityLook:
    is_asked = one.person.pk == escalation.decider_id and escalation.state == State.REQUESTED
    past = [ask.get_end_display() for ask in asks if ask.person_id == one.person.pk and ask.ended_at is not None]
    stands = _("Asked now") if is_asked else (past[-1] if past else _("May decide"))
    return AuthorityLook(one.person.name, one.why, stands, is_asked)


def _agreement(escalation: Escalation, now: datetime) -> str:
    """Said only where one approval is not enough."""
    if escalation.procedure.quorum < 2:
        return ""
    missing = missing_agreements(escalation, now)
    return _("Agreements still needed: %(count)d. One refusal declines.") % {"count": missing}


def _budget(escalation: Escalation, user: User, now: datetime) -> str:
    """What it displaces (R3, R67): said to whoever may decide it, where it is about a sum. One query, or two."""
    asked = escalation.sum
    if asked is None or not may_decide(user, escalation):
        return ""
    month = localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    mine = Approval.objects.filter(by=user, at__gte=month, granted__isnull=False, escalation__currency=asked.currency)
    found = mine.aggregate(sum=Sum("granted"), n=Count("pk"))
    granted = found["sum"] or Decimal()
    limit = Limits(asked.currency).of(user)
    known = {
        "granted": Money(granted, asked.currency),
        "with_this": Money(granted + asked.amount, asked.currency),
        "limit": Money(limit, asked.currency) if limit != UNLIMITED else _("without a limit"),
    }
    said = ngettext(
        "This month you have granted %(granted)s in %(n)d decision; with this one it is %(with_this)s.",
        "This month you have granted %(granted)s in %(n)d decisions; with this one it is %(with_this)s.",
        found["n"],
    )
    return " ".join([said % {**known, "n": found["n"]}, _("Your limit for one: %(limit)s.") % known])


def _similar(escalation: Escalation, user: User, now: datetime) -> list[Approval]:
    """How requests for the same reason were decided within a year, the newest first."""
    found = Approval.objects.filter(
        escalation__in=Escalation.objects.visible_to(user).filter(reason=escalation.reason, kind=Kind.HIERARCHICAL),
        at__gte=now - YEAR,
    )
    return list(found.select_related("escalation", "by").order_by("-at")[:SIMILAR])
