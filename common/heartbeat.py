"""Who ran when: the engine's sign of life (DESIGN §3.7)."""

from datetime import datetime
from typing import Any

from common.models import Heartbeat


def beat(name: str, *, now: datetime, **detail: Any) -> None:
    """Record that `name` has just completed a round."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": now, "detail": detail})


def last(name: str) -> datetime | None:
    """When `name` last completed a round, or None if it never did."""
    return Heartbeat.objects.filter(name=name).values_list("beat_at", flat=True).first()
