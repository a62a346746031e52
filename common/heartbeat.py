"""Who ran when: the engine's sign of life (DESIGN §3.7)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from common.models import Heartbeat


def beat(name: str, *, now: datetime, **detail: Any) -> None:
    """Record that `name` has just completed a round."""
    # One statement: it is made after every round, every two seconds.
    beaten = Heartbeat(name=name, beat_at=now, detail=detail)
    Heartbeat.objects.bulk_create(
        [beaten], update_conflicts=True, unique_fields=["name"], update_fields=["beat_at", "detail"]
    )


def silence(name: str) -> None:
    """Nobody is to wait for its next round any more."""
    Heartbeat.objects.filter(name=name).delete()


def last(name: str) -> datetime | None:
    """When `name` last completed a round, or None if it never did."""
    return Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()


def last_of(names: Collection[str]) -> dict[str, datetime]:
    """The same of several in one question; those that never did are left out."""
    return dict(Heartbeat.objects.filter(name__in=names).values_list("name", "beat_at"))
