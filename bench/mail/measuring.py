"""Mail taken in by one worker. Import it once the environment is prepared."""

import cProfile
import os
import pstats
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on

from bench.mail.post import mails  # noqa: E402 - the same
from common import clock  # noqa: E402 - the same
from desk.starter import install  # noqa: E402 - the same
from mailroom import intake  # noqa: E402 - the same
from mailroom.models import RawMessage  # noqa: E402 - the same
from mailroom.reader import keeper  # noqa: E402 - the same
from mailroom.threads import reply_address, token_for  # noqa: E402 - the same
from people.enums import Role  # noqa: E402 - the same
from people.models import User  # noqa: E402 - the same
from tickets.actions import open_ticket  # noqa: E402 - the same
from tickets.models import Message, Ticket  # noqa: E402 - the same

TICKETS_BEFORE = 200
HALVES = 2


def figures(size: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    now = clock.now()
    install(now, by=User.objects.create_user("mona@bench.example", name="Mona Farias", role=Role.ADMIN))
    # Many write, and each within what one address may send in an hour.
    people = max(50, size // 10)
    answered = _tickets(people)
    raws = list(mails(size, seed=1, people=people, replies=lambda dice: dice.choice(answered)))
    yield {"figure": "seeded", "mails": len(raws), "bytes": sum(map(len, raws))}
    keys, seconds = _timed(lambda: _keep(raws))
    yield {"figure": "kept", "mails": len(keys), "seconds": seconds, "per_second": len(keys) / seconds}
    yield from _file(keys)
    yield {"figure": "became", **_became(size)}


def _keep(raws: list[bytes]) -> list[int]:
    """They are gone afterwards, so that the worker's memory is its own."""
    keys = []
    while raws:
        keys.append(intake.keep(raws.pop(), now=clock.now()).pk)
    return keys


def _file(keys: list[int]) -> Iterator[dict[str, Any]]:
    """In two halves: what the desk holds already must not matter."""
    profile = cProfile.Profile() if os.environ.get("PROFILE") else None
    if profile:
        profile.enable()
    began, used = time.perf_counter(), time.process_time()
    for half in range(HALVES):
        part = keys[half * len(keys) // HALVES : (half + 1) * len(keys) // HALVES]
        _, seconds = _timed(lambda part=part: list(intake.file_all(part, now=clock.now())))
        yield {"figure": f"filed, half {half + 1}", "per_second": len(part) / seconds, "memory": _memory()}
    seconds = time.perf_counter() - began
    if profile:
        profile.disable()
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    yield {
        "figure": "filed",
        "mails": len(keys),
        "seconds": seconds,
        "per_second": len(keys) / seconds,
        "processor_ms": (time.process_time() - used) / len(keys) * 1000,
        "readers": keeper._keeper.started,
    }


def _tickets(people: int) -> list[str]:
    """Tickets that are answered: who, and to which address."""
    found = []
    for number in range(TICKETS_BEFORE):
        email = f"cora{random.Random(number).randrange(people)}@shop.example"
        person = User.objects.at_address(email).first() or User.objects.create_user(
            email, name="Cora", role=Role.CUSTOMER
        )
        ticket = open_ticket(subject=f"Payout {number}", body="It waits.", requester=person, now=clock.now())
        found.append(f"{email} {reply_address(token_for(ticket.number, email))}")
    return found


def _became(size: int) -> dict[str, Any]:
    """Each mail is in exactly one place."""
    states = Counter(RawMessage.objects.values_list("state", flat=True))
    written = Message.objects.filter(channel="email").count()
    if sum(states.values()) != size or states["received"] or written != states["filed"]:
        raise SystemExit(f"bench: {size} mails became {dict(states)} and {written} messages")
    return {"tickets": Ticket.objects.count() - TICKETS_BEFORE, "messages": written, **states}


def _memory() -> dict[str, int]:
    """The most that this process, and the largest reader so far that has ended, took; in MB."""
    return {
        "worker": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "reader": _of_reader(),
    }


def _of_reader() -> int:
    process = keeper._keeper._process
    if process is None:
        return 0
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:  # noqa: PTH123 - the kernel's
        peak = next((line for line in status if line.startswith("VmHWM")), "VmHWM: 0 kB")
    return int(peak.split()[1]) // 1024


def _timed(work: Any) -> tuple[Any, float]:
    began = time.perf_counter()
    result = work()
    return result, time.perf_counter() - began
