"""A year of tickets and of what is known of them, laid down by PostgreSQL itself, row by row from a number.

Nothing refers to what the reports do not ask for (clocks, escalations), so the server is told not to look.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection

from common.rows import insert
from desk.starter import install
from escalation.models import Procedure
from people.enums import Role
from people.models import Organisation, Team, User
from sla.models import Policy
from tickets.models import Service

TEAMS, AGENTS, COMPANIES, SERVICES = 20, 200, 500, 30
YEAR = Path(__file__).with_name("year.sql")
EACH = """(
    SELECT n, %(now)s::timestamptz - interval '365 days' * (1 - n::float / %(size)s) AS at,
        %(team)s + n %% %(teams)s AS team, %(agent)s + n %% %(agents)s AS agent,
        %(house)s + n %% %(houses)s AS house, %(customer)s + n %% %(houses)s AS customer,
        (ARRAY['low', 'normal', 'normal', 'high', 'urgent'])[1 + n %% 5] AS priority
    FROM generate_series(1, %(size)s) AS n
) AS one"""
PASSWORD = "climb-the-ladder"  # noqa: S105 - of a desk that lives for a minute


@dataclass(frozen=True)
class People:
    manager: User
    agent: User
    customers: list[User]
    teams: list[Team]


def seed(size: int, now: datetime) -> People:
    people = _people(now)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement in YEAR.read_text().replace("EACH", EACH).strip().split(";\n"):
            cursor.execute(statement, {"size": size, "now": now, **_ranges(people)})
        cursor.execute("SELECT setval(pg_get_serial_sequence('tickets_ticket', 'number'), %s)", [size])
        cursor.execute("SELECT setval(pg_get_serial_sequence('sla_clock', 'id'), %s)", [size * 3])
        cursor.execute("SELECT setval(pg_get_serial_sequence('escalation_escalation', 'number'), %s)", [size])
        cursor.execute("SET session_replication_role = DEFAULT")
    return people


def _people(now: datetime) -> People:
    mona = User.objects.create_user("mona@bench.example", name="Mona Farias", role=Role.MANAGER, password=PASSWORD)
    adam = User.objects.create_user("adam@bench.example", name="Adam Berg", role=Role.ADMIN, password=PASSWORD)
    install(now, by=adam)
    # One in ten is closed to whom it does not concern.
    teams = [
        Team.objects.create(name=f"Bench {number}", slug=f"bench-{number}", restricted=number % 10 == 0)
        for number in range(TEAMS)
    ]
    agents = [_person(f"a{number}", Role.AGENT) for number in range(AGENTS)]
    houses = [Organisation(name=f"Company {number}", slug=f"company-{number}") for number in range(COMPANIES)]
    Organisation.objects.bulk_create(houses)
    customers = [_person(f"c{number}", Role.CUSTOMER, house) for number, house in enumerate(houses)]
    insert(Service, [{"name": f"Service {number}", "slug": f"service-{number}"} for number in range(SERVICES)])
    teams[1].members.add(agents[0])
    return People(mona, agents[0], customers, teams)


def _person(name: str, role: Role, house: Organisation | None = None) -> User:
    return User.objects.create(email=f"{name}@bench.example", name=name, role=role, organisation=house)


def _ranges(people: People) -> dict[str, int]:
    """The first key of each kind; of a new database they follow one another."""
    return {
        "team": people.teams[0].pk,
        "teams": TEAMS,
        "agent": people.agent.pk,
        "agents": AGENTS,
        "house": people.customers[0].organisation_id or 0,
        "customer": people.customers[0].pk,
        "houses": COMPANIES,
        "service": Service.objects.order_by("pk").values_list("pk", flat=True)[0],
        "services": SERVICES,
        "policy": Policy.objects.order_by("pk").values_list("pk", flat=True)[0],
        "procedure": Procedure.objects.order_by("pk").values_list("pk", flat=True)[0],
    }
