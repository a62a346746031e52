"""What conditions would have done: asked of the tickets that came last, before a criterion is let loose (R9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.automatic.signs import known_of
from tickets.conditions import Conditions, compiled
from tickets.matching import keys_in
from tickets.models import Ticket

LAST = 200


@dataclass(frozen=True, slots=True)
class LookedBack:
    """Of how many tickets, and the numbers of those that would have been proposed, the newest first."""

    of: int
    met: Sequence[int]


def look_back(conditions: Conditions, now: datetime) -> LookedBack:
    """Nothing is changed. The customer's history counts as it is today."""
    found = Ticket.objects.filter(trashed_at=None, merged_into=None).select_related("organisation")
    last = list(found.order_by("-number")[:LAST])
    known, holds = known_of(last, now, keys_in([conditions]), looking_back=True), compiled(conditions)
    return LookedBack(len(last), [one.number for one in last if holds(known[one.number].facts)])
