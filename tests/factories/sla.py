from collections.abc import Sequence
from datetime import datetime

from calendars.models import Calendar
from sla.models import Policy
from sla.publishing import create_policy
from tickets.enums import Priority

HOUR = 3600


def target(metric: str, seconds: int, priority: str = Priority.NORMAL, thresholds: Sequence[int] = (75,)) -> dict:
    return {"metric": metric, "priority": priority, "seconds": seconds, "thresholds": list(thresholds)}


def same_for_all(metric: str, seconds: int, thresholds: Sequence[int] = (75,)) -> list[dict]:
    return [target(metric, seconds, priority, thresholds) for priority in Priority.values]


def make_policy(
    now: datetime,
    *,
    first_response: int = 6 * HOUR,
    resolution: int = 24 * HOUR,
    calendar: Calendar | None = None,
    **fields,
) -> Policy:
    """Round the clock unless a calendar is given; the same targets for every priority."""
    targets = same_for_all("first_response", first_response) + same_for_all("resolution", resolution)
    return create_policy(name=fields.pop("name", "Standard"), targets=targets, now=now, calendar=calendar, **fields)
