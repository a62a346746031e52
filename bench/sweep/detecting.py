"""What one sweep costs when nothing is due: in all, and in the database."""

import time
from statistics import median
from typing import Any

from django.db import connection

from common import clock
from escalation import sweep
from sla.models import Clock

ROUNDS = 30
WARM_UP = 3


def idle() -> dict[str, float | int]:
    """Medians in milliseconds. The bare query is the database's own account of finding the clocks that are due."""
    for _ in range(WARM_UP):
        sweep.run()
    rounds = [_round() for _ in range(ROUNDS)]
    return {
        "ms": median(one["ms"] for one in rounds),
        "ms_in_database": median(one["ms_in_database"] for one in rounds),
        "queries": max(int(one["queries"]) for one in rounds),
        "ms_bare_query": median(_explained() for _ in range(ROUNDS)),
    }


def _round() -> dict[str, float]:
    spent: list[float] = []

    def timed(execute: Any, *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*given)
        finally:
            spent.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    with connection.execute_wrapper(timed):
        done = sweep.run()
    took = (time.perf_counter() - began) * 1000
    if any(done.values()):
        raise SystemExit(f"bench: something was due after all: {done}")
    return {"ms": took, "ms_in_database": sum(spent), "queries": len(spent)}


def _explained() -> float:
    plan = Clock.every.with_moment_due(clock.now()).values_list("next_moment", "pk")[:200].explain(analyze=True)
    if "clock_next_moment" not in plan:
        raise SystemExit("bench: the clocks that are due are not found by their index:\n" + plan)
    return float(plan.rpartition("Execution Time: ")[2].split()[0])
