"""A past of so many tickets, and the time that playing it twice takes."""

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import django
from django.core.management import call_command

django.setup()

from calendars.actions import create_calendar  # noqa: E402 - models can be imported from here on
from common import clock  # noqa: E402 - the same
from people.models import Team, User  # noqa: E402 - the same
from sla.models import Policy  # noqa: E402 - the same
from sla.policies import terms_of  # noqa: E402 - the same
from sla.publishing import create_policy  # noqa: E402 - the same
from sla.rehearsal.rehearsing import rehearse  # noqa: E402 - the same
from tickets.models import Event, Ticket  # noqa: E402 - the same

DAYS = 30
HOUR = 3600
BATCH = 5000


def measure(size: int, processes: int) -> dict[str, float | int]:
    call_command("migrate", verbosity=0)
    now = clock.now()
    policy = _seed(size, now)
    terms = terms_of(policy.versions.get())
    draft = replace(terms, targets=tuple(replace(spec, seconds=spec.seconds // 2) for spec in terms.targets))
    began = time.perf_counter()
    found = rehearse(
        policy, draft, since=now - timedelta(days=DAYS), until=now, processes=processes, progress=_progress
    )
    seconds = time.perf_counter() - began
    return {
        "tickets": found.tickets,
        "days": DAYS,
        "processes": processes,
        "seconds": round(seconds, 2),
        "tickets_a_second": round(found.tickets / seconds),
        "breaches": found.before.breaches,
        "breaches_as_drawn": found.after.breaches,
    }


def _progress(done: int, whole: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} of {whole} tickets")


def _seed(size: int, now: datetime) -> Policy:
    """Tickets with the events that people leave: opened, answered, asked back, solved."""

    policy = _promise(now)
    team = Team.objects.create(name="Payments", slug="payments", is_fallback=True)
    cora = User.objects.create(email="cora@example.com", name="Cora")
    chance = random.Random(20261122)
    for start in range(0, size, BATCH):
        opened = [now - timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in range(min(BATCH, size - start))]
        tickets = Ticket.objects.bulk_create(
            [
                Ticket(
                    subject="Payouts are stuck",
                    requester=cora,
                    team=team,
                    priority=chance.choice(("urgent", "high", "normal", "normal", "low")),
                    created_at=at,
                    updated_at=at,
                )
                for at in opened
            ]
        )
        Event.objects.bulk_create(
            [event for ticket in tickets for event in _life(ticket, chance, team.name)], batch_size=BATCH
        )
    return policy


def _promise(now: datetime) -> Policy:
    office = create_calendar(
        name="Office",
        time_zone="America/Sao_Paulo",
        periods=[
            {"weekday": day, "start": start, "end": end}
            for day in range(5)
            for start, end in (("09:00", "12:00"), ("13:00", "18:00"))
        ],
        holidays=[],
        now=now,
    )
    hours = {"first_response": 4, "next_response": 8, "resolution": 24}
    return create_policy(
        name="Everybody",
        calendar=office,
        targets=[
            {"metric": metric, "priority": priority, "seconds": given * HOUR * factor, "thresholds": [75]}
            for metric, given in hours.items()
            for priority, factor in (("urgent", 1), ("high", 2), ("normal", 3), ("low", 4))
        ],
        now=now,
    )


def _life(ticket: Ticket, chance: random.Random, team: str) -> Iterator[Event]:

    at = ticket.created_at
    yield Event(ticket=ticket, kind="ticket.opened", at=at, data={"channel": "web"})
    yield Event(ticket=ticket, kind="ticket.routed", at=at, data={"team": team, "rule": ""})
    for kind in ("ticket.replied", *(("ticket.customer_wrote", "ticket.replied") * chance.randrange(3))):
        at += timedelta(seconds=chance.randrange(600, 20 * HOUR))
        yield Event(ticket=ticket, kind=kind, at=at, data={})
    if chance.random() < 0.7:
        at += timedelta(seconds=chance.randrange(600, 40 * HOUR))
        yield Event(ticket=ticket, kind="ticket.status", at=at, data={"before": "open", "after": "solved"})
