"""The second scene: nothing runs for six hours, promises fall due all the while, and then the desk starts again.

Import it once the environment is prepared.
"""

import random as randomness
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import django
from django.conf import settings
from django.db.models import Count

django.setup()

from bench.chaos import crowd, desk, oracle  # noqa: E402 - models can be imported from here on
from bench.chaos.scenario import Plan  # noqa: E402 - the same
from bench.chaos.sink import Mail, Sink  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from escalation import sweep  # noqa: E402 - the same
from escalation.models import Escalation  # noqa: E402 - the same
from notifications.delivery import message_id  # noqa: E402 - the same
from notifications.models import Alert, Delivery  # noqa: E402 - the same
from people.models import Team  # noqa: E402 - the same

LENGTH = timedelta(hours=6)
# One in a hundred was escalated before, so that all levels of its ladder fall due in those hours.
BEFORE = 100


def play(plan: Plan, *, seed: int, sink: Sink) -> dict[str, Any]:
    random = randomness.Random(seed)
    crowd.make_tables(settings.VAR_DIR.parent / "empty.sqlite3")
    teams = crowd.people(plan.managers)
    ends = clock.now()
    stops = ends - LENGTH
    crowd.promise(stops - crowd.TARGET)
    early = _escalate_before(teams, stops, max(1, plan.outage // BEFORE))
    mounted = set(Escalation.objects.values_list("number", flat=True))
    late = crowd.gather(teams, [stops + LENGTH * random.random() for _ in range(plan.outage)])
    expected = oracle.expect([*early, *late], (), ())
    began = clock.now()
    with desk.running(settings.VAR_DIR):
        served = (clock.now() - began).total_seconds()
        is_over = _wait(plan, lambda: Escalation.objects.count() >= len(expected) and _climbed(ends).keys() >= mounted)
        # Long enough for a ladder that fires too much to do so.
        time.sleep(plan.lull)
    waiting = [Mail(message_id(row), row.address, row.subject) for row in Delivery.objects.unsent()]
    findings = oracle.judge(expected, sink.taken, waiting)
    took = (max(oracle.alerted(expected).values()) - began).total_seconds()
    climbed = _climbed(ends)
    return {
        **{name: figure for name, figure in findings.report().items() if name != "due to alert, seconds"},
        "mails still waiting": len(waiting),
        "seconds from the start until pages are served": round(served, 1),
        "seconds from the start until the last is alerted": round(took, 1),
        "ladders that stood in the middle": len(mounted),
        "ladders that went on": len(climbed),
        "most levels of one ladder": max(climbed.values(), default=0),
        "passed": is_over and findings.is_clean and climbed == dict.fromkeys(mounted, 1),
    }


def _escalate_before(teams: Sequence[Team], stops: datetime, count: int) -> list[crowd.Due]:
    """Tickets that the engine escalates in the last moment before everything stops."""
    early = crowd.gather(teams, [stops - timedelta(seconds=number + 1) for number in range(count)])
    clock.freeze(stops)
    sweep.run()
    clock.freeze(None)
    return early


def _climbed(since: datetime) -> dict[int, int]:
    """By escalation, on how many levels of its ladder people were told since then: each level is one person here."""
    told = Alert.objects.filter(kind="escalation", created_at__gte=since).order_by()
    return dict(told.values_list("escalation_number").annotate(Count("recipient", distinct=True)))


def _wait(plan: Plan, come: Callable[[], bool]) -> bool:
    began = time.monotonic()
    while time.monotonic() - began < plan.patience:
        if come():
            return True
        time.sleep(0.5)
    return False
