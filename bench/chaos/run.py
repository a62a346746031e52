"""One run: seed, start the desk, do harm, wait for quiet, judge. Import it once the environment is prepared."""

import os
import random
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connections

django.setup()

from bench.chaos import harm, oracle, seeding  # noqa: E402 - models can be imported from here on
from common import clock  # noqa: E402 - the same
from tools.ports import free_port  # noqa: E402 - the same

ROOT = Path(__file__).resolve().parent.parent.parent
QUIET_WITHIN = 60.0
# Seconds between two kills: a process that has just been started gets as far as its work, sometimes.
PAUSES = (1.0, 5.0)


@dataclass(frozen=True)
class Plan:
    clocks: int
    window: float
    random: random.Random


def run(plan: Plan) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    expected = seeding.seed(plan.clocks, window=plan.window, now=clock.now(), random=plan.random)
    with _desk():
        kills = _do_harm(plan)
        recovered = _wait_for_quiet(expected)
    verdict = oracle.judge(expected)
    report = {**verdict.report(), "kills": dict(kills), "seconds_to_quiet": round(recovered, 1)}
    report["oracle_sees_doubles_without_the_constraint"] = oracle.sees_doubles(expected)
    report["passed"] = verdict.is_clean and report["oracle_sees_doubles_without_the_constraint"]
    return report


@contextmanager
def _desk() -> Iterator[None]:
    port = free_port()
    log = (settings.VAR_DIR / "up.log").open("w")
    desk = subprocess.Popen(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**_environment(), "PORT": str(port)},
        stdout=log,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(port, desk)
        yield
    finally:
        desk.terminate()
        desk.wait(30)
        log.close()


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if value}


def _do_harm(plan: Plan) -> Counter[str]:
    """Until the last clock is due: a kill each second or so, one FLUSHALL in the middle."""
    kills: Counter[str] = Counter()
    began = time.monotonic()
    ends = began + seeding.HEAD_START + plan.window
    flush_at = began + seeding.HEAD_START + plan.window / 2
    flushed = False
    while time.monotonic() < ends:
        victim = harm.kill_one(settings.VAR_DIR, plan.random)
        if victim:
            kills[victim] += 1
        if not flushed and time.monotonic() > flush_at:
            redis.Redis(unix_socket_path=str(harm.broker_socket(settings.VAR_DIR))).flushall()
            kills["flushall"] += 1
            flushed = True
        time.sleep(plan.random.uniform(*PAUSES))
    return kills


def _wait_for_quiet(expected: seeding.Expected) -> float:
    """Seconds from the last harm until every expected escalation is there; gives up after `QUIET_WITHIN`."""
    began = time.monotonic()
    while time.monotonic() - began < QUIET_WITHIN:
        if oracle.count_answered(expected) >= len(expected.breaching):
            break
        connections.close_all()
        time.sleep(0.5)
    return time.monotonic() - began


def _wait_until_ready(port: int, desk: subprocess.Popen[bytes]) -> None:
    for _ in range(240):
        if desk.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("The desk did not become ready:\n" + (settings.VAR_DIR / "up.log").read_text()[-3000:])
