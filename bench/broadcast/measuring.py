"""One escalation that harms very many, told once. Import it once the environment is prepared."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on

from common import clock, failpoints  # noqa: E402 - the same
from common.failpoints import Point  # noqa: E402 - the same
from desk.starter import install  # noqa: E402 - the same
from escalation import services  # noqa: E402 - the same
from escalation.communicate import broadcast  # noqa: E402 - the same
from escalation.enums import Kind  # noqa: E402 - the same
from escalation.initiate import affected  # noqa: E402 - the same
from escalation.models import Escalation, Notice  # noqa: E402 - the same
from escalation.wording import Text  # noqa: E402 - the same
from notifications.models import Delivery  # noqa: E402 - the same
from people.enums import Role  # noqa: E402 - the same
from people.models import Team, User  # noqa: E402 - the same
from tickets.actions import open_ticket  # noqa: E402 - the same

MOST_SECONDS = 5.0
LANGUAGES = ("en", "pt", "es", "ru")


class Killed(BaseException):
    """The sender ends here, as by kill -9: what it had not committed is gone."""


def figures(size: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    now = clock.now()
    escalation, mona = _outage(size, now)
    yield {"figure": "queued", **_queue(escalation, mona, now, size)}
    yield {"figure": "killed after", "sent": _kill()}
    yield {"figure": "sent", **_send(escalation, size)}


def _outage(size: int, now: datetime) -> tuple[Escalation, User]:
    mona = User.objects.create_user("mona@bench.example", name="Mona Farias", role=Role.ADMIN)
    install(now, by=mona)
    customers = User.objects.bulk_create(
        User(
            email=f"c{number}@bench.example",
            name=f"Customer {number}",
            role=Role.CUSTOMER,
            language=LANGUAGES[number % len(LANGUAGES)],
            password="!",  # noqa: S106 - what no password gives
        )
        for number in range(size)
    )
    ticket = open_ticket(subject="Payouts are stuck", body="All of them.", requester=customers[0], now=now)
    other = Team.objects.create(name="Settlement", slug="settlement", lead=mona)
    escalation = services.escalate(
        user=mona,
        ticket_number=ticket.number,
        kind=Kind.FUNCTIONAL,
        severity=1,
        reason="technical",
        summary="Payouts are stuck",
        team_slug=other.slug,
        now=now,
    )
    harmed: dict[int, int | None] = {person.pk: None for person in customers[1:]}
    affected.add_all(number=escalation.number, people=harmed, by=mona, now=now, how="list")
    return escalation, mona


def _queue(escalation: Escalation, mona: User, now: datetime, size: int) -> dict[str, Any]:
    began = time.perf_counter()
    services.communicate(
        user=mona,
        number=escalation.number,
        audience="customers",
        body="Hello {customer.first_name}, we know of it.",
        texts={language: Text("", f"{language}: {{customer.first_name}}") for language in LANGUAGES[1:]},
        is_last=True,
        now=now,
        expected=size,
    )
    seconds = time.perf_counter() - began
    if seconds > MOST_SECONDS:
        raise SystemExit(f"bench: queueing took {seconds:.1f} s")
    return {"people": size, "seconds": seconds}


def _kill() -> int:
    """Within the second batch of the first turn, with all of it written and nothing committed."""
    reached = []

    def reach(point: Point) -> None:
        if point == Point.BEFORE_COMMIT:
            reached.append(point)
        if len(reached) == 2:
            raise Killed

    broadcast.reach = reach
    try:
        broadcast.run()
    except Killed:
        pass
    finally:
        broadcast.reach = failpoints.reach
    return Notice.objects.filter(state="sent").count()


def _send(escalation: Escalation, size: int) -> dict[str, Any]:
    began, turns = time.perf_counter(), 1
    while broadcast.run():
        turns += 1
    seconds = time.perf_counter() - began
    mails = Delivery.objects.filter(dedupe_key__startswith="notice:")
    told = Notice.objects.filter(state="sent", communication__escalation=escalation).count()
    if told != size or mails.count() != size - 1 or mails.values("address").distinct().count() != size - 1:
        raise SystemExit(f"bench: {told} of {size} told, {mails.count()} mails")
    return {"people": size, "turns": turns, "seconds": seconds, "per_second": size / seconds}
