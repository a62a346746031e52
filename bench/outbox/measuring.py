"""Alerts to very many people, first with all hosts well, then beside some that are ill. Import it once prepared."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on
from django.db import connection  # noqa: E402 - the same

from bench.outbox.sink import Sink  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from notifications.actions import Notice, notify_many  # noqa: E402 - the same
from notifications.letters import Letter  # noqa: E402 - the same
from notifications.models import Delivery  # noqa: E402 - the same
from people.enums import Role  # noqa: E402 - the same
from people.models import User  # noqa: E402 - the same

SENDERS = 2
DOMAINS = 40
# As a worker does: turn after turn, and a look every tenth of a second where there is nothing.
SENDER = """
import time, django
django.setup()
from notifications import delivery
delivery.run()
print("ready", flush=True)
while True:
    delivery.run() or time.sleep(0.1)
"""
ILL = ("drop", "slow", "later", "hang")
# Those that are ill may cost the others this much: one time-out of a mail server, and half as much again.
MOST_DELAY = 15.0
PATIENCE = 1800.0


def figures(size: int, sink: Sink) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    well = _people([f"p{number}@fine.d{number % DOMAINS}.example" for number in range(size)])
    alone = _send(sink, well, (), "well")
    yield {"figure": "all well", **alone}
    ill = _people([f"p{number}@{mood}.example" for mood in ILL for number in range(max(20, size // 20))])
    beside = _send(sink, well, ill, "beside")
    yield {"figure": "beside hosts that are ill", **beside}
    if beside["seconds"] > alone["seconds"] * 2 + MOST_DELAY:
        raise SystemExit("bench: hosts that are ill kept the others waiting")


def _people(addresses: Sequence[str]) -> list[User]:
    return User.objects.bulk_create(
        User(email=address, name=address.partition("@")[0], role=Role.AGENT, password="!")  # noqa: S106 - none
        for address in addresses
    )


def _send(sink: Sink, well: Sequence[User], ill: Sequence[User], dedupe: str) -> dict[str, Any]:
    """The mails to those who are ill are the older ones: in a single queue all others would stand behind them."""
    sink.forget()
    with _senders():
        for people in (ill, well):
            notify_many([Notice(people, _letter, f"{dedupe}:{len(people)}", is_alike=True)], now=clock.now())
        began = time.monotonic()
        while sink.counts["fine"] < len(well):
            time.sleep(0.02)
            if time.monotonic() - began > PATIENCE:
                raise SystemExit(f"bench: {sink.count('fine')} of {len(well)} after {PATIENCE:.0f} s")
        seconds = sink.last["fine"] - began
        figures: dict[str, Any] = {
            "mails": len(well),
            "seconds": round(seconds, 1),
            "per_second": round(len(well) / seconds),
        }
        figures["connections"] = sink.sessions
    doubled = [key for key, times in sink.taken.items() if times > 1 and "@fine." in key[1]]
    if doubled:
        raise SystemExit(f"bench: {len(doubled)} mails were sent twice, such as {doubled[0]}")
    if ill:
        figures["of the ill taken meanwhile"] = {mood: sink.counts[mood] for mood in ILL}
        figures["mails still waiting"] = Delivery.objects.unsent().count()
    Delivery.objects.all().delete()
    return figures


@contextmanager
def _senders() -> Iterator[None]:
    connection.close()
    started = [subprocess.Popen([sys.executable, "-c", SENDER], stdout=subprocess.PIPE) for _ in range(SENDERS)]
    try:
        for sender in started:
            assert sender.stdout is not None
            sender.stdout.readline()
        yield
    finally:
        for sender in started:
            sender.terminate()
        for sender in started:
            sender.wait(30)


def _letter(person: User) -> Letter:
    return Letter(
        kind="breach",
        title="E-207: First reply of #4821 is past due",
        body="Payouts are stuck",
        path="/escalations/207/",
        why="You are asked because you answer for Payments.",
        facts=(("What", "Payouts are stuck"), ("Who waits", "Livraria Aurora"), ("Missed", "First reply, due 10:16")),
        action="Open E-207 to acknowledge",
        severity=1,
        stage="Initiated",
        reference="E-207",
        ticket_number=4821,
        escalation_number=207,
    )
