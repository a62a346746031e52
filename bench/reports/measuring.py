"""A desk with a year behind it, asked for its reports. Import it once the environment is prepared."""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on
from django.db import connection  # noqa: E402 - the same
from django.test.utils import CaptureQueriesContext  # noqa: E402 - the same

from bench.reports.live import live_board  # noqa: E402 - the same
from bench.reports.seeding import People, seed  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from people.models import User  # noqa: E402 - the same
from reports import keeping  # noqa: E402 - the same
from reports.asked import Asked, Span  # noqa: E402 - the same
from reports.models import FactTail  # noqa: E402 - the same
from reports.register import SOURCES  # noqa: E402 - the same
from reports.source import Source  # noqa: E402 - the same
from tickets import actions as tickets  # noqa: E402 - the same
from tickets.models import Event, Ticket  # noqa: E402 - the same

ROUNDS = int(os.environ.get("ROUNDS", "3"))
SPANS = {"90 days": 90, "a year": 365}
LIVED = 500


def figures(size: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    begun = time.perf_counter()
    people = seed(size, now)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        # One processor for each report, as on a desk where others work as well.
        cursor.execute("SET max_parallel_workers_per_gather = 0")
    yield {"figure": "seeded", "tickets": size, "events": Event.objects.count(), "s": time.perf_counter() - begun}
    for figure in asked_by(people, now):
        yield figure | {"tickets": size}
    yield _keeper(people, now)


def asked_by(people: People, now: datetime) -> Iterator[dict[str, Any]]:
    """Each report by whoever may ask for it, and the live board."""
    for source in SOURCES:
        readers = [people.manager] if source.for_managers else [people.manager, people.agent]
        for reader in readers:
            for name, days in SPANS.items():
                yield _report(source, reader, days, now) | {"over": name}
    yield live_board(people, now, _processor)


def _report(source: Source, reader: User, days: int, now: datetime) -> dict[str, Any]:
    """With a day to compare around, which asks the most."""
    today = now.date()
    span = Span(today - timedelta(days=days - 1), today, ZoneInfo("Europe/Berlin"))
    asked = Asked(span, plan=today - timedelta(days=days // 3))
    took, worked = [], []
    for _round in range(ROUNDS):
        with CaptureQueriesContext(connection) as questions:
            begun, work = time.perf_counter(), _processor()
            source.build(reader, asked, now=now)
            took.append(time.perf_counter() - begun)
            worked.append(_processor() - work)
    known = {"s": median(took), "processor_s": median(worked), "queries": len(questions)}
    return {"figure": f"report {source.key}", "for": reader.get_role_display(), **known}


def _processor() -> float:
    """Seconds that this process and its server's process have worked: what else the machine does is not among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _keeper(people: People, now: datetime) -> dict[str, Any]:
    """Tickets that were really lived, behind all the others: how many of them are counted in a second."""
    FactTail.objects.update(newest=Event.objects.order_by("-pk").values_list("pk", flat=True)[:1])
    for _number in range(LIVED):
        customer = people.customers[_number % len(people.customers)]
        ticket = tickets.open_ticket(subject="x", body="y", requester=customer, team=people.teams[0], now=now)
        tickets.reply(ticket=ticket, author=people.agent, body="Done?", now=now + timedelta(hours=1))
        tickets.change_status(ticket=Ticket.objects.get(pk=ticket.pk), verb="solve", by=people.agent, now=now)
    begun, counted = time.perf_counter(), 0
    while found := keeping.run():
        counted += found
    took = time.perf_counter() - begun
    return {"figure": "keeper", "tickets": counted, "s": took, "tickets_a_second": counted / took}
