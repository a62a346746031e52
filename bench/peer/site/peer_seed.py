"""Fills the peer's tables with the same scenario: `python peer_seed.py COUNT NOW`."""

import os
import sys
from datetime import datetime
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer_settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - the same
from django.core.management import call_command  # noqa: E402 - the same
from django.db import connection  # noqa: E402 - the same
from helpdesk.models import FollowUp, Queue, Ticket, UserSettings  # noqa: E402 - the same

from bench.workspace.scenario import AGENTS, TEAMS, matters  # noqa: E402 - the same

STATUS = {"new": 1, "open": 1, "waiting": 1, "on_hold": 1, "solved": 3, "closed": 4}
PRIORITY = {"urgent": 1, "high": 2, "normal": 3, "low": 4}
BATCH = 5000


def main(count: int, now: datetime) -> None:
    call_command("migrate", verbosity=0)
    User.objects.create_superuser("anna", "anna@example.com", "climb-the-ladder")
    User.objects.bulk_create(
        [User(pk=10 + n, username=f"agent{n}", email=f"agent{n}@example.com", is_staff=True) for n in range(AGENTS)]
    )
    # Made by a signal otherwise; the ticket page of one without them fails.
    UserSettings.objects.bulk_create([UserSettings(user_id=10 + n) for n in range(AGENTS)])
    for n in range(TEAMS):
        Queue.objects.create(pk=n + 1, title=f"Team {n}", slug=f"team-{n}")
    tickets, followups = [], []
    for one in matters(count, now):
        tickets.append(_ticket(one))
        followups += _followups(one)
        if len(tickets) == BATCH:
            _store(tickets, followups)
    _store(tickets, followups)
    with connection.cursor() as cursor:
        for model in (Ticket, Queue, User):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")  # noqa: S608 - Django's own names
        cursor.execute("VACUUM ANALYZE")


def _ticket(one) -> Ticket:
    return Ticket(
        pk=one.number,
        title=one.subject,
        queue_id=one.team + 1,
        created=one.created_at,
        modified=one.created_at,
        submitter_email=f"customer{one.customer}@example.com",
        assigned_to_id=None if one.agent is None else 10 + one.agent,
        status=STATUS[one.status],
        on_hold=one.status == "on_hold",
        description=one.messages[0],
        priority=PRIORITY[one.priority],
        due_date=one.due_at,
        secret_key=str(one.number),
    )


def _followups(one) -> list[FollowUp]:
    return [
        FollowUp(ticket_id=one.number, date=one.created_at, title="Comment", comment=text, public=True)
        for text in one.messages[1:]
    ]


def _store(tickets, followups) -> None:
    Ticket.objects.bulk_create(tickets)
    FollowUp.objects.bulk_create(followups)
    tickets.clear()
    followups.clear()


if __name__ == "__main__":
    main(int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
