"""Learns from a past of known causes, judges, and scores what is open; the figures beside the order of time left."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django
from django.core.management import call_command

django.setup()

from bench.forecast.lives import lives  # noqa: E402 - models can be imported from here on
from bench.forecast.writing import Writer  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from reports.forecast import keeping  # noqa: E402 - the same
from reports.forecast.judging import SHARE  # noqa: E402 - the same
from reports.models import Outlook  # noqa: E402 - the same

DAYS = 182
SEED = 20261123


def measure(size: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    now = clock.now()
    began = time.perf_counter()
    customers = max(size // 50, 20)
    writer = Writer(began=now - timedelta(days=DAYS), now=now, customers=customers)
    writer.write(lives(size, seconds=DAYS * 86_400.0, customers=customers, seed=SEED))
    yield {"figure": "seeded", "tickets": size, "seconds": round(time.perf_counter() - began, 1)}
    yield _learned(size)
    began = time.perf_counter()
    scored = keeping.look_ahead(now=now)
    each = (time.perf_counter() - began) * 1000 / max(scored, 1)
    foretold = Outlook.objects.exclude(chance=None).count()
    yield {"figure": "looked ahead", "open": scored, "scored": foretold, "ms_each": round(each, 3)}


def _learned(size: int) -> dict[str, Any]:
    began = time.perf_counter()
    run = keeping.night(now=clock.now())
    seconds = time.perf_counter() - began
    if run is None or "model" not in run.judged:
        raise SystemExit("bench: too little to learn from, or no scikit-learn")
    judged = run.judged
    return {
        "figure": "learned",
        "tickets": size,
        "seconds": round(seconds, 1),
        "state": run.state,
        "flagged_share": SHARE,
        "rows": judged["rows"],
        "happened": judged["happened"],
        **{name: _rounded(judged[name]) for name in ("model", "time_left")},
        "calibration": [[round(one["foretold"], 4), round(one["came_true"], 4)] for one in judged["calibration"]],
    }


def _rounded(verdict: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else round(value, 3) for name, value in verdict.items()}
