"""Our side of the scenario: people, tickets, conversations, clocks, ownership and the words to be searched."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db import connection

from bench.workspace.copying import copy, follow
from bench.workspace.scenario import AGENTS, CUSTOMERS, TEAMS, Matter, matters
from common.words import document
from people.enums import Role
from people.models import Organisation, Team, User
from sla.enums import EntryKind
from sla.models import Clock, LedgerEntry, PolicyVersion
from sla.publishing import create_policy
from tickets import indexing
from tickets.models import Event, Message, OwnerSpell, SearchDocument, Ticket

BATCH = 20_000
ORGANISATIONS = 2000
TARGET = timedelta(days=4)
FIRST_CUSTOMER = AGENTS + 10
PASSWORD = "climb-the-ladder"  # noqa: S105 - of a desk that lives for a minute


def seed(count: int, now: datetime) -> User:
    """Fill an empty PostgreSQL; returns the agent who will look at it."""
    anna, policy = _people(), _policy(now)
    stream = matters(count, now)
    messages = events = 0
    while batch := list(islice(stream, BATCH)):
        _tickets(batch, policy, now)
        messages, events = _conversations(batch, messages), _events(batch, events)
    for model in (User, Ticket, Message, Event, Clock):
        follow(model)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    _check(count)
    return anna


def _people() -> User:
    Organisation.objects.bulk_create(
        [
            Organisation(name=f"Company {n}", slug=f"company-{n}", tier=("standard", "business", "enterprise")[n % 3])
            for n in range(ORGANISATIONS)
        ]
    )
    anna = User.objects.create_user("anna@example.com", PASSWORD, name="Anna Lindqvist", role=Role.AGENT)
    mona = User.objects.create_user("mona@example.com", PASSWORD, name="Mona Farias", role=Role.MANAGER)
    agents = [User(pk=10 + n, email=f"agent{n}@example.com", name=f"Agent {n}", role=Role.AGENT) for n in range(AGENTS)]
    companies = list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    customers = [
        User(
            pk=FIRST_CUSTOMER + n,
            email=f"customer{n}@example.com",
            name=f"Customer {n}",
            organisation_id=companies[n % ORGANISATIONS],
        )
        for n in range(CUSTOMERS)
    ]
    User.objects.bulk_create([*agents, *customers], batch_size=2000)
    for n in range(TEAMS):
        team = Team.objects.create(pk=n + 1, name=f"Team {n}", slug=f"team-{n}", is_fallback=n == 0)
        team.managers.add(mona)
        team.members.add(anna if n == 0 else agents[n], *agents[n::TEAMS])
    follow(Team)
    return anna


def _policy(now: datetime) -> PolicyVersion:
    targets = [
        {"metric": "resolution", "priority": priority, "seconds": int(TARGET.total_seconds()), "thresholds": [75]}
        for priority in ("low", "normal", "high", "urgent")
    ]
    policy = create_policy(name="Bench", targets=targets, now=now)
    return PolicyVersion.objects.get(policy=policy)


def _tickets(batch: Sequence[Matter], policy: PolicyVersion, now: datetime) -> None:
    names = ["number", "subject", "status", "priority", "channel", "requester_id", "organisation_id", "team_id"]
    names += ["assignee_id", "created_at", "updated_at", "last_customer_message_at", "solved_at", "next_due_at"]
    companies = dict(
        User.objects.filter(pk__in={FIRST_CUSTOMER + one.customer for one in batch}).values_list("pk", "organisation")
    )
    copy(
        Ticket,
        names,
        (
            (
                one.number, one.subject, one.status, one.priority, "web", FIRST_CUSTOMER + one.customer,
                companies[FIRST_CUSTOMER + one.customer], one.team + 1, _owner(one), one.created_at, one.created_at,
                one.created_at, None if one.is_active else one.created_at, one.due_at,
            )
            for one in batch
        ),
    )  # fmt: skip
    _clocks([one for one in batch if one.due_at], policy, now)
    spells = [(one.number, _owner(one), one.team + 1, one.created_at) for one in batch if one.is_active]
    copy(OwnerSpell, ["ticket_id", "owner_id", "team_id", "started_at"], spells)


def _clocks(batch: Sequence[Matter], policy: PolicyVersion, now: datetime) -> None:
    """One promise for each open ticket, begun so that it falls due when the scenario says; its key is the ticket's."""
    names = ["id", "ticket_id", "metric", "state", "target_seconds", "policy_version_id", "responsible_team_id"]
    names += ["started_at", "running_since", "due_at", "used", "breached_at"]
    clocks, entries = [], []
    for one in batch:
        assert one.due_at is not None
        begun, late = one.due_at - TARGET, one.due_at <= now
        state, seconds = "breached" if late else "running", int(TARGET.total_seconds())
        clock = [one.number, one.number, "resolution", state, seconds, policy.pk, one.team + 1]
        clocks.append([*clock, begun, begun, one.due_at, timedelta(), one.due_at if late else None])
        entries.append([one.number, begun, EntryKind.STARTED.value, seconds, policy.pk])
    copy(Clock, names, clocks)
    copy(LedgerEntry, ["clock_id", "at", "kind", "target_seconds", "policy_version_id"], entries)


def _owner(one: Matter) -> int | None:
    return None if one.agent is None else 10 + one.agent


def _conversations(batch: Sequence[Matter], last: int) -> int:
    rows = list(_messages(batch, last))
    names = ["id", "ticket_id", "author_id", "is_public", "by_customer", "body", "channel", "created_at"]
    copy(Message, names, rows)
    copy(SearchDocument, ["ticket_id", "everything", "public"], map(_words, batch))
    return last + len(rows)


def _messages(batch: Sequence[Matter], last: int) -> Iterator[tuple[Any, ...]]:
    key = last
    for one in batch:
        for turn, text in enumerate(one.messages):
            key += 1
            by_customer = turn % 2 == 0
            author = FIRST_CUSTOMER + one.customer if by_customer else 10 + (one.agent or 0)
            at = one.created_at + timedelta(minutes=20 * turn)
            yield key, one.number, author, True, by_customer, text, "web", at


def _words(one: Matter) -> tuple[int, str, str]:
    name, email = f"Customer {one.customer}", f"customer{one.customer}@example.com"
    company = f"Company {one.customer % ORGANISATIONS}"
    words = document(str(one.number), one.subject, name, email, company, *one.messages)
    return one.number, words, words


def _events(batch: Sequence[Matter], last: int) -> int:
    rows = [(one.number, "ticket.opened", FIRST_CUSTOMER + one.customer, one.created_at) for one in batch]
    copy(Event, ["ticket_id", "kind", "actor_id", "at"], rows)
    return last + len(rows)


def _check(count: int) -> None:
    """What was written at once is what the desk itself would have written."""
    sample = [1, count // 2, count]
    before = list(SearchDocument.objects.filter(ticket__in=sample).order_by("ticket").values_list("everything"))
    indexing.rebuild(sample)
    after = list(SearchDocument.objects.filter(ticket__in=sample).order_by("ticket").values_list("everything"))
    if before != after or Ticket.objects.count() != count:
        raise SystemExit("bench: the seeded desk is not what the desk would have made")
