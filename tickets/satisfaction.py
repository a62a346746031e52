"""What customers think of how they were answered (R88): asked when a ticket is solved, on its own page."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import InvalidInput, NotAllowedNow
from common.text import many_lines
from people.models import User
from tickets import actions, follow_ups, timeline
from tickets.enums import EventKind, Score, Status
from tickets.models import Message, Rating, Ticket

RATE_WITHIN = timedelta(days=14)
COMMENT_LIMIT = 1000
GOOD = Score.SATISFIED


def may_rate(ticket: Ticket, now: datetime) -> bool:
    """Solved, and not closed for longer than two weeks; what was merged is rated where it went on."""
    if not ticket.is_done or ticket.merged_into_id is not None:
        return False
    return ticket.status != Status.CLOSED or ticket.closed_at is None or now - ticket.closed_at <= RATE_WITHIN


@transaction.atomic
def rate(*, ticket: Ticket, by: User, score: int, now: datetime, comment: str = "") -> Rating:
    """The customer's answer, or another one in its place. Raises NotAllowedNow before and long after the end."""
    if score not in Score.values:
        raise InvalidInput.of("score", _("Choose from 1 to 5."))
    words = many_lines(comment, field="comment", limit=COMMENT_LIMIT) if comment.strip() else ""
    ticket = actions.lock_workable(ticket.number)
    if not may_rate(ticket, now):
        raise NotAllowedNow(_refusal(ticket))
    before = Rating.objects.filter(ticket=ticket).first()
    said = {"score": score, "comment": words, "changed_at": now, "by": by}
    about = {"organisation": ticket.organisation, "team": ticket.team, "agent": ticket.assignee}
    rating, _made = Rating.objects.update_or_create(
        ticket=ticket, defaults=said | about, create_defaults=said | about | {"given_at": now}
    )
    known: dict[str, Any] = {"score": score, "comment": words} | ({"earlier": before.score} if before else {})
    timeline.record(ticket, EventKind.RATED, now=now, actor=by, **known)
    if rating.is_low:
        follow_ups.open_for(ticket, score, now)
    return rating


@transaction.atomic
def judge_reply(*, message: Message, by: User, has_helped: bool, now: datetime) -> Message:
    """The customer's word on one reply (R88: each interaction), or another in its place; the same twice is one."""
    ticket = actions.lock_workable(message.ticket_id)
    message = Message.objects.get(pk=message.pk)
    if message.has_helped is not has_helped:
        message.has_helped = has_helped
        message.save(update_fields=["has_helped"])
        timeline.record(ticket, EventKind.REPLY_JUDGED, now=now, actor=by, helped=has_helped, message=message.pk)
    return message


def _refusal(ticket: Ticket) -> str:
    if not ticket.is_done:
        return _("It is not solved yet: tell us then how it was.")
    return _("It was closed more than %(days)d days ago.") % {"days": RATE_WITHIN.days}
