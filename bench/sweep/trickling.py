"""One a second, on the whole desk as it is served: from the due time to the commit of the alert's row."""

import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection, connections

from bench.sweep.seeding import Desk
from bench.workspace import ours

AHEAD = timedelta(seconds=5)
WAIT = 30
# When the last of a breach's alerts was there for everybody to see.
LATENCIES = """
    SELECT extract(epoch FROM max(pg_xact_commit_timestamp(alert.xmin)) - breach.due_at)
    FROM notifications_alert AS alert
    JOIN escalation_escalation AS escalation ON escalation.number = alert.escalation_number
    JOIN sla_breach AS breach ON breach.id = escalation.breach_id
    WHERE breach.due_at > %s AND alert.kind = 'breach'
    GROUP BY breach.id, breach.due_at
"""


def latencies(url: str, folder: Path, desk: Desk, count: int) -> dict[str, Any]:
    """Seconds, with every process of the desk running: web, worker, beat, watchdog and broker."""
    with ours.running(url, folder):
        with connection.cursor() as cursor:
            cursor.execute("SELECT now()")
            began = cursor.fetchone()[0]
        desk.trickle(count, AHEAD)
        connections.close_all()
        time.sleep(AHEAD.total_seconds() + count + 2)
        found = _found(began, count)
    return {
        "due": count,
        "p50_seconds": median(found),
        "p99_seconds": found[min(len(found) - 1, int(len(found) * 0.99))],
        "max_seconds": found[-1],
    }


def _found(began: Any, count: int) -> list[float]:
    """In order; asked again until all are there."""
    for _ in range(WAIT):
        with connection.cursor() as cursor:
            cursor.execute(LATENCIES, [began])
            found = sorted(float(seconds) for (seconds,) in cursor.fetchall())
        if len(found) == count:
            return found
        time.sleep(1)
    raise SystemExit(f"bench: {len(found)} of {count} were alerted")
