"""Send what waits in the outbox: claim with a lease, send outside the transaction, mark (DESIGN §3.4).

A process that dies between sending and marking leaves an expired lease: the mail goes out a second time with
the same Message-ID, and is never lost. Nothing expires unsent.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Min
from django.utils.translation import gettext as _

from common import clock, doorbell, heartbeat
from common.failpoints import Point, reach
from common.text import flatten
from notifications.actions import DELIVER_TASK, notify
from notifications.enclosing import enclose
from notifications.enums import AlertKind, DeliveryState
from notifications.letters import Letter
from notifications.models import Delivery
from notifications.querysets import DeliveryQuerySet
from notifications.rendering import render
from people.models import User

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
# Few at a time: those that a process dies with wait for the end of their lease.
BATCH = 10
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)
FAILURES_BEFORE_BANNER = 5


class UnsentError(Exception):
    """The transport took the mail and sent it to nobody."""


def run() -> int:
    """Send what is due until the turn is over; returns how many went out. Safe to run in several processes at once.

    What is left then asks for another turn, behind whatever has come in meanwhile.
    """
    clock.synchronise()
    sent, ends = 0, time.monotonic() + settings.DELIVERY_TURN.total_seconds()
    if not settings.MAIL_TRANSPORT:
        _tell_of_missing_server()
    while settings.MAIL_TRANSPORT and (batch := _claim(clock.now())):
        sent += _send_batch(batch)
        if time.monotonic() >= ends:
            doorbell.ring(DELIVER_TASK)
            break
    heartbeat.beat("delivery", now=clock.now(), sent=sent)
    return sent


def oldest_waiting() -> datetime | None:
    """When the oldest unsent row was written, for the health page."""
    oldest: datetime | None = Delivery.objects.unsent().aggregate(oldest=Min("created_at"))["oldest"]
    return oldest


def _claim(now: datetime) -> list[Delivery]:
    """What the dead held comes first: it has waited for its lease, and behind a long queue it would wait twice."""
    lease = str(uuid.uuid4())
    with transaction.atomic():
        keys = _free(Delivery.objects.abandoned(now), BATCH)
        if len(keys) < BATCH:
            keys += _free(Delivery.objects.due(now).exclude(pk__in=keys), BATCH - len(keys))
        # The filter is asked again in the UPDATE, so two claims never share a row, lock or no lock.
        Delivery.objects.due(now).order_by().filter(pk__in=keys).update(
            state=DeliveryState.SENDING, lease=lease, next_try_at=now + LEASE, attempts=F("attempts") + 1
        )
    reach(Point.AFTER_CLAIM)
    return list(Delivery.objects.filter(lease=lease).order_by("created_at", "pk"))


def _free(rows: DeliveryQuerySet, count: int) -> list[int]:
    return list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:count])


def _send_batch(batch: list[Delivery]) -> int:
    connection: BaseEmailBackend = get_connection(settings.MAIL_TRANSPORT)
    try:
        return sum(_send(delivery, connection) for delivery in batch if _extend(delivery))
    finally:
        _close(connection)


def _extend(delivery: Delivery) -> bool:
    """Each mail gets a whole lease of its own: the mails before it may have taken long.

    False when the lease has run out meanwhile and another process has claimed the row.
    """
    return bool(_own(delivery).update(next_try_at=clock.now() + LEASE))


def _send(delivery: Delivery, connection: BaseEmailBackend) -> bool:
    try:
        # No recipient, no success: Django says so by the number alone.
        if not _as_mail(delivery, connection).send():
            raise UnsentError("nobody to send it to")
    except Exception as error:
        logger.warning("Mail %d to %s was not sent: %s", delivery.pk, delivery.address, error)
        _mark_failed(delivery, f"{type(error).__name__}: {error}")
        _close(connection)
        return False
    reach(Point.AFTER_SEND)
    _mark(delivery, state=DeliveryState.SENT, sent_at=clock.now(), last_error="")
    return True


def _as_mail(delivery: Delivery, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    rendered = render(delivery)
    headers = {
        # Stable across tries, so that a duplicate can be recognised; the token leads a reply to its ticket.
        "Message-ID": message_id(delivery),
        **({} if delivery.thread_token else {"Auto-Submitted": "auto-generated"}),
        **delivery.headers,
    }
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=delivery.sender or settings.DEFAULT_FROM_EMAIL,
        to=[delivery.address],
        headers=headers,
        connection=connection,
    )
    if rendered.html:
        mail.attach_alternative(rendered.html, "text/html")
    enclose(mail, delivery)
    return mail


def message_id(delivery: Delivery) -> str:
    """`<row.token@domain>`: the row's id, and the opaque token that the caller gave."""
    token = f".{delivery.thread_token}" if delivery.thread_token else ""
    return f"<{delivery.pk}{token}@{settings.MAIL_DOMAIN}>"


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except Exception as error:
        # A server that cannot even say goodbye has taken, or not taken, each mail before that.
        logger.info("The mail server's connection did not close: %s", error)


def _mark_failed(delivery: Delivery, error: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts, 12), LONGEST_PAUSE)
    _mark(
        delivery,
        state=DeliveryState.WAITING,
        next_try_at=clock.now() + pause,
        last_error=flatten(error, limit=500),
    )
    # Not only the fifth: the process may have died between that try and this line.
    if delivery.attempts >= FAILURES_BEFORE_BANNER:
        _tell_admins(delivery)


def _tell_admins(delivery: Delivery) -> None:
    """The other channel after so many failures: the administrators' page."""

    def compose(person: User) -> Letter:
        title = _("A mail to %(address)s was refused %(count)d times")
        return Letter(
            kind=AlertKind.DELIVERY,
            title=title % {"address": delivery.address, "count": delivery.attempts},
            body=delivery.subject,
        )

    _on_page(compose, f"delivery-failed:{delivery.pk}")


def _tell_of_missing_server() -> None:
    """Once a day while mail waits that nothing can send."""
    if not Delivery.objects.unsent().exists():
        return

    def compose(person: User) -> Letter:
        title = _("Mail is waiting: no mail server is configured (EMAIL_URL)")
        return Letter(kind=AlertKind.DELIVERY, title=title)

    _on_page(compose, f"no-mail-server:{clock.now():%Y-%m-%d}")


def _on_page(compose: Callable[[User], Letter], dedupe: str) -> None:
    notify(recipients=User.objects.admins(), compose=compose, dedupe=dedupe, now=clock.now(), by_mail=False)


def _mark(delivery: Delivery, **outcome: Any) -> None:
    """What came of a mail, and the lease given back."""
    reach(Point.BEFORE_MARK)
    _own(delivery).update(lease="", **outcome)


def _own(delivery: Delivery) -> DeliveryQuerySet:
    """The row while the lease is still ours; after it ran out another process owns it."""
    return Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
