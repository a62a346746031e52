"""Whose turn it is in the outbox: claim with a lease, keep the lease, give back what was not tried (DESIGN §3.4).

What is claimed together goes to one host, so that a host which hangs holds up nobody else's mail.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from common import clock
from common.failpoints import Point, reach
from common.text import flatten
from notifications import hosts
from notifications.enums import DeliveryState
from notifications.models import Delivery
from notifications.querysets import DeliveryQuerySet

LEASE = timedelta(minutes=2)
# Few at a time: those that a process dies with wait for the end of their lease.
BATCH = 10
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=30)


def sendable() -> DeliveryQuerySet:
    """Without a mail server what goes by mail waits, untouched; the rest goes."""
    return Delivery.objects.all() if settings.MAIL_TRANSPORT else Delivery.objects.exclude(channel="email")


def claim(now: datetime, *, but: Collection[str] = ()) -> list[Delivery]:
    """The oldest that are due for one host, none of `but`; oldest first.

    What the dead held comes first: it has waited for its lease, and behind a long queue it would wait twice.
    """
    lease = str(uuid.uuid4())
    with transaction.atomic():
        keys = _keys(now, set(but))
        # The filter is asked again in the UPDATE, so two claims never share a row, lock or no lock.
        Delivery.objects.due(now).order_by().filter(pk__in=keys).update(
            state=DeliveryState.SENDING, lease=lease, next_try_at=now + LEASE, attempts=F("attempts") + 1
        )
    if not keys:
        return []
    reach(Point.AFTER_CLAIM)
    return list(
        Delivery.objects.filter(lease=lease).select_related("recipient", "way", "endpoint").order_by("created_at", "pk")
    )


def is_ours(delivery: Delivery) -> bool:
    """Whether it may be tried now: each mail has half a lease at least, however long those before it took.

    False when the lease has run out meanwhile and another process has claimed the row.
    """
    now = clock.now()
    if now <= delivery.next_try_at - LEASE / 2:
        return True
    delivery.next_try_at = now + LEASE
    return bool(_own(delivery).update(next_try_at=delivery.next_try_at))


def give_back(rest: Sequence[Delivery]) -> None:
    """What was claimed and not tried, because its host has just shown that it is of no use."""
    for delivery in rest:
        _own(delivery).update(
            state=DeliveryState.WAITING, lease="", next_try_at=clock.now(), attempts=F("attempts") - 1
        )


def mark_sent(delivery: Delivery, answer: str = "") -> None:
    _mark(delivery, state=DeliveryState.SENT, sent_at=clock.now(), last_error=flatten(answer, limit=500))


def mark_stopped(delivery: Delivery, why: str) -> None:
    """Nobody is there to take it, and never will be."""
    _mark(delivery, state=DeliveryState.STOPPED, last_error=flatten(why, limit=500))


def mark_failed(delivery: Delivery, error: str) -> None:
    pause = min(FIRST_PAUSE * 2 ** min(delivery.attempts, 12), LONGEST_PAUSE)
    _mark(
        delivery,
        state=DeliveryState.WAITING,
        next_try_at=clock.now() + pause,
        last_error=flatten(error, limit=500),
    )


def _keys(now: datetime, but: set[str]) -> list[int]:
    while (host := _next_host(now, but)) is not None:
        count = hosts.allowance(host, BATCH, now)
        rows = sendable().filter(host=host)
        keys = _free(rows.abandoned(now), count)
        if len(keys) < count:
            keys += _free(rows.due(now).exclude(pk__in=keys), count - len(keys))
        if keys:
            return keys
        # It has had its measure for this minute, or others hold all that is due for it.
        but.add(host)
    return []


def _next_host(now: datetime, but: set[str]) -> str | None:
    """Whoever waits longest."""
    rows = sendable().exclude(host__in=but)
    for due in (rows.abandoned(now), rows.due(now)):
        host: str | None = due.values_list("host", flat=True).first()
        if host is not None:
            return host
    return None


def _free(rows: DeliveryQuerySet, count: int) -> list[int]:
    return list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:count])


def _mark(delivery: Delivery, **outcome: Any) -> None:
    """What came of a mail, and the lease given back."""
    reach(Point.BEFORE_MARK)
    _own(delivery).update(lease="", **outcome)


def _own(delivery: Delivery) -> DeliveryQuerySet:
    """The row while the lease is still ours; after it ran out another process owns it."""
    return Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
