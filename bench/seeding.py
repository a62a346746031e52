"""Tickets whose first reply falls due within the window, at known instants, in teams with several managers."""

import random as randomness
from dataclasses import dataclass
from datetime import datetime, timedelta

from people.enums import Role
from people.models import Team, User
from sla.publishing import create_policy
from tickets import actions as tickets
from tickets.enums import Priority

HEAD_START = 12.0
TARGET_SECONDS = 3600
TEAMS = 3
MANAGERS = 2


@dataclass(frozen=True)
class Expected:
    """By ticket number, when the first reply is due; and the tickets that were answered in time."""

    breaching: dict[int, datetime]
    answered: frozenset[int]


def seed(count: int, *, window: float, now: datetime, random: randomness.Random) -> Expected:
    agent, teams = _people()
    customer = User.objects.create_user("cora@example.com", name="Cora Menezes", role=Role.CUSTOMER)
    targets = [
        {"metric": "first_response", "priority": priority, "seconds": TARGET_SECONDS, "thresholds": [75]}
        for priority in Priority.values
    ]
    create_policy(name="Chaos", targets=targets, now=now)
    breaching: dict[int, datetime] = {}
    answered: set[int] = set()
    for number in range(count + count // 20):
        due_at = now + timedelta(seconds=HEAD_START + random.uniform(0, window))
        ticket = tickets.open_ticket(
            subject=f"Payout {number} is stuck",
            body="Since yesterday.",
            requester=customer,
            team=random.choice(teams),
            now=due_at - timedelta(seconds=TARGET_SECONDS),
        )
        if number < count:
            breaching[ticket.number] = due_at
        else:
            tickets.reply(ticket=ticket, author=agent, body="Done.", now=now)
            answered.add(ticket.number)
    return Expected(breaching, frozenset(answered))


def _people() -> tuple[User, list[Team]]:
    User.objects.create_user("adam@example.com", name="Adam Berg", role=Role.ADMIN)
    agent = User.objects.create_user("anna@example.com", name="Anna Lindqvist", role=Role.AGENT)
    teams = []
    for number in range(TEAMS):
        team = Team.objects.create(name=f"Team {number}", slug=f"team-{number}", is_fallback=number == 0)
        for place in range(MANAGERS):
            email = f"manager-{number}-{place}@example.com"
            team.managers.add(User.objects.create_user(email, name=f"Manager {number} {place}", role=Role.MANAGER))
        teams.append(team)
    return agent, teams
