"""The engine's figures: tickets opened, clocks found due, breaches answered, and the inbox before and after."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command

django.setup()

from django.test import Client  # noqa: E402 - models can be imported from here on

from bench import seeding, worktime  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from escalation import sweep  # noqa: E402 - the same
from escalation.models import Escalation  # noqa: E402 - the same
from people.models import User  # noqa: E402 - the same

Figure = tuple[str, float, str]
WINDOW = 60.0
ROUNDS = 20


def measure(count: int, folder: Path) -> Iterator[Figure]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    yield "due times, one at a time on a prepared calendar", worktime.due_times_a_second(), "/s"
    expected, seconds = _timed(lambda: seeding.seed(count, window=WINDOW, now=now, random=random.Random(1)))
    yield "tickets opened, each through the action", count / seconds, "/s"
    # Each clock is past its first threshold by now.
    yield f"clocks warned of in one sweep of {count}", count / _timed(sweep.run)[1], "/s"
    clock.freeze(now + timedelta(seconds=seeding.HEAD_START + WINDOW + 1))
    _, seconds = _timed(sweep.run)
    if Escalation.objects.count() != len(expected.breaching):
        raise SystemExit("bench: the sweep did not open one escalation for each breach")
    yield f"breaches answered in one sweep of {count}", count / seconds, "/s"
    yield "a sweep with nothing due", _timed(sweep.run)[1] * 1000, "ms"
    yield "the agent's inbox, median", _page("anna@example.com", "/") * 1000, "ms"


def _page(email: str, path: str) -> float:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(email=email), backend="people.backends.PasswordBackend")
    took = sorted(_timed(lambda: client.get(path, follow=True))[1] for _ in range(ROUNDS))
    return took[ROUNDS // 2]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began
