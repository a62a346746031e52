"""The nightly sweep: small batches, each a transaction of its own that counts what it removes.

Whatever happens between two batches, what was removed was counted and what was not is found again: the next sweep
goes on, and tells the trail what an interrupted one could not. Each ends before the broker would deliver it again,
and several are rung for in a night.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from time import monotonic
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Sum

from common import audit, heartbeat
from common.models import Removal, Retention
from desk.retention.kinds import KINDS, Kind

logger = logging.getLogger(__name__)

HEARTBEAT = "retention"
# So many keys are looked up at once.
A_LOOK = 5_000
# In seconds, well below the broker's visibility timeout; what is left goes with the next sweep.
LONGEST = 200


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
    """Everything that is old enough, as far as there is time; how many of each kind went."""
    until = monotonic() + LONGEST
    tell(now=now)
    periods = dict(Retention.objects.values_list("kind", "days"))
    gone = {kind.name: _survived(kind, periods[kind.name], now, until) for kind in KINDS if kind.name in periods}
    tell(now=now)
    heartbeat.beat(HEARTBEAT, now=now, **gone)
    return gone


def tell(*, now: datetime) -> None:
    """What has been removed and is not in the trail yet: counts, never the data."""
    for one in Removal.objects.filter(told_at=None).order_by("pk"):
        with transaction.atomic():
            if not Removal.objects.filter(pk=one.pk, told_at=None).update(told_at=now):
                continue
            # A batch may have been counted since it was found.
            one.refresh_from_db()
            after = {"removed": one.count, "bytes": one.size, "older than": one.before.isoformat()}
            audit.record_change(by=None, subject=f"retention: {one.kind}", before={}, after=after)


def _survived(kind: Kind, days: int, now: datetime, until: float) -> int:
    """A kind that fails is the log's business, and no reason to keep the others."""
    try:
        return _sweep(kind, days, now, until)
    except Exception:
        logger.exception("Old data of the kind “%s” could not be removed; the next sweep tries again.", kind.name)
        return 0


def _sweep(kind: Kind, days: int, now: datetime, until: float) -> int:
    # A period that came by another way than the page is never shorter than its least.
    before = now - timedelta(days=max(days, kind.least))
    told = Removal(kind=kind.name, before=before, begun_at=now)
    total = 0
    while monotonic() < until:
        # Found outside of any transaction: nobody waits while the oldest are looked for.
        found = list(kind.due(before).order_by(kind.since, "pk").values_list("pk", flat=True)[:A_LOOK])
        begun = takewhile(lambda _at: monotonic() < until, range(0, len(found), kind.batch))
        gone = sum(_remove(kind, found[at : at + kind.batch], told, now) for at in begun)
        total += gone
        if not gone:
            break
    return total


@transaction.atomic
def _remove(kind: Kind, keys: Sequence[Any], told: Removal, now: datetime) -> int:
    """Held and asked again first: somebody may have reopened one meanwhile. What the trail tells grows no more."""
    rows = kind.due(told.before)
    held = rows.model._default_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    still = list(rows.filter(pk__in=list(held.values_list("pk", flat=True))).values_list("pk", flat=True))
    if not still:
        return 0
    size = kind.go(still, now)
    kept = Removal.objects.filter(pk=told.pk, told_at=None)
    if not kept.update(count=F("count") + len(still), size=F("size") + size):
        told.pk, told.count, told.size = None, len(still), size
        told.save(force_insert=True)
    return len(still)
