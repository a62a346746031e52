"""The first scene: promises fall due while everything is killed. Import it once the environment is prepared."""

import os
import random as randomness
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import django
from django.conf import settings
from django.db import connections

django.setup()

from bench.chaos import clients, crowd, desk, faults, oracle  # noqa: E402 - models can be imported from here on
from bench.chaos.harm import Field  # noqa: E402 - the same
from bench.chaos.scenario import Plan  # noqa: E402 - the same
from bench.chaos.sink import Sink  # noqa: E402 - the same
from common import clock, failpoints  # noqa: E402 - the same
from notifications import claiming, delivery  # noqa: E402 - the same
from notifications.models import Delivery  # noqa: E402 - the same
from people.models import Team  # noqa: E402 - the same
from tools.postgres import Cluster  # noqa: E402 - the same

# One in twenty is answered, paused or given to another team when it falls due, and as many were answered long before.
SHARE = 20
VERBS = ("reply", "pause", "reassign")
LOOK_EVERY = 0.1
# Of what lasts, whatever falls due so soon after it shows how long the engine stood still.
FELT_FOR = 30.0
FELT = ("broker", "database")


def play(plan: Plan, *, seed: int, cluster: Cluster | None, sink: Sink) -> dict[str, Any]:
    random = randomness.Random(seed)
    crowd.make_tables(settings.VAR_DIR.parent / "empty.sqlite3")
    teams = crowd.people(plan.managers)
    crowd.promise(clock.now())
    # For the desk and those beside it; this process has read its settings already.
    os.environ |= {"ESCALA_FAILPOINTS": plan.failpoints, "ESCALA_FAILPOINTS_SEED": str(seed)}
    with desk.running(settings.VAR_DIR) as running:
        begins = clock.now() + timedelta(seconds=plan.head_start)
        due, answered = _gather(plan, teams, begins, random)
        field = _fight(plan, cluster, random, begins)
        expected = oracle.expect(due, answered, clients.read(settings.VAR_DIR))
        recovery = _recover(plan, running, expected)
    if not plan.waits_for_leases:
        _send_what_the_dead_held(plan.patience)
    findings = oracle.judge(expected, sink.taken)
    report = {**findings.report(), **_harm(field, expected, begins), "seconds to recover": recovery}
    report["faults that the oracle does not see"] = faults.unseen(expected, sink.taken)
    report["passed"] = (
        findings.is_clean and None not in recovery.values() and not report["faults that the oracle does not see"]
    )
    return report


def _gather(
    plan: Plan, teams: Sequence[Team], begins: datetime, random: randomness.Random
) -> tuple[list[crowd.Due], list[crowd.Due]]:
    """The tickets, and the clients' timetable."""

    def moments(count: int) -> list[datetime]:
        return sorted(begins + timedelta(seconds=random.uniform(0, plan.window)) for _ in range(count))

    due = crowd.gather(teams, moments(plan.clocks))
    answered = crowd.gather(teams, moments(plan.clocks // SHARE), answered=True)
    acts = [
        {
            "at": (each.at + timedelta(seconds=random.uniform(-1, 1))).isoformat(),
            "number": each.number,
            "verb": random.choice(VERBS),
            "team": random.choice([team.slug for team in teams if team != each.team]),
        }
        for each in random.sample(due, plan.clocks // SHARE)
    ]
    clients.write(settings.VAR_DIR, sorted(acts, key=lambda act: act["at"]))
    if clock.now() >= begins:
        raise SystemExit("chaos: writing the tickets took longer than the head start; the machine is too busy.")
    return due, answered


def _fight(plan: Plan, cluster: Cluster | None, random: randomness.Random, begins: datetime) -> Field:
    """Harm by the timetable, until all of it is done, the last clock is due and the last client has acted."""
    folder = settings.VAR_DIR
    field = Field(folder, random, cluster, plan.lull, plan.window)
    for seconds, harm in plan.timetable(random, with_database=cluster is not None):
        field.at(seconds, harm.act)
    with desk.clients(folder) as people, desk.rivals(folder, beats=1, sweepers=plan.sweepers) as beside:
        field.began = time.monotonic() + (begins - clock.now()).total_seconds()
        while field.seconds < plan.window or not field.is_calm or people.poll() is None:
            field.do_what_is_due()
            for child in beside:
                child.look_after()
            time.sleep(LOOK_EVERY)
    return field


def _recover(plan: Plan, running: desk.Desk, expected: Mapping[int, oracle.Expectation]) -> dict[str, float | None]:
    """Seconds from the last harm, the desk being by itself again (its processes still die at failpoints)."""
    began = time.monotonic()
    must = {number for number, each in expected.items() if each.verdict is oracle.Verdict.MUST}
    awaited = {
        "all alerted": lambda: must <= oracle.alerted(expected).keys(),
        "ready": lambda: running.is_ready,
    }
    if plan.waits_for_leases:
        # Ladders write mails for as long as nobody acknowledges: those of the storm itself are waited for.
        storm = Delivery.objects.filter(created_at__lt=clock.now())
        awaited["all mails sent"] = lambda: not storm.unsent().exists()
    return {name: _wait_until(come, began, plan.patience) for name, come in awaited.items()}


def _wait_until(come: Callable[[], bool], began: float, patience: float) -> float | None:
    """Seconds since then; None when it did not come."""
    while time.monotonic() - began < patience:
        # One from before a restart of the database is dead.
        connections.close_all()
        if come():
            return round(time.monotonic() - began, 1)
        time.sleep(0.5)
    return None


def _send_what_the_dead_held(patience: float) -> None:
    """A short run does not wait for their leases to end: it comes when they have.

    A turn may send nothing while the lanes of the one before are at it: the outbox says when to end.
    """
    clock.freeze(clock.now() + claiming.LEASE)
    ends = time.monotonic() + patience
    while Delivery.objects.unsent().filter(held="").exists() and time.monotonic() < ends:
        delivery.run()
    clock.freeze(None)


def _harm(field: Field, expected: Mapping[int, oracle.Expectation], begins: datetime) -> dict[str, Any]:
    """What was done, who died at which failpoint, and what of it was felt."""
    log = settings.VAR_DIR / failpoints.LOG
    died = Counter(log.read_text().split()) if log.exists() else Counter()
    kills = sum(count for name, count in field.done.items() if name.endswith("killed") and "sweeper" not in name)
    return {
        "kills": kills,
        "harm": dict(sorted(field.done.items())),
        "died at failpoints": dict(sorted(died.items())),
        "longest due to alert within 30 s of it": _felt(field, expected, begins),
    }


def _felt(field: Field, expected: Mapping[int, oracle.Expectation], begins: datetime) -> dict[str, float]:
    alerted = oracle.alerted(expected)
    felt: dict[str, float] = {}
    for name, seconds in field.log:
        at = begins + timedelta(seconds=seconds)
        late = [
            (alerted[number] - each.due_at).total_seconds()
            for number, each in expected.items()
            if number in alerted and timedelta() <= each.due_at - at <= timedelta(seconds=FELT_FOR)
        ]
        if name.startswith(FELT) and late:
            felt[name] = round(max(felt.get(name, 0.0), *late), 2)
    return felt
