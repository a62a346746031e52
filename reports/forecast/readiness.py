"""How far a desk is from a forecast, and when it will have one (R74). Without NumPy, for it is said of every desk.

Counted as `learning` counts: looks at open tickets, twice a day, that the first escalation of the ticket followed
within the horizon. What lies in the newest weeks is held back to judge by, and learned from once it is older.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Min

from reports.forecast.spans import EVERY, FEWEST, HORIZON, LOOKS_BACK, WEEK, WEEKS
from tickets.models import Ticket

HELD_BACK = timedelta(seconds=WEEKS * WEEK + 2 * HORIZON)
"""Until a look may be learned from."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """`found` of `fewest` to learn from, `held` to judge by; `ready_at` when there are enough at the pace of the newest
    weeks, None where nothing says so. `is_sure`: what has happened already is enough, and only has to grow older."""

    found: int
    held: int
    fewest: int
    ready_at: datetime | None
    is_sure: bool

    @property
    def is_ready(self) -> bool:
        return self.found >= self.fewest and self.held > 0


def readiness(now: datetime) -> Readiness:
    """One question."""
    until = int(now.timestamp()) - HORIZON
    looks = sorted(_looks(now))
    old = [at for at in looks if at < until - WEEKS * WEEK - HORIZON]
    held = [at for at in looks if until - WEEKS * WEEK <= at < until]
    ready_at = _ready_at(looks, len(held), int(now.timestamp()))
    return Readiness(len(old), len(held), FEWEST, ready_at, is_sure=len(looks) >= FEWEST)


def _ready_at(looks: list[int], held: int, now: int) -> datetime | None:
    """At most as far ahead as it looks back: a desk on which so little happens can not say.

    However much there is to learn from, without a look of the newest weeks there is nothing to judge it by.
    """
    missing = FEWEST - len(looks)
    if missing <= 0:
        judged = next((at + HORIZON for at in looks if at >= now - HORIZON - WEEKS * WEEK), None)
        learned = looks[FEWEST - 1] + int(HELD_BACK.total_seconds())
        return None if judged is None else datetime.fromtimestamp(max(learned, judged, now), UTC)
    if not held:
        return None
    waits = missing * WEEKS * WEEK // held
    if waits > LOOKS_BACK.total_seconds():
        return None
    return datetime.fromtimestamp(now + waits, UTC) + HELD_BACK


def _looks(now: datetime) -> Iterator[int]:
    since = int((now - LOOKS_BACK).timestamp())
    tickets = Ticket.objects.filter(created_at__gte=now - LOOKS_BACK, trashed_at=None, merged_into=None)
    escalated = tickets.filter(escalations__isnull=False).order_by()
    for opened_at, first in escalated.annotate(first=Min("escalations__opened_at")).values_list("created_at", "first"):
        earliest = max(int(opened_at.timestamp()), int(first.timestamp()) - HORIZON)
        at = since + ((earliest - since) // EVERY + 1) * EVERY
        while at <= int(first.timestamp()):
            yield at
            at += EVERY
