"""The timeline for a warehouse: every event once, in an order that never changes, to be gone on with by a cursor.

Nothing is given out before it is settled (decision 34): whatever becomes visible later has a greater cursor, so that
whoever goes on from the last one he has misses nothing and gets nothing twice.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, TypedDict

from reports.keeping import settled
from tickets.models import Event

BATCH = 5000
_COLUMNS = ("pk", "at", "kind", "ticket", "actor__email", "reference", "data")


class EventLine(TypedDict):
    """`cursor` grows from line to line; `actor` is None for what the desk did by itself; `reference` names an
    escalation (“E-207”) or a rule. `data` is what the timeline keeps beside it, by the kind.
    """

    cursor: int
    at: datetime
    kind: str
    ticket: int
    actor: str | None
    reference: str
    data: dict[str, Any]


def events(*, after: int = 0, most: int | None = None) -> Iterator[EventLine]:
    """Those behind the cursor, the oldest first, as many as there are or at most so many. A query for each batch."""
    until, left = settled(), most
    while left is None or left > 0:
        size = BATCH if left is None else min(BATCH, left)
        rows = list(Event.objects.filter(pk__gt=after, pk__lte=until).order_by("pk").values_list(*_COLUMNS)[:size])
        for row in rows:
            yield EventLine(
                cursor=row[0], at=row[1], kind=row[2], ticket=row[3], actor=row[4], reference=row[5], data=row[6]
            )
        if len(rows) < size:
            return
        after = rows[-1][0]
        left = None if left is None else left - len(rows)
