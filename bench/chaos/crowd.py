"""Many tickets at once: one is opened through the door, the others are its copies, moved in time.

A copy has everything that the desk wrote for the first one: message, clocks, ledger, timeline, search words.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import DateTimeField, ForeignKey, Model

from notifications.models import Preferences
from people.enums import Role
from people.models import Team, User
from sla.publishing import create_policy
from tickets import actions as tickets
from tickets.enums import Priority
from tickets.models import Ticket

AGENT = "anna@example.com"
TARGET = timedelta(hours=1)
# Warned of 36 seconds before it is due.
THRESHOLDS = [99]
TEAMS = 3
BATCH = 1000


def make_tables(kept: Path) -> None:
    """The tables of an empty desk. SQLite's are made once for both scenes: that takes seconds."""
    if connection.vendor != "sqlite":
        call_command("migrate", verbosity=0)
    elif kept.exists():
        shutil.copy(kept, connection.settings_dict["NAME"])
    else:
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(kept)])


def people(managers: int) -> list[Team]:
    """Teams with so many managers each, under one team whose manager is the next level of their ladder."""
    User.objects.create_user("adam@example.com", name="Adam Berg", role=Role.ADMIN)
    User.objects.create_user(AGENT, name="Anna Lindqvist", role=Role.AGENT)
    above = Team.objects.create(name="Operations", slug="operations", is_fallback=True)
    above.managers.add(User.objects.create_user("olga@example.com", name="Olga Brandt", role=Role.MANAGER))
    teams = []
    for number in range(TEAMS):
        team = Team.objects.create(name=f"Team {number}", slug=f"team-{number}", parent=above)
        for place in range(managers):
            email = f"manager-{number}-{place}@example.com"
            team.managers.add(User.objects.create_user(email, name=f"Manager {number} {place}", role=Role.MANAGER))
        teams.append(team)
    # The oracle counts a mail for each alert: nobody has a flood put into one.
    Preferences.objects.bulk_create(Preferences(person=person, digest_above=0) for person in User.objects.all())
    return teams


def promise(now: datetime) -> None:
    """A first reply within an hour, round the clock."""
    targets = [
        {"metric": "first_response", "priority": each, "seconds": int(TARGET.total_seconds()), "thresholds": THRESHOLDS}
        for each in Priority.values
    ]
    create_policy(name="Chaos", targets=targets, now=now)


@dataclass(frozen=True)
class Due:
    """A ticket whose first reply is due then, from this team."""

    number: int
    at: datetime
    team: Team


def gather(teams: Sequence[Team], moments: Sequence[datetime], *, answered: bool = False) -> list[Due]:
    """A ticket for each moment, shared out among the teams; half of them urgent."""
    kinds = [(team, priority) for team in teams for priority in (Priority.NORMAL, Priority.URGENT)]
    found: list[Due] = []
    for place, (team, priority) in enumerate(kinds):
        mine = moments[place :: len(kinds)]
        if mine:
            first = open_due(team, mine[0], priority=priority, answered=answered)
            numbers = [first.pk, *copy(first, [at - mine[0] for at in mine[1:]])]
            found += [Due(number, at, team) for number, at in zip(numbers, mine, strict=True)]
    return found


def open_due(team: Team, due_at: datetime, *, priority: str = Priority.NORMAL, answered: bool = False) -> Ticket:
    """One ticket, opened as long ago as its first reply may take; answered at once, if so."""
    cora = User.objects.filter(role=Role.CUSTOMER).first()
    if cora is None:
        cora = User.objects.create_user("cora@example.com", name="Cora Menezes", role=Role.CUSTOMER)
    opened_at = due_at - TARGET
    ticket = tickets.open_ticket(
        subject="A payout is stuck",
        body="Since yesterday.",
        requester=cora,
        team=team,
        priority=priority,
        now=opened_at,
    )
    if answered:
        anna = User.objects.get(email=AGENT)
        tickets.reply(ticket=ticket, author=anna, body="Done.", now=opened_at + timedelta(minutes=1))
    return ticket


@transaction.atomic
def copy(ticket: Ticket, shifts: Sequence[timedelta]) -> list[int]:
    """One more ticket for each shift; their numbers in the same order."""
    ticket.refresh_from_db()
    copies = _copy_all(ticket, [{} for _ in shifts], shifts)
    return [made.pk for made in copies]


def _copy_all(original: Model, changes: Sequence[dict[str, Any]], shifts: Sequence[timedelta]) -> list[Model]:
    """Copies of a row, and of every row that points at it alone."""
    model = type(original)
    made = model._base_manager.bulk_create(
        [_moved(original, change, shift) for change, shift in zip(changes, shifts, strict=True)], batch_size=BATCH
    )
    for relation in model._meta.related_objects:
        link = relation.field
        if not isinstance(link, ForeignKey) or link.model is model:
            continue
        for child in link.model._base_manager.filter(**{link.name: original.pk}):
            _copy_all(child, [{link.attname: row.pk} for row in made], shifts)
    return made


def _moved(original: Model, change: dict[str, Any], shift: timedelta) -> Model:
    """Not yet stored, under a key of its own: a new one, or that of the row it belongs to, which is in the change."""
    key = original._meta.pk
    values = {}
    for field in original._meta.concrete_fields:
        value = getattr(original, field.attname)
        if field is not key:
            values[field.attname] = value + shift if value and isinstance(field, DateTimeField) else value
    return type(original)(**{**values, **change})
