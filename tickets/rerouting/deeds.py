"""What rules owe on this floor is done: a quick reply, a note, a call. Each once, under its ticket's lock (R11).

An automatic answer goes to nobody who may be a program, to nobody more than a few times, and stops no clock: it is
not somebody's answer.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from common.batches import oldest_first
from common.errors import DomainError
from common.failpoints import Point, reach
from notifications.actions import call
from tickets import actions, quick_replies, timeline
from tickets.enums import Channel, EventKind, Status
from tickets.models import Message, RuleDeed, Ticket
from tickets.rerouting.doing import RULE

logger = logging.getLogger(__name__)

BATCH = 200
TRIES = 8
# To one person, whatever he opens: the other side may be a program all the same (RFC 3834, 2).
MOST_ANSWERS = ((3, timedelta(hours=1)), (10, timedelta(days=1)))


class _LeftError(DomainError):
    """It comes to nothing; the text says why, for the timeline."""


def run(now: datetime) -> int:
    """Do what is owed; returns how many letters were answered. One that fails stops no other."""
    owed = RuleDeed.objects.owed(now).of_this_floor()
    return sum(_try(pk, now) for keys in oldest_first(owed, "at", BATCH) for pk in keys)


@transaction.atomic
def do(pk: int, *, now: datetime) -> bool:
    """One of them; False where another round has done it meanwhile."""
    ticket = actions.lock_ticket(RuleDeed.objects.values_list("ticket_id", flat=True).get(pk=pk))
    deed = RuleDeed.objects.owed(now).filter(pk=pk).first()
    if deed is None:
        return False
    reach(Point.AFTER_CLAIM)
    try:
        with transaction.atomic():
            _check_worked_on(ticket)
            _DEEDS[deed.do](ticket, deed, now)
    except DomainError as error:
        leave(deed, str(error), now)
    deed.done_at = now
    deed.save(update_fields=["done_at", "left"])
    reach(Point.BEFORE_COMMIT)
    return True


def leave(deed: RuleDeed, why: str, now: datetime) -> None:
    """It comes to nothing, and the ticket's timeline says so. The caller holds the ticket's lock and saves."""
    deed.left = why
    _record(deed.ticket, EventKind.RULE_LEFT, deed, now, do=deed.do, reason=why[:300])


def _check_worked_on(ticket: Ticket) -> None:
    if ticket.merged_into_id is not None:
        raise _LeftError(_("It was merged into #%(number)d.") % {"number": ticket.merged_into_id})
    if ticket.trashed_at is not None:
        raise _LeftError(_("It was put away."))


def _reply(ticket: Ticket, deed: RuleDeed, now: datetime) -> None:
    """In the customer's language, of the ticket's team before all teams."""
    title = deed.action["value"]
    chosen = next((row for row in quick_replies.for_ticket(ticket) if row.title == title), None)
    if chosen is None:
        raise _LeftError(_("There is no quick reply “%(title)s” for its team.") % {"title": title})
    _check_answerable(ticket, now)
    body = quick_replies.fill(chosen.body, quick_replies.values(ticket, None, now))
    quick_replies.check_resolved(body)
    message = actions.write_down(ticket, None, body, now, (), channel=Channel.WEB, is_automatic=True)
    _record(ticket, EventKind.AUTO_REPLIED, deed, now, message=message.pk, title=title)


def _check_answerable(ticket: Ticket, now: datetime) -> None:
    person = ticket.requester
    if not person.is_active or person.is_agent:
        raise _LeftError(_("Whoever asks is no customer who could be written to."))
    if ticket.status == Status.CLOSED:
        raise _LeftError(_("It is closed."))
    last = ticket.messages.public().filter(by_customer=True).order_by("-created_at", "-pk").first()
    if last is not None and last.is_automatic:
        raise _LeftError(_("A program wrote it, or it wants no automatic answer."))
    told = Message.objects.filter(ticket__requester=person, is_automatic=True, by_customer=False)
    if any(told.filter(created_at__gt=now - span).count() >= most for most, span in MOST_ANSWERS):
        raise _LeftError(_("The customer has had too many automatic answers lately."))


def _note(ticket: Ticket, deed: RuleDeed, now: datetime) -> None:
    body = quick_replies.fill(deed.action["value"], quick_replies.values(ticket, None, now))
    message = actions.write_down(ticket, None, body, now, (), channel=Channel.WEB, is_public=False, is_automatic=True)
    _record(ticket, EventKind.NOTED, deed, now, message=message.pk)


def _call(ticket: Ticket, deed: RuleDeed, now: datetime) -> None:
    data = {
        "rule": deed.rule_name,
        "ticket": ticket.number,
        "url": f"{settings.BASE_URL}/tickets/{ticket.number}/",
    }
    title = _("“%(rule)s” on #%(number)d") % {"rule": deed.rule_name, "number": ticket.number}
    if not call(
        endpoint=deed.action["value"],
        title=title,
        told={"type": "ticket.ruled", "timestamp": deed.at.isoformat(), "data": data},
        ticket_number=ticket.number,
        dedupe=f"rule-hook:{deed.pk}",
        now=now,
    ):
        raise _LeftError(_("There is no webhook “%(name)s” in use.") % {"name": deed.action["value"]})
    _record(ticket, EventKind.RULE_CALLED, deed, now, endpoint=deed.action["value"])


def _record(ticket: Ticket, kind: str, deed: RuleDeed, now: datetime, **said: Any) -> None:
    """Found by the rule's key; it sets off no rule."""
    said |= {"rule": deed.rule_name, **timeline.of_rule(RULE)}
    timeline.record(ticket, kind, now=now, reference=f"rule:{deed.rule_key}", **said)


_DEEDS: dict[str, Callable[[Ticket, RuleDeed, datetime], None]] = {"reply": _reply, "note": _note, "webhook": _call}


def _try(pk: int, now: datetime) -> int:
    try:
        return int(do(pk, now=now))
    except Exception:
        logger.exception("What a rule owes (%d) could not be done.", pk)
    put_off(pk, now)
    return 0


def put_off(pk: int, now: datetime) -> None:
    """Later again; after the last try it stays undone, and says so. What another round has done stays done."""
    owed = RuleDeed.objects.filter(pk=pk, done_at=None)
    tried = owed.values_list("attempts", flat=True).first()
    if tried is None:
        return
    attempts = tried + 1
    said: dict[str, Any] = {"attempts": attempts, "next_try_at": now + timedelta(seconds=2**attempts)}
    if attempts >= TRIES:
        said |= {"done_at": now, "left": _("It met an error in this program.")}
    owed.update(**said)
