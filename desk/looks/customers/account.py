"""All escalations of one customer: about his tickets, and those that harm him besides; what he was promised of them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, F, Q, When

from desk.looks.escalations.board import customer_of
from desk.templatetags.desk_time import short
from escalation.deadlines.promises import Counted, counted, counted_of
from escalation.enums import LIVE_STATES
from escalation.models import Escalation
from escalation.querysets import EscalationQuerySet
from people.models import User

PAGE = 50


@dataclass(frozen=True, slots=True)
class AccountLine:
    """`took` is from its opening to its end, or to now; `by_other`: whose ticket it is about, if not his."""

    escalation: Escalation
    is_live: bool
    by_other: str
    took: str
    promises: Counted


@dataclass(frozen=True, slots=True)
class AccountLook:
    lines: list[AccountLine]
    live: int
    ended: int
    promises: Counted
    page: int
    pages: int


def account(found: EscalationQuerySet, user: User, now: datetime, *, own: Q, page: int) -> AccountLook:
    """Live ones first, by severity, then those that are over, the newest on top. `own` says which tickets are his."""
    found = found.visible_to(user)
    is_live = Q(state__in=LIVE_STATES)
    told = found.order_by().aggregate(all=Count("pk"), live=Count("pk", filter=is_live))
    pages = max(1, -(-told["all"] // PAGE))
    page = min(max(1, page), pages)
    mine = found.filter(own).order_by().values("pk")
    ordered = found.with_people().annotate(is_own=Case(When(pk__in=mine, then=True), default=False))
    ordered = ordered.order_by(
        Case(When(is_live, then=0), default=1),
        Case(When(is_live, then=F("severity")), default=0),
        "-opened_at",
        "-number",
    ).prefetch_related("deadlines")
    rows = list(ordered[(page - 1) * PAGE : page * PAGE])
    return AccountLook(
        lines=[_line(row, now) for row in rows],
        live=told["live"],
        ended=told["all"] - told["live"],
        promises=counted_of(found),
        page=page,
        pages=pages,
    )


def _line(escalation: Escalation, now: datetime) -> AccountLine:
    is_live = escalation.state in LIVE_STATES
    until = now if is_live else escalation.closed_at or escalation.step_since
    is_own: bool = escalation.is_own  # type: ignore[attr-defined] # annotated above
    return AccountLine(
        escalation=escalation,
        is_live=is_live,
        by_other="" if is_own else customer_of(escalation),
        took=short(until - escalation.opened_at),
        promises=counted(escalation.deadlines.all()),
    )
