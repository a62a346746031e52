"""Very many due at once, and so many sweepers: each a process that runs the worker's own function."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.db import connections

from escalation.models import Escalation, Rung
from notifications.models import Alert, Delivery
from sla.models import Breach, LedgerEntry
from tickets.models import Event

ROOT = Path(__file__).resolve().parent.parent.parent
ROWS = {
    "breaches": Breach,
    "escalations": Escalation,
    "rungs": Rung,
    "alerts": Alert,
    "outbox": Delivery,
    "ledger": LedgerEntry,
    "events": Event,
}


def rush(url: str, sweepers: int, due: int) -> dict[str, Any]:
    """Breaches answered a second, and the rows that were written."""
    before = _rows()
    # The server looks after what was there before; from here on it has nothing else to do.
    connections.close_all()
    given = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "-m", "bench.sweep.sweeper"]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(sweepers)
    ]
    for one in running:
        _line(one)
    began = time.perf_counter()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    answered = [int(_line(one)) for one in running]
    seconds = time.perf_counter() - began
    for one in running:
        one.wait()
    written = {name: count - before[name] for name, count in _rows().items()}
    if not written["breaches"] == written["escalations"] == due or Breach.objects.unanswered().exists():
        raise SystemExit(f"bench: not one escalation for each breach: {written}")
    return {
        "sweepers": sweepers,
        "seconds": seconds,
        "per_second": due / seconds,
        "answered_by_each": answered,
        "rows": written,
    }


def _rows() -> dict[str, int]:
    return {name: model._default_manager.count() for name, model in ROWS.items()}


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise SystemExit("bench: a sweeper died")
    return line
