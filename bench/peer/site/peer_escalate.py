"""Times the peer's own `escalate_tickets`: `python peer_escalate.py OPEN DUE…`; one line of JSON per figure.

The same people and the same kind of ticket as ours (bench/sweep/seeding). Its mails are made and go nowhere, as
ours wait in the outbox. What a query costs it here is what it costs us: the same server, the same machine.
"""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peer_settings")

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402 - models can be imported from here on
from django.core.management import call_command  # noqa: E402 - the same
from django.db import connection  # noqa: E402 - the same
from helpdesk.models import EmailTemplate, FollowUp, Queue, UserSettings  # noqa: E402 - the same

TEAMS = 8
DAYS = 1
ROWS = """
    INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, assigned_to_id, status, on_hold,
                                 description, priority, due_date, secret_key)
    SELECT 'The payouts of this week are stuck', %s + n %% 8, now() - %s * interval '1 day', now(),
           'customer' || n %% 2000 || '@example.com', %s + n %% 8, 1, false, %s, 2 + n %% 3, now(), n::text
    FROM generate_series(1, %s) AS n
"""
TEXT = "Since yesterday nothing has left. " * 8


def main(count: int, *due: int) -> None:
    call_command("migrate", verbosity=0)
    if not EmailTemplate.objects.exists():
        call_command("loaddata", "emailtemplate.json", verbosity=0)
    agents = User.objects.bulk_create([User(username=f"a{n}", email=f"agent{n}@example.com") for n in range(TEAMS)])
    # Made by a signal otherwise.
    UserSettings.objects.bulk_create([UserSettings(user=agent) for agent in agents])
    queues = [
        Queue.objects.create(
            title=f"Team {n}", slug=f"team-{n}", email_address=f"team{n}@example.com", escalate_days=DAYS
        )
        for n in range(TEAMS)
    ]
    first = (queues[0].pk, agents[0].pk)
    _add(count, 0, *first)
    _escalate("peer: none due", count, 0)
    for many in due:
        _add(many, DAYS + 1, *first)
        _escalate("peer: due at once", count, many)


def _add(count: int, age: int, queue: int, agent: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ROWS, [queue, age, agent, TEXT, count])
        cursor.execute("VACUUM ANALYZE")


def _escalate(figure: str, count: int, due: int) -> None:
    queries = 0

    def counted(execute, *given):
        nonlocal queries
        queries += 1
        return execute(*given)

    before = FollowUp.objects.count()
    began = time.perf_counter()
    with connection.execute_wrapper(counted):
        call_command("escalate_tickets")
    seconds = time.perf_counter() - began
    if FollowUp.objects.count() - before != due:
        raise SystemExit(f"{FollowUp.objects.count() - before} of {due} were escalated")
    each = {"per_second": due / seconds, "queries_each": queries / due} if due else {"queries": queries}
    print(
        json.dumps({"figure": figure, "tickets": count, "due": due, "seconds": round(seconds, 3), **each}), flush=True
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
