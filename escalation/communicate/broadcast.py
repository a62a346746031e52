"""An update on its way to very many: a row for each person, written at once, and sent by turns (R35, DESIGN §3.4).

The rows are the truth. Each turn takes those that wait, puts their mails into the outbox, and marks them, in one
transaction: a process that dies between has sent nothing, and the next turn goes on where it stood. That nobody is
told twice is kept by the constraint on the row and by the outbox's key.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from common import clock, doorbell, heartbeat
from common.batches import oldest_first
from common.errors import DomainError
from common.failpoints import Point, reach
from common.identity import desk_name
from common.rows import insert
from escalation.communicate import subscribers
from escalation.enums import NoticeState
from escalation.models import Communication, Notice
from escalation.parties.recipients import Recipient
from escalation.wording import read_by
from notifications.actions import ring_on_commit
from notifications.hosts import host_of
from notifications.models import Delivery
from people.models import User
from tickets import actions as tickets
from tickets.promises import time_words

logger = logging.getLogger(__name__)

HEARTBEAT = "broadcast"
TASK = "escalation.tasks.broadcast"
BATCH = 200
TURN = timedelta(seconds=5)


def queue(communication: Communication, recipients: Sequence[Recipient], now: datetime) -> None:
    """A row for each, in one statement; who has no address is on record too, and waits for nothing."""
    rows: list[dict[str, Any]] = [
        {
            "communication_id": communication.pk,
            "person_id": one.person_id,
            "ticket_id": one.ticket_id,
            "language": one.language,
            "state": NoticeState.WAITING if one.can_be_told else NoticeState.UNREACHABLE,
            "next_try_at": now,
        }
        for one in recipients
    ]
    insert(Notice, rows, unless_there=True)
    transaction.on_commit(_ring)


def record_told(communication: Communication, people: Sequence[User], now: datetime) -> None:
    """Those who were told with the update itself."""
    rows: list[dict[str, Any]] = [
        {
            "communication_id": communication.pk,
            "person_id": person.pk,
            "language": person.language,
            "state": NoticeState.SENT,
            "next_try_at": now,
            "sent_at": now,
        }
        for person in people
    ]
    insert(Notice, rows, unless_there=True)


def run() -> int:
    """One turn; returns how many people were written to. Safe to run in several processes at once."""
    clock.synchronise()
    now = clock.now()
    sent, ends = 0, time.monotonic() + TURN.total_seconds()
    for keys in oldest_first(Notice.objects.waiting(now), "next_try_at", BATCH):
        sent += _send(keys, now)
        if time.monotonic() >= ends:
            _ring()
            break
    sent += subscribers.tell_all(now)
    heartbeat.beat(HEARTBEAT, now=clock.now(), sent=sent)
    return sent


def _send(keys: Sequence[int], now: datetime) -> int:
    on_tickets = list(Notice.objects.filter(pk__in=keys).exclude(ticket=None).values_list("pk", flat=True))
    alone = sorted(set(keys) - set(on_tickets))
    return _try_all(alone, now) + sum(_try([key], now) for key in on_tickets)


def _try_all(keys: Sequence[int], now: datetime) -> int:
    """Together; where one of them cannot be written, one by one, so that it stops nobody (DESIGN §3.5)."""
    try:
        return _write(keys, now)
    except Exception:
        logger.exception("A batch of %d notices failed; taking them one by one.", len(keys))
    return sum(_try([key], now) for key in keys)


def _try(keys: Sequence[int], now: datetime) -> int:
    try:
        return _write(keys, now)
    except Exception:
        logger.exception("Notice %s failed.", keys)
        for notice in Notice.objects.filter(pk__in=keys):
            notice.attempts += 1
            notice.next_try_at = now + timedelta(seconds=2 ** min(notice.attempts, 10))
            notice.save(update_fields=["attempts", "next_try_at"])
        return 0


@transaction.atomic
def _write(keys: Sequence[int], now: datetime) -> int:
    """A public reply on the person's own ticket where that takes one, else a mail."""
    claimed = Notice.objects.waiting(now).filter(pk__in=keys).select_for_update(of=("self",), skip_locked=True)
    notices = list(claimed.select_related("communication__by", "person", "ticket"))
    reach(Point.AFTER_CLAIM)
    mails = [_mail(notice, now) for notice in notices if not _reply(notice, now)]
    insert(Delivery, mails, unless_there=True)
    Notice.objects.filter(pk__in=[one.pk for one in notices]).update(state=NoticeState.SENT, sent_at=now)
    if mails:
        ring_on_commit()
    reach(Point.BEFORE_COMMIT)
    return len(notices)


def _reply(notice: Notice, now: datetime) -> bool:
    """False where there is no ticket, or it takes no reply any more: solved, put away."""
    ticket, communication = notice.ticket, notice.communication
    if ticket is None or communication.by is None:
        return False
    try:
        with transaction.atomic():
            tickets.reply(
                ticket=ticket,
                author=communication.by,
                body=read_by(communication, notice.person, now).body,
                now=now,
                next_update_by=_still_ahead(communication, now),
                takes_it=False,
            )
    except DomainError as error:
        logger.info("Notice %d goes as a mail alone: %s", notice.pk, error)
        return False
    return True


def _mail(notice: Notice, now: datetime) -> dict[str, Any]:
    """As its row in the outbox, under a key of its own."""
    communication, person = notice.communication, notice.person
    text = read_by(communication, person, now)
    with translation.override(person.language):
        subject = text.subject or _("News from %(desk)s") % {"desk": desk_name()}
        body = text.body
        at = _still_ahead(communication, now)
        if at is not None:
            body += "\n\n" + _("Next update from us by %(time)s.") % {"time": time_words(at, person, now)}
    author = communication.by.name if communication.by else desk_name()
    return {
        "recipient_id": person.pk,
        "address": person.email,
        "host": host_of(person.email),
        "subject": subject,
        "template": "update",
        "context": {
            "desk_name": desk_name(),
            "language": person.language,
            "body": body,
            "author": author,
            "action_url": f"{settings.BASE_URL}/help/",
        },
        "dedupe_key": f"notice:{communication.pk}:{person.pk}",
        "next_try_at": now,
        "created_at": now,
    }


def _still_ahead(communication: Communication, now: datetime) -> datetime | None:
    """A turn may come late: what it promises must not have passed meanwhile."""
    at = communication.next_update_by
    return at if at is not None and at > now else None


def _ring() -> None:
    doorbell.ring(TASK)
