"""A desk with very many open escalations, looked at. Import it once the environment is prepared."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - models can be imported from here on
from django.db import connection  # noqa: E402 - the same
from django.test import Client  # noqa: E402 - the same
from django.test.utils import CaptureQueriesContext  # noqa: E402 - the same
from django.urls import reverse  # noqa: E402 - the same

from common import clock  # noqa: E402 - the same
from common.rows import insert  # noqa: E402 - the same
from desk.looks.inbox.figures import forget  # noqa: E402 - the same
from desk.starter import install  # noqa: E402 - the same
from escalation.enums import LIVE_STATES, DeadlineKind, State  # noqa: E402 - the same
from escalation.models import Deadline, Escalation, Procedure  # noqa: E402 - the same
from people.enums import Role  # noqa: E402 - the same
from people.models import Organisation, Team, User  # noqa: E402 - the same
from tickets.models import Ticket  # noqa: E402 - the same

PASSWORD = "climb-the-ladder"  # noqa: S105 - of a desk that lives for a minute
ROUNDS = 15
ENDED_TIMES = 10
CUSTOMERS = 50
LOOKS = {"board": "", "list": "?look=list", "one step": "?look=list&step=resolving", "not closed": "?look=ageing"}
PROMISES = {
    State.REQUESTED: (DeadlineKind.APPROVAL,),
    State.INITIATED: (DeadlineKind.FIRST_HOUR, DeadlineKind.HAND_OFF),
    State.COMMUNICATING: (DeadlineKind.FIRST_HOUR, DeadlineKind.UPDATE),
    State.RESOLVING: (DeadlineKind.UPDATE,),
    State.RESOLVED: (DeadlineKind.CLOSING, DeadlineKind.VERIFY),
}


def figures(size: int) -> Iterator[dict[str, Any]]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    now = clock.now()
    people = _desk(now)
    fill(len(LIVE_STATES), now, people)
    few = {name: _look(people, name)["queries"] for name in LOOKS}
    fill(size - len(LIVE_STATES), now, people)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    for who in (0, 1):
        for name in LOOKS:
            figure = _look(people, name, who)
            if who == 0 and figure["queries"] != few[name]:
                raise SystemExit(f"bench: {name} asks {figure['queries']} times, and asked {few[name]} times of few")
            yield {"figure": name, "for": people[who].get_role_display(), "open": size, **figure}


def _desk(now: datetime) -> list[User]:
    """A manager, an agent who does not see every team, and customers behind them."""
    mona = User.objects.create_user("mona@bench.example", name="Mona Farias", role=Role.ADMIN, password=PASSWORD)
    anna = User.objects.create_user("anna@bench.example", name="Anna Lindqvist", role=Role.AGENT, password=PASSWORD)
    install(now, by=mona)
    Team.objects.create(name="Fraud", slug="fraud", restricted=True)
    for number in range(CUSTOMERS):
        company = Organisation.objects.create(name=f"Company {number}", slug=f"company-{number}")
        email = f"c{number}@bench.example"
        User.objects.create_user(email, name=f"Customer {number}", role=Role.CUSTOMER, organisation=company)
    return [mona, anna, *User.objects.filter(role=Role.CUSTOMER)]


def fill(count: int, now: datetime, people: list[User]) -> None:
    """So many more at each step in turn, with what they have promised, and many that are over.

    Of a new database both kinds of numbers count from one, so that a row's number is known before it is there.
    """
    teams = list(Team.objects.values_list("pk", flat=True))
    procedure = Procedure.objects.values_list("pk", flat=True).first()
    first = Ticket.objects.count() + 1
    customers = people[2:]
    tickets, raised, promised = [], [], []
    for place in range(count * (1 + ENDED_TIMES)):
        customer, number = customers[place % len(customers)], first + place
        team = teams[place % len(teams)]
        moment = now - timedelta(minutes=7 * (place % 900))
        state = LIVE_STATES[place % len(LIVE_STATES)] if place < count else State.CLOSED
        common = {"team_id": team, "severity": place % 4 + 1}
        tickets.append(
            common
            | {"subject": f"Payouts of {number}", "requester_id": customer.pk}
            | {"organisation_id": customer.organisation_id, "created_at": moment, "updated_at": moment}
        )
        raised.append(
            common
            | {"kind": "functional", "origin": "agent", "state": state, "ticket_id": number, "reason": "technical"}
            | {"summary": f"Look at the kernel of {number}", "procedure_id": procedure, "opened_at": moment}
            | {"step_since": moment, "manager_id": people[place % 2].pk, "decider_id": people[0].pk}
            | {"resolved_at": moment if state in {State.RESOLVED, State.CLOSED} else None}
        )
        promised += [
            {"escalation_id": number, "kind": kind, "due_at": now + timedelta(minutes=place % 240 - 60)}
            for kind in PROMISES.get(state, ())
        ]
    insert(Ticket, tickets)
    insert(Escalation, raised)
    insert(Deadline, promised)


def _look(people: list[User], name: str, who: int = 0) -> dict[str, Any]:
    browser, path = Client(headers={"host": "localhost"}), reverse("desk:escalations") + LOOKS[name]
    browser.post("/accounts/login/", {"login": people[who].email, "password": PASSWORD})
    # What a process looks up once and keeps for a while is no part of the page: the rail's figures are as old as this.
    forget(people[who])
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        answer = browser.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"bench: {path} answered {answer.status_code}")
    asked = [float(query["time"]) for query in caught]
    took = []
    for _round in range(ROUNDS):
        began = time.perf_counter()
        browser.get(path)
        took.append(time.perf_counter() - began)
    milliseconds = round(1000 * median(took), 1)
    return {
        "ms": milliseconds,
        "queries": len(asked),
        "in_database_ms": 1000 * sum(asked),
        "bytes": len(answer.content),
    }
