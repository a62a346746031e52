"""Kill the desk while promises fall due, and see whether any was lost: `make chaos`.

Two scenes, each on a database of its own. *Storm*: 10,000 clocks fall due within five minutes while processes are
killed, the broker is emptied, stopped and frozen, the database is restarted, and people act in the very second
(bench/chaos/scenario.py has the table of it). *Outage*: everything is stopped for six hours, 50,000 fall due, and
the desk is started again. Then an oracle counts that never asks the engine's own books.

SIZE= clocks of the storm (the outage has five times as many), SEED= another run, SCENE= one of the two,
DATABASE=sqlite instead of a PostgreSQL made for the run; FAST=1 is the short form on SQLite that `make test` runs.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.chaos.sink import Sink
from tools.postgres import Cluster, cluster, find_binaries

SCENES = ("storm", "outage")
# As a server is by itself, so that what it has confirmed outlives its crash; and it remembers when each commit was.
DURABLE = {"max_connections": "200", "track_commit_timestamp": "on"}


def main() -> int:
    wanted = [scene for scene in SCENES if (os.environ.get("SCENE") or scene) == scene]
    with tempfile.TemporaryDirectory(prefix="escala-chaos-") as shared:
        report = {scene: _in_a_process(scene, shared) for scene in wanted}
    print(json.dumps({"seed": _seed(), "database": _vendor(), "load": os.getloadavg()[0], **report}, indent=2))
    return 0 if report and all(found.get("passed") for found in report.values()) else 1


def play(scene: str, shared: Path) -> int:
    """One scene, in this process; its report as JSON on the output. What it found is judged by `main`."""
    folder = shared / scene
    folder.mkdir()
    with Sink() as sink, _database() as own:
        _surround(folder, own, sink)
        # Django reads the environment at their import.
        from bench.chaos import outage, storm  # noqa: PLC0415 - the same
        from bench.chaos.scenario import SHORT, plan_of  # noqa: PLC0415 - the same

        plan = SHORT if _is_fast() else plan_of(int(os.environ.get("SIZE") or 10_000))
        acts = {
            "storm": lambda: storm.play(plan, seed=_seed(), cluster=own, sink=sink),
            "outage": lambda: outage.play(plan, seed=_seed(), sink=sink),
        }
        print(json.dumps(acts[scene]()))
        return 0


def _in_a_process(scene: str, shared: str) -> dict[str, Any]:
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "bench.chaos", scene, shared], stdout=subprocess.PIPE, text=True, check=False
    )
    report = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {"passed": False}
    return {**report, "took seconds": round(time.monotonic() - began)}


def _surround(folder: Path, own: Cluster | None, sink: Sink) -> None:
    os.environ |= {
        "ESCALA_VAR": str(folder),
        "DEMO": "0",
        "SECRET_KEY": "chaos-" * 12,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "BASE_URL": "",
        "REDIS_URL": "",
        "DATABASE_URL": own.url if own else "",
        "EMAIL_URL": sink.url,
        # Both scenes show the same files.
        "STATIC_ROOT": str(folder.parent / "static"),
    }


@contextmanager
def _database() -> Iterator[Cluster | None]:
    """A PostgreSQL of its own; None is SQLite."""
    if _vendor() == "sqlite":
        yield None
        return
    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("chaos: no PostgreSQL is installed: apt install postgresql, or DATABASE=sqlite.")
    with cluster(binaries, DURABLE) as own:
        yield own


def _vendor() -> str:
    return "sqlite" if _is_fast() else os.environ.get("DATABASE") or "postgresql"


def _is_fast() -> bool:
    return os.environ.get("FAST", "") not in {"", "0"}


def _seed() -> int:
    return int(os.environ.get("SEED") or 20261118)


if __name__ == "__main__":
    sys.exit(play(sys.argv[1], Path(sys.argv[2])) if sys.argv[1:] else main())
