"""The nightly sweep: small batches, each a transaction of its own that counts what it removes.

Whatever happens between two batches, what was removed was counted and what was not is found again: the next sweep
goes on, and tells the trail what an interrupted one could not.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Sum

from common import audit, heartbeat
from common.models import Removal, Retention
from desk.retention.kinds import KINDS, Kind

logger = logging.getLogger(__name__)

HEARTBEAT = "retention"
# So many keys are looked up at once, and so often in one night; what is left goes the next night.
A_LOOK, MOST_LOOKS = 5_000, 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go: how many, how many bytes (None where nobody counts them), the oldest."""

    count: int
    size: int | None
    oldest: datetime | None


def preview(kind: Kind, days: int, *, now: datetime) -> Preview:
    rows = kind.due(now - timedelta(days=days))
    oldest = rows.order_by().aggregate(at=Min(kind.since))["at"]
    size = rows.order_by().aggregate(n=Sum(kind.size))["n"] or 0 if kind.size else None
    return Preview(rows.count(), size, oldest)


def sweep(*, now: datetime) -> Mapping[str, int]:
    """Everything that is old enough; how many of each kind went."""
    tell(now=now)
    periods = dict(Retention.objects.values_list("kind", "days"))
    gone = {kind.name: _survived(kind, periods[kind.name], now) for kind in KINDS if kind.name in periods}
    tell(now=now)
    heartbeat.beat(HEARTBEAT, now=now, **gone)
    return gone


def tell(*, now: datetime) -> None:
    """What has been removed and is not in the trail yet: counts, never the data."""
    for one in Removal.objects.filter(told_at=None).order_by("pk"):
        with transaction.atomic():
            if not Removal.objects.filter(pk=one.pk, told_at=None).update(told_at=now):
                continue
            after = {"removed": one.count, "bytes": one.size, "older than": one.before.isoformat()}
            audit.record_change(by=None, subject=f"retention: {one.kind}", before={}, after=after)


def _survived(kind: Kind, days: int, now: datetime) -> int:
    """A kind that fails is the log's business, and no reason to keep the others."""
    try:
        return _sweep(kind, days, now)
    except Exception:
        logger.exception("Old data of the kind “%s” could not be removed; it is tried again tomorrow.", kind.name)
        return 0


def _sweep(kind: Kind, days: int, now: datetime) -> int:
    # A period that came by another way than the page is never shorter than its least.
    before = now - timedelta(days=max(days, kind.least))
    told = Removal(kind=kind.name, before=before, begun_at=now)
    total = 0
    for _look in range(MOST_LOOKS):
        # Found outside of any transaction: nobody waits while the oldest are looked for.
        found = list(kind.due(before).order_by(kind.since, "pk").values_list("pk", flat=True)[:A_LOOK])
        gone = sum(_remove(kind, found[at : at + kind.batch], told, now) for at in range(0, len(found), kind.batch))
        total += gone
        if not gone:
            break
    return total


@transaction.atomic
def _remove(kind: Kind, keys: Sequence[Any], told: Removal, now: datetime) -> int:
    """Held and asked again first: somebody may have reopened one meanwhile."""
    rows = kind.due(told.before)
    held = rows.model._default_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    still = list(rows.filter(pk__in=list(held.values_list("pk", flat=True))).values_list("pk", flat=True))
    if not still:
        return 0
    size = kind.go(still, now)
    kept = Removal.objects.filter(pk=told.pk)
    if not kept.update(count=F("count") + len(still), size=F("size") + size):
        told.count, told.size = len(still), size
        told.save(force_insert=True)
    return len(still)
