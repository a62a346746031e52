"""A desk with very many running clocks: one ticket is opened by the desk itself, the others are copies of its rows."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.core.management import call_command
from django.db import connection, models
from psycopg import sql

from bench.workspace.copying import follow
from common import clock
from escalation import sweep
from escalation.alerting.ladders import install_ladder
from escalation.procedures.procedures import install_procedures
from people.enums import Role
from people.models import Organisation, Team, User
from sla.models import Clock
from sla.publishing import create_policy
from tickets import actions as tickets
from tickets.enums import Priority
from tickets.models import Event, Ticket

TEAMS = 8
# Who is told of a breach: the managers of the team and its lead.
MANAGERS = 2
ORGANISATIONS = 2000
TARGETS = {"first_response": timedelta(hours=10), "resolution": timedelta(days=40)}
WARN_AT = 75
SPREAD = timedelta(days=30)
# One in twenty is urgent, five are high, ten normal, four low: as bench/workspace has them.
PRIORITIES = """
    (ARRAY['urgent','high','normal','low'])
    [CASE WHEN n % 20 < 1 THEN 1 WHEN n % 20 < 6 THEN 2 WHEN n % 20 < 16 THEN 3 ELSE 4 END]
"""
COPIES = sql.SQL("""
    INSERT INTO {table} ({names}) SELECT {values}
    FROM {table} AS row, generate_series(1, {count}) AS n WHERE row.{key} = {pk}
""")


@dataclass(slots=True)
class Desk:
    """The ticket that all others are copies of, and where their numbers begin."""

    pattern: int
    first_organisation: int
    first_customer: int
    first_agent: int
    first_team: int
    seconds: float = 0.0

    def run(self, count: int) -> None:
        """So many clocks that fall due within thirty days, the first in a day."""
        self._add(count // 2, f"{_days(1)} + n * interval '{SPREAD.total_seconds() / max(1, count // 2):.6f} seconds'")

    def fall_due(self, count: int) -> None:
        """So many that have just fallen due, all of them within the last two seconds."""
        self._add(count, "now() - (n % 2000) * interval '1 millisecond'")

    def trickle(self, count: int, ahead: timedelta) -> None:
        """One a second from then on, each at its own part of the second."""
        start = f"now() + interval '{ahead.total_seconds()} seconds'"
        self._add(count, f"{start} + n * interval '1 second' + (n * 617 % 1000) * interval '1 millisecond'")

    def _add(self, count: int, due: str) -> None:
        """Tickets with two clocks each, the first of which is due then; `due` is SQL, over `n` from 1 to `count`."""
        number = Ticket.objects.order_by("-number").values_list("number", flat=True)[0]
        key = Clock.every.order_by("-pk").values_list("pk", flat=True)[0]
        with connection.cursor() as cursor:
            # The rows fit by construction; asking each foreign key takes as long again.
            cursor.execute("SET session_replication_role = replica")
        team = f"{self.first_team} + n % {TEAMS}"
        _multiply(
            Ticket.objects.get(number=self.pattern),
            count,
            number=f"{number} + n",
            requester_id=f"{self.first_customer} + n % {ORGANISATIONS}",
            organisation_id=f"{self.first_organisation} + n % {ORGANISATIONS}",
            team_id=team,
            assignee_id=f"{self.first_agent} + n % {TEAMS}",
            priority=PRIORITIES,
            next_due_at=due,
        )
        for event in Event.objects.filter(ticket=self.pattern):
            _multiply(event, count, id="DEFAULT", ticket_id=f"{number} + n")
        for place, each in enumerate(Clock.every.filter(ticket=self.pattern).order_by("metric")):
            at = {"due_at": due, "next_moment": due} if each.metric == "first_response" else {}
            first = key + place * count
            _multiply(each, count, id=f"{first} + n", ticket_id=f"{number} + n", responsible_team_id=team, **at)
            for entry in each.entries.all():
                _multiply(entry, count, id="DEFAULT", clock_id=f"{first} + n")
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")
            for model in (Ticket, Clock):
                follow(model)
            cursor.execute("VACUUM ANALYZE")


def prepare(count: int) -> Desk:
    """A migrated desk with so many running clocks, none of them due."""
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    install_ladder()
    install_procedures()
    now = clock.now()
    desk = _people()
    targets = [
        {"metric": metric, "priority": priority, "seconds": int(target.total_seconds()), "thresholds": [WARN_AT]}
        for metric, target in TARGETS.items()
        for priority in Priority.values
    ]
    create_policy(name="Everybody", targets=targets, now=now)
    ticket = tickets.open_ticket(
        subject="The payouts of this week are stuck",
        body="Since yesterday nothing has left. " * 8,
        requester=User.objects.get(pk=desk.first_customer),
        team=Team.objects.get(pk=desk.first_team),
        now=now - TARGETS["first_response"] * 0.8,
    )
    # Warned of, so that what lies before it is its due time.
    sweep.run()
    desk.pattern = ticket.number
    desk.run(count)
    desk.seconds = time.perf_counter() - began
    return desk


def _people() -> Desk:
    User.objects.create_user("adam@example.com", name="Adam Berg", role=Role.ADMIN)
    companies = Organisation.objects.bulk_create(
        [
            Organisation(name=f"Company {n}", slug=f"company-{n}", tier=("standard", "business", "enterprise")[n % 3])
            for n in range(ORGANISATIONS)
        ]
    )
    customers = User.objects.bulk_create(
        [
            User(email=f"customer{n}@example.com", name=f"Customer {n}", organisation=company)
            for n, company in enumerate(companies)
        ]
    )
    agents = User.objects.bulk_create(
        [User(email=f"agent{n}@example.com", name=f"Agent {n}", role=Role.AGENT) for n in range(TEAMS)]
    )
    teams = [_team(n) for n in range(TEAMS)]
    return Desk(0, companies[0].pk, customers[0].pk, agents[0].pk, teams[0].pk)


def _team(n: int) -> Team:
    lead = User.objects.create_user(f"lead{n}@example.com", name=f"Lead {n}", role=Role.AGENT)
    team = Team.objects.create(name=f"Team {n}", slug=f"team-{n}", lead=lead, is_fallback=n == 0)
    for place in range(MANAGERS):
        email = f"manager-{n}-{place}@example.com"
        team.managers.add(User.objects.create_user(email, name=f"Manager {n} {place}", role=Role.MANAGER))
    return team


def _days(count: int) -> str:
    return f"now() + interval '{count} days'"


def _multiply(row: models.Model, count: int, **other: str) -> None:
    """So many copies of a row, but for the named columns, which get these expressions over `n`; "DEFAULT": its own."""
    columns: Mapping[str, str] = {field.column: f"row.{field.column}" for field in row._meta.concrete_fields}
    chosen = {name: given for name, given in {**columns, **other}.items() if given != "DEFAULT"}
    key = row._meta.pk
    assert key is not None
    with connection.cursor() as cursor:
        cursor.execute(
            COPIES.format(
                table=sql.Identifier(row._meta.db_table),
                names=sql.SQL(", ").join(map(sql.Identifier, chosen)),
                values=sql.SQL(", ").join(map(sql.SQL, chosen.values())),
                count=sql.Literal(count),
                key=sql.Identifier(key.column),
                pk=sql.Literal(row.pk),
            ).as_string(connection.connection)
        )
